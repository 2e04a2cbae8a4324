import { docker, type DockerResult } from "../../docker/docker-command.js";
import { namedValues } from "../../docker/named-values.js";
import { onProcessEnd, runSync } from "../../process/children.js";
import type { LocalClock } from "../core/clock.js";
import type { RunningTask, TaskRuntime, TaskToRun } from "./task-runtime.js";

export interface DockerRuntimeOptions {
  readonly clock: LocalClock;
  /** The engine's name of a task's image; `undefined` if `otherwise` runs the task. */
  readonly imageOf: (image: string) => string | undefined;
  readonly otherwise: TaskRuntime;
}

/** Runs tasks as containers of this computer's Docker, with their limits, on a loopback port. */
export function createDockerRuntime({ clock, imageOf, otherwise }: DockerRuntimeOptions): TaskRuntime {
  return {
    start(task) {
      const image = imageOf(task.image);
      return image === undefined ? otherwise.start(task) : startContainer(clock, task, image);
    },
  };
}

/** Stopping a container must not be aborted. */
const never = new AbortController().signal;
const run = (
  args: readonly string[],
  more: Partial<Parameters<typeof docker>[1]> = {},
): Promise<DockerResult> => docker(args, { signal: never, ...more });

function startContainer(clock: LocalClock, task: TaskToRun, image: string): RunningTask {
  const name = `quayside-${task.taskId}`;
  const forget = onProcessEnd(() => runSync("docker", ["rm", "--force", name]));
  let stopped = false;
  let exit!: Awaited<RunningTask["exited"]> extends infer Exit ? (how: Exit) => void : never;
  const exited = new Promise<Awaited<RunningTask["exited"]>>((resolve) => (exit = resolve));

  const remove = async (): Promise<void> => {
    await run(["rm", "--force", name]);
    forget();
  };
  const started = run(...runArguments(task, name, image)).then(async ({ code, lines }) => {
    if (code !== 0) {
      await remove();
      throw new Error(cannotStart(lines));
    }
    void watch(name, task).then(async (how) => {
      await remove();
      exit(how);
    });
    if (stopped) stop(0);
    return { port: await publishedPort(name, task.containerPort) };
  });
  const stop = (seconds: number): void => {
    void run(["kill", "--signal", "SIGTERM", name]);
    const kill = clock.schedule(seconds * 1000, () => void run(["kill", name]));
    void exited.then(() => kill.cancel());
  };
  return {
    started,
    exited,
    stop: (seconds) => {
      if (stopped) return;
      stopped = true;
      void started.then(
        () => stop(seconds),
        () => exit({ exitCode: 143, reason: undefined }),
      );
    },
  };
}

function runArguments(
  task: TaskToRun,
  name: string,
  image: string,
): [readonly string[], { readonly env: Record<string, string> }] {
  const { args, env } = namedValues("--env", task.environment);
  const [entryPoint, ...more] = task.entryPoint ?? [];
  return [
    [
      ...["run", "--detach", "--name", name, "--hostname", task.hostName],
      ...(task.memory === undefined
        ? []
        : ["--memory", `${task.memory}m`, "--memory-swap", `${task.memory}m`]),
      ...(task.cpu === undefined || task.cpu < 2 ? [] : ["--cpu-shares", String(task.cpu)]),
      ...(task.containerPort === undefined ? [] : ["--publish", `127.0.0.1::${task.containerPort}`]),
      ...args,
      ...(entryPoint === undefined ? [] : ["--entrypoint", entryPoint]),
      image,
      ...more,
      ...(task.command ?? []),
    ],
    { env },
  ];
}

async function publishedPort(name: string, port: number | undefined): Promise<number | undefined> {
  if (port === undefined) return undefined;
  const { stdout } = await run(["port", name, `${port}/tcp`]);
  const found = /:(\d+)\s*$/m.exec(stdout)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Forwards the output as it arrives; resolves with how the container ended. */
async function watch(name: string, { log }: TaskToRun): Promise<Awaited<RunningTask["exited"]>> {
  const [ended] = await Promise.all([run(["wait", name]), run(["logs", "--follow", name], { onLine: log })]);
  const { stdout } = await run(["inspect", "--format", "{{.State.OOMKilled}}", name]);
  const outOfMemory = stdout.trim() === "true";
  return {
    exitCode: Number(ended.stdout.trim()) || 0,
    // As ECS words it.
    reason: outOfMemory ? "OutOfMemoryError: Container killed due to memory usage" : undefined,
  };
}

function cannotStart(lines: readonly string[]): string {
  const message = lines.findLast((line) => line.includes("Error")) ?? lines.at(-1) ?? "";
  const pulls = /pull access denied|manifest.*not found|not found: manifest|No such image/i.test(message);
  return `${pulls ? "CannotPullContainerError" : "CannotStartContainerError"}: ${message}`;
}
