/** Runs one container of a task, whatever that means: a simulation or a real process. */
export interface TaskRuntime {
  start(task: TaskToRun): RunningTask;
}

export interface TaskToRun {
  /** Of its main container; of another one with its name. */
  readonly taskId: string;
  readonly image: string;
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly containerPort: number | undefined;
  /** 1024 are one vCPU: its share of the instance's, when they are all wanted. */
  readonly cpu?: number | undefined;
  /** MiB; the hard limit, if any. */
  readonly memory: number | undefined;
  /** Its own name inside the container: what `hostname` says there. */
  readonly hostName: string;
  readonly log: (line: string) => void;
}

export interface RunningTask {
  /** Resolves when the container has started, with the port of this computer at which it listens; rejects with the stop reason when it cannot start (no such image, …). */
  readonly started: Promise<{ readonly port: number | undefined }>;
  /** Resolves when the main process has ended. */
  readonly exited: Promise<{ readonly exitCode: number; readonly reason: string | undefined }>;
  /** What its health checks come to where no real request asks it; absent: they pass. */
  readonly failingCheck?: { readonly reason: string; readonly description: string } | undefined;
  /** Seconds of CPU that it has used so far, where something really runs. */
  cpuSeconds?(): number | undefined;
  /** SIGTERM, and SIGKILL after `seconds` of this cloud's time. */
  stop(seconds: number): void;
}
