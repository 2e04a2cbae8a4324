import type { LocalClock, Scheduled } from "../kernel/clock.js";
import { durations } from "../kernel/durations.js";
import { afterMs, cannotPull, passesHealthChecks, type ImageBehaviour } from "./image-behaviour.js";
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
  return { start: (task) => simulate(clock, task, entryForImage(images, task.image)?.entry) };
}

function simulate(clock: LocalClock, task: TaskToRun, behaviour: ImageBehaviour | undefined): RunningTask {
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  let next: Scheduled | undefined;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  const begin = () => {
    if (behaviour === undefined || "missing" in behaviour) return;
    for (const line of behaviour.log ?? []) task.log(line);
    if (!("exits" in behaviour)) return;
    const { exits, after } = behaviour;
    next = clock.schedule(afterMs(after), () => exit({ exitCode: exits, reason: undefined }));
  };
  const started = new Promise<{ port: number | undefined }>((resolve, reject) => {
    const missing = behaviour !== undefined && "missing" in behaviour;
    next = clock.schedule(durations.imagePull + (missing ? 0 : durations.containerStart), () => {
      if (missing) return reject(new Error(cannotPull(task.image)));
      resolve({ port: undefined });
      begin();
    });
  });
  return {
    started,
    exited,
    healthy: passesHealthChecks(behaviour),
    stop: () => {
      next?.cancel();
      exit({ exitCode: sigtermExit, reason: undefined });
    },
  };
}
