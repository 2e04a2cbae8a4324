import type { ContainerAnswer } from "./image-answers.js";

/** Runs one container of a task: a simulation or a real process. */
export interface TaskRuntime {
  start(task: TaskToRun): RunningTask;
}

export interface TaskToRun {
  /** For the main container, the task's id; for any other one, with the container's name. */
  readonly taskId: string;
  readonly image: string;
  /** The platform of the host. */
  readonly platform: "linux/amd64" | "linux/arm64";
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** The environment in a container engine, from where this computer has another address. @defaultValue `environment` */
  readonly engineEnvironment?: Readonly<Record<string, string>>;
  readonly containerPort: number | undefined;
  /** The names of Service Connect that it knows, and where they lead on this computer: `orders:8080` -> 43123. @defaultValue none */
  readonly names?: ReadonlyMap<string, number> | undefined;
  /** The file that says where private DNS names lead at the moment. @defaultValue none */
  readonly namesFile?: string | undefined;
  /** All ports that it listens at, the first of which is `containerPort`. @defaultValue `containerPort` */
  readonly ports?: readonly ContainerPort[];
  /** The directories of this computer that it sees. @defaultValue none */
  readonly mounts?: readonly Mount[];
  /** @defaultValue the image's */
  readonly workingDirectory?: string | undefined;
  /** @defaultValue this computer's */
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  /** Other settings, which only a container engine has. @defaultValue none */
  readonly settings?: ContainerSettings;
  /** CPU units (1024 are one vCPU): the container's share when the instance is fully used. */
  readonly cpu?: number | undefined;
  /** The hard memory limit in MiB, if any. */
  readonly memory: number | undefined;
  /** The host name inside the container. */
  readonly hostName: string;
  readonly log: (line: string) => void;
}

export interface ContainerPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

export interface Mount {
  /** The directory of this computer. */
  readonly directory: string;
  /** The path in the container. */
  readonly path: string;
  readonly readOnly: boolean;
}

export interface ContainerSettings {
  readonly user?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly privileged?: boolean | undefined;
  readonly init?: boolean | undefined;
  readonly tty?: boolean | undefined;
  readonly interactive?: boolean | undefined;
  readonly addCapabilities?: readonly string[] | undefined;
  readonly dropCapabilities?: readonly string[] | undefined;
  /** MiB. */
  readonly sharedMemory?: number | undefined;
  /** The MiB by path. */
  readonly tmpfs?: readonly {
    readonly path: string;
    readonly size: number;
    readonly options: readonly string[];
  }[];
  readonly extraHosts?: readonly { readonly host: string; readonly address: string }[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RunningTask {
  /**
   * Resolves when the container has started, with the port of this computer at which it listens; rejects with
   * the stop reason if it cannot start.
   */
  readonly started: Promise<{
    readonly port: number | undefined;
    /** The ports of this computer by those of the container. @defaultValue `port` alone */
    readonly ports?: ReadonlyMap<number, number>;
  }>;
  /** Resolves when the main process has ended. */
  readonly exited: Promise<{ readonly exitCode: number; readonly reason: string | undefined }>;
  /** The result of its health checks where no real request is sent; absent if they pass. */
  readonly failingCheck?: { readonly reason: string; readonly description: string } | undefined;
  /**
   * Runs the command of its health check in it, with `seconds` of real time, and resolves with true if it succeeds;
   * absent if nothing can be run in it, which counts as success.
   */
  check?(command: readonly string[], seconds: number): Promise<boolean>;
  /** Answers a request, where no process runs; absent if the image's behavior does not say what it answers. */
  answer?(request: Request): Promise<ContainerAnswer>;
  /** True if the same request may be answered differently later. @defaultValue `false` */
  readonly mayAnswerOtherwise?: boolean;
  /** Seconds of CPU that it has used so far, where a process really runs. */
  cpuSeconds?(): number | undefined;
  /** Sends SIGTERM, and SIGKILL after `seconds` of this cloud's time. */
  stop(seconds: number): void;
}

/** Resolves when a task has ended, or could not start: such a task never exits. */
export const untilEnded = ({ started, exited }: RunningTask): Promise<unknown> =>
  Promise.race([exited, new Promise<void>((resolve) => void started.catch(() => resolve()))]);
