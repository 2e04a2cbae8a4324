import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { trackChild, killGroup } from "../../process/children.js";
import { toPath } from "../../spec/parsing/to-path.js";
import type { LocalClock } from "../core/clock.js";
import { cpuSecondsOf } from "./cpu-seconds.js";
import { connectVariables, nodeVariables } from "./connect-names.js";
import { freePort } from "./free-port.js";
import { inMounts, limited, workingDirectory } from "./container-view.js";
import { behaviorOf, type ImageBehavior } from "./image-behavior.js";
import { entryForImage } from "./image-table.js";
import { startStubServer } from "./stub-server.js";
import type { RunningTask, TaskRuntime, TaskToRun } from "./task-runtime.js";

/**
 * The process that runs for an image. It finds its port in `PORT`, that for each port of the container in
 * `PORT_{port}`, and its host name in `HOSTNAME`. It has no file system of its own: the paths of its mounts are
 * replaced in its command and its environment.
 */
export interface ProcessToRun {
  /** The words that precede a command from the task definition. @defaultValue none */
  readonly entryPoint?: readonly string[] | undefined;
  readonly command: readonly string[];
  /** A path or a `file:` URL. @defaultValue the current directory */
  readonly cwd?: string | URL | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface ProcessRuntimeOptions {
  readonly clock: LocalClock;
  /** Image -> its process; the longest matching name wins. */
  readonly run?: Readonly<Record<string, ProcessToRun>> | undefined;
  /** The process of an image that was built here. */
  readonly built?: ((image: string) => ProcessToRun | undefined) | undefined;
  /** The behavior of images that `run` does not cover. */
  readonly images?: Readonly<Record<string, ImageBehavior>> | undefined;
}

/**
 * Variables that every container has, too. The rest of this process's environment is not inherited: it may
 * contain credentials.
 */
const inherited = [
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "TZ",
  "SystemRoot",
  "ComSpec",
  "PATHEXT",
  "TEMP",
  "USERPROFILE",
];

/** Runs tasks as real processes of this computer. */
export function createProcessRuntime({
  clock,
  run = {},
  built,
  images = {},
}: ProcessRuntimeOptions): TaskRuntime {
  return {
    start(task) {
      const process_ = entryForImage(run, task.image)?.entry ?? built?.(task.image);
      if (process_ !== undefined) return startProcess(clock, task, process_);
      return startStubServer(clock, task, behaviorOf(entryForImage(images, task.image)?.entry, task));
    },
  };
}

function startProcess(clock: LocalClock, task: TaskToRun, process_: ProcessToRun): RunningTask {
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  let pid: number | undefined;
  let stop: ((seconds: number) => void) | undefined;
  let stopped = false;

  const start = async (): Promise<{ port: number; ports: ReadonlyMap<number, number> }> => {
    const port = await freePort();
    const ports = await portsOf(task, port);
    if (stopped) return { port, ports };
    const mounted = (text: string): string => inMounts(text, task.mounts ?? []);
    const [program = "", ...words] = commandLine(task, process_).map(mounted);
    const [file, args] = limited(program === "node" ? process.execPath : program, words, task.ulimits ?? []);
    const child = spawn(file, args, {
      cwd: workingDirectory(task, toPath(process_.cwd) as string | undefined),
      env: mapValues(environment(task, process_, port, ports), mounted),
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, like a container's: it ends together with every process that the command
      // starts.
      detached: process.platform !== "win32",
    });
    trackChild(child);
    pid = child.pid;
    const lines = [child.stdout, child.stderr].map((stream) => forwardLines(stream, task.log));
    child.once("exit", (code, signal) => {
      killGroup(child, "SIGKILL");
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      void Promise.all(lines).then(() => exit({ exitCode, reason: undefined }));
    });
    stop = (seconds) => {
      killGroup(child, "SIGTERM");
      const kill = clock.schedule(seconds * 1000, () => killGroup(child, "SIGKILL"));
      child.once("exit", () => kill.cancel());
    };
    return new Promise((resolve, reject) => {
      child.once("spawn", () => resolve({ port, ports }));
      child.once("error", (error: NodeJS.ErrnoException) => reject(cannotStart(program, process_, error)));
    });
  };

  return {
    started: start(),
    exited,
    cpuSeconds: () => (pid === undefined ? undefined : cpuSecondsOf(pid)),
    stop: (seconds) => {
      stopped = true;
      if (stop === undefined) exit({ exitCode: 143, reason: undefined });
      else stop(seconds);
    },
  };
}

/**
 * The command line as Docker composes it: a different entry point also drops the image's own command. Empty lists
 * are as good as none.
 */
function commandLine(task: TaskToRun, { entryPoint = [], command }: ProcessToRun): readonly string[] {
  const own = task.command?.length ? task.command : undefined;
  if (task.entryPoint?.length) return [...task.entryPoint, ...(own ?? [])];
  return [...entryPoint, ...(own ?? command)];
}

/** A port of this computer for each of the container's; the first is `PORT`. */
async function portsOf(task: TaskToRun, first: number): Promise<ReadonlyMap<number, number>> {
  const ports = new Map<number, number>();
  for (const { port } of task.ports ?? [])
    ports.set(port, port === task.containerPort ? first : await freePort());
  return ports;
}

const mapValues = (
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

function environment(
  task: TaskToRun,
  { env }: ProcessToRun,
  port: number,
  ports: ReadonlyMap<number, number>,
): Record<string, string> {
  const own = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const given = { ...env, ...task.environment };
  return {
    ...Object.fromEntries(own),
    ...connectVariables(task.names, "127.0.0.1"),
    ...given,
    ...nodeVariables(task.names, given["NODE_OPTIONS"], task.namesFile),
    HOSTNAME: task.hostName,
    ...Object.fromEntries([...ports].map(([one, real]) => [`PORT_${one}`, String(real)])),
    PORT: String(port),
  };
}

/** Resolves when the stream has ended and its last line is forwarded. */
const forwardLines = (stream: Readable, log: (line: string) => void): Promise<void> =>
  new Promise((resolve) => {
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", log).once("close", resolve);
  });

/** As Docker words it, with the directory: a wrong `cwd` is ENOENT, too. */
const cannotStart = (program: string, { cwd }: ProcessToRun, error: NodeJS.ErrnoException): Error =>
  new Error(
    `CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "${program}": ` +
      `${error.code ?? error.message}${cwd === undefined ? "" : ` (in ${toPath(cwd) as string})`}`,
    { cause: error },
  );
