import { setTimeout as pause } from "node:timers/promises";
import { docker, type DockerResult } from "../../docker/docker-command.js";
import { HOST_OF_CONTAINERS } from "../services/ecs/tasks/host-variables.js";
import { connectVariables } from "./connect-names.js";
import { namedValues } from "../../docker/named-values.js";
import { onProcessEnd, runSync } from "../../process/children.js";
import type { LocalClock } from "../core/clock.js";
import type {
  ContainerPort,
  ContainerSettings,
  RunningTask,
  TaskRuntime,
  TaskToRun,
} from "./task-runtime.js";

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

/** The exit code of a process that was killed: 128 and SIGKILL. */
const KILLED = 137;

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
    const ports = new Map<number, number>();
    for (const { port, protocol } of portsOf(task)) {
      const published = await publishedPort(name, port, protocol);
      if (published !== undefined) ports.set(port, published);
    }
    return { port: task.containerPort === undefined ? undefined : ports.get(task.containerPort), ports };
  });
  const stop = (seconds: number): void => {
    void run(["kill", "--signal", "SIGTERM", name]);
    const kill = clock.schedule(seconds * 1000, () => void run(["kill", name]));
    void exited.then(() => kill.cancel());
  };
  return {
    started,
    exited,
    check: (command, seconds) => succeeds(["exec", name, ...inContainer(command)], seconds),
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
  const { args, env } = namedValues("--env", {
    ...connectVariables(task.names, HOST_OF_CONTAINERS),
    ...(task.engineEnvironment ?? task.environment),
  });
  const [entryPoint, ...more] = task.entryPoint ?? [];
  return [
    [
      ...["run", "--detach", "--name", name, "--hostname", task.hostName],
      ...(task.memory === undefined
        ? []
        : ["--memory", `${task.memory}m`, "--memory-swap", `${task.memory}m`]),
      ...(task.cpu === undefined || task.cpu < 2 ? [] : ["--cpu-shares", String(task.cpu)]),
      ...portsOf(task).flatMap(({ port, protocol }) => ["--publish", `127.0.0.1::${port}/${protocol}`]),
      ...(task.mounts ?? []).flatMap(({ directory, path, readOnly }) => [
        "--volume",
        `${directory}:${path}${readOnly ? ":ro" : ""}`,
      ]),
      ...(task.workingDirectory === undefined ? [] : ["--workdir", task.workingDirectory]),
      ...(task.ulimits ?? []).flatMap(({ name: limit, soft, hard }) => [
        "--ulimit",
        `${limit}=${soft}:${hard}`,
      ]),
      ...hostsOf(task).flatMap((host) => ["--add-host", `${host}:host-gateway`]),
      // Docker Desktop knows the name by itself, Docker on Linux does not.
      ...(task.engineEnvironment === undefined && task.names === undefined
        ? []
        : ["--add-host", `${HOST_OF_CONTAINERS}:host-gateway`]),
      ...settingArguments(task.settings ?? {}),
      ...args,
      ...(entryPoint === undefined ? [] : ["--entrypoint", entryPoint]),
      image,
      ...more,
      ...(task.command ?? []),
    ],
    { env },
  ];
}

/** The words of a health check's command, as Docker runs them. */
const inContainer = ([how, ...words]: readonly string[]): readonly string[] =>
  how === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : how === "CMD" ? words : [how ?? "", ...words];

/** True if the command ends with the code 0 within so many seconds. */
const succeeds = (args: readonly string[], seconds: number): Promise<boolean> =>
  run(args, { signal: AbortSignal.timeout(Math.ceil(seconds * 1000)) }).then(
    ({ code }) => code === 0,
    () => false,
  );

/** The names of Service Connect lead to this computer, where its proxies listen. */
const hostsOf = ({ names }: TaskToRun): readonly string[] => [
  ...new Set([...(names?.keys() ?? [])].map((name) => name.replace(/:\d+$/, ""))),
];

const portsOf = ({ ports, containerPort }: TaskToRun): readonly ContainerPort[] =>
  ports ?? (containerPort === undefined ? [] : [{ port: containerPort, protocol: "tcp" }]);

function settingArguments(settings: ContainerSettings): readonly string[] {
  const flag = (name: string, isSet: boolean | undefined) => (isSet === true ? [name] : []);
  const each = <T>(name: string, list: readonly T[] | undefined, text: (item: T) => string) =>
    (list ?? []).flatMap((item) => [name, text(item)]);
  return [
    ...(settings.user === undefined ? [] : ["--user", settings.user]),
    ...flag("--read-only", settings.readOnly),
    ...flag("--privileged", settings.privileged),
    ...flag("--init", settings.init),
    ...flag("--tty", settings.tty),
    ...flag("--interactive", settings.interactive),
    ...each("--cap-add", settings.addCapabilities, (name) => name),
    ...each("--cap-drop", settings.dropCapabilities, (name) => name),
    ...(settings.sharedMemory === undefined ? [] : ["--shm-size", `${settings.sharedMemory}m`]),
    ...each(
      "--tmpfs",
      settings.tmpfs,
      ({ path, size, options }) => `${path}:${[`size=${size}m`, ...options].join(",")}`,
    ),
    ...each("--add-host", settings.extraHosts, ({ host, address }) => `${host}:${address}`),
    ...each("--sysctl", Object.entries(settings.sysctls ?? {}), ([name, value]) => `${name}=${value}`),
    ...each("--label", Object.entries(settings.labels ?? {}), ([name, value]) => `${name}=${value}`),
  ];
}

async function publishedPort(
  name: string,
  port: number,
  protocol: "tcp" | "udp",
): Promise<number | undefined> {
  const { stdout } = await run(["port", name, `${port}/${protocol}`]);
  const found = /:(\d+)\s*$/m.exec(stdout)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Forwards the output as it arrives; resolves with how the container ended. */
async function watch(name: string, { log }: TaskToRun): Promise<Awaited<RunningTask["exited"]>> {
  const [ended] = await Promise.all([run(["wait", name]), run(["logs", "--follow", name], { onLine: log })]);
  const exitCode = Number(ended.stdout.trim()) || 0;
  const outOfMemory = await wasOutOfMemory(name, exitCode);
  return {
    exitCode,
    // As ECS words it.
    reason: outOfMemory ? "OutOfMemoryError: Container killed due to memory usage" : undefined,
  };
}

/** Docker may hear of it later than of the end: a container that was killed is looked at for a second. */
async function wasOutOfMemory(name: string, exitCode: number): Promise<boolean> {
  for (const wait of exitCode === KILLED ? [100, 300, 600, 0] : [0]) {
    const { stdout } = await run(["inspect", "--format", "{{.State.OOMKilled}}", name]);
    if (stdout.trim() === "true") return true;
    await pause(wait);
  }
  return false;
}

function cannotStart(lines: readonly string[]): string {
  const message = lines.findLast((line) => line.includes("Error")) ?? lines.at(-1) ?? "";
  const pulls = /pull access denied|manifest.*not found|not found: manifest|No such image/i.test(message);
  return `${pulls ? "CannotPullContainerError" : "CannotStartContainerError"}: ${message}`;
}
