import type { LocalClock, Scheduled } from "../core/clock.js";
import { durations } from "../core/durations.js";
import {
  afterMs,
  behaviourOf,
  cannotPull,
  failingCheck,
  type ImageBehaviour,
  type TaskBehaviour,
} from "./image-behaviour.js";
import { entryForImage } from "./image-table.js";
import type { RunningTask, TaskRuntime, TaskToRun } from "./task-runtime.js";

export interface SimulatedRuntimeOptions {
  readonly clock: LocalClock;
  /** Image -> how it behaves; the fuller name wins. */
  readonly images?: Readonly<Record<string, ImageBehaviour>> | undefined;
}

const sigtermExit = 143;

/** Tasks that take their time and do nothing. */
export function createSimulatedRuntime({ clock, images = {} }: SimulatedRuntimeOptions): TaskRuntime {
  return {
    start: (task) => simulate(clock, task, behaviourOf(entryForImage(images, task.image)?.entry, task)),
  };
}

function simulate(clock: LocalClock, task: TaskToRun, behaviour: TaskBehaviour | undefined): RunningTask {
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  let next: Scheduled | undefined;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  const begin = () => {
    if (behaviour === undefined) return;
    if ("log" in behaviour) for (const line of behaviour.log ?? []) task.log(line);
    if ("writes" in behaviour) write(behaviour, 1);
    if (!("exits" in behaviour)) return;
    const { exits, after, reason } = behaviour;
    next = clock.schedule(afterMs(after), () => exit({ exitCode: exits, reason }));
  };
  const write = (chatty: { readonly writes: readonly string[]; readonly every: string }, round: number) => {
    for (const line of chatty.writes) task.log(`${line} ${round}`);
    next = clock.schedule(afterMs(chatty.every), () => write(chatty, round + 1), "background");
  };
  const started = new Promise<{ port: number | undefined }>((resolve, reject) => {
    const missing = behaviour !== undefined && "missing" in behaviour;
    next = clock.schedule(durations.imagePull + (missing ? 0 : durations.containerStart), () => {
      if (missing) return reject(new Error(cannotPull(task.image)));
      if (behaviour !== undefined && "cannotStart" in behaviour)
        return reject(new Error(behaviour.cannotStart));
      resolve({ port: undefined });
      begin();
    });
  });
  return {
    started,
    exited,
    failingCheck: failingCheck(behaviour),
    stop: () => {
      next?.cancel();
      exit({ exitCode: sigtermExit, reason: undefined });
    },
  };
}
