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
  readonly containerPort: number | undefined;
  /** CPU units (1024 are one vCPU): the container's share when the instance is fully used. */
  readonly cpu?: number | undefined;
  /** The hard memory limit in MiB, if any. */
  readonly memory: number | undefined;
  /** The host name inside the container. */
  readonly hostName: string;
  readonly log: (line: string) => void;
}

export interface RunningTask {
  /**
   * Resolves when the container has started, with the port of this computer at which it listens; rejects with
   * the stop reason if it cannot start.
   */
  readonly started: Promise<{ readonly port: number | undefined }>;
  /** Resolves when the main process has ended. */
  readonly exited: Promise<{ readonly exitCode: number; readonly reason: string | undefined }>;
  /** The result of its health checks where no real request is sent; absent if they pass. */
  readonly failingCheck?: { readonly reason: string; readonly description: string } | undefined;
  /** Seconds of CPU that it has used so far, where a process really runs. */
  cpuSeconds?(): number | undefined;
  /** Sends SIGTERM, and SIGKILL after `seconds` of this cloud's time. */
  stop(seconds: number): void;
}

/** Resolves when a task has ended, or could not start: such a task never exits. */
export const untilEnded = ({ started, exited }: RunningTask): Promise<unknown> =>
  Promise.race([exited, new Promise<void>((resolve) => void started.catch(() => resolve()))]);
