import type { LocalClock, Scheduled } from "../core/clock.js";
import { durations } from "../core/durations.js";
import { answerRequest } from "./image-answers.js";
import {
  afterMs,
  answersOf,
  behaviorOf,
  cannotPull,
  failingCheck,
  type ImageBehavior,
  type TaskBehavior,
} from "./image-behavior.js";
import { entryForImage } from "./image-table.js";
import type { RunningTask, TaskRuntime, TaskToRun } from "./task-runtime.js";

export interface SimulatedRuntimeOptions {
  readonly clock: LocalClock;
  /** Image -> its behavior; the longest matching name wins. */
  readonly images?: Readonly<Record<string, ImageBehavior>> | undefined;
}

const sigtermExit = 143;

/** Runs simulated tasks: they take time, and do nothing. */
export function createSimulatedRuntime({ clock, images = {} }: SimulatedRuntimeOptions): TaskRuntime {
  return {
    start: (task) => simulate(clock, task, behaviorOf(entryForImage(images, task.image)?.entry, task)),
  };
}

function simulate(clock: LocalClock, task: TaskToRun, behavior: TaskBehavior | undefined): RunningTask {
  type Exit = Awaited<RunningTask["exited"]>;
  let exit!: (how: Exit) => void;
  let next: Scheduled | undefined;
  const exited = new Promise<Exit>((resolve) => (exit = resolve));
  const begin = () => {
    if (behavior === undefined) return;
    if ("log" in behavior) for (const line of behavior.log ?? []) task.log(line);
    if ("writes" in behavior) write(behavior, 1);
    if (!("exits" in behavior)) return;
    const { exits, after, reason } = behavior;
    next = clock.schedule(afterMs(after), () => exit({ exitCode: exits, reason }));
  };
  const write = (behavior: { readonly writes: readonly string[]; readonly every: string }, round: number) => {
    for (const line of behavior.writes) task.log(`${line} ${round}`);
    next = clock.schedule(afterMs(behavior.every), () => write(behavior, round + 1), "background");
  };
  const started = new Promise<{ port: number | undefined }>((resolve, reject) => {
    const missing = behavior !== undefined && "missing" in behavior;
    next = clock.schedule(durations.imagePull + (missing ? 0 : durations.containerStart), () => {
      if (missing) return reject(new Error(cannotPull(task.image)));
      if (behavior !== undefined && "cannotStart" in behavior) return reject(new Error(behavior.cannotStart));
      resolve({ port: undefined });
      begin();
    });
  });
  const answers = answersOf(behavior);
  return {
    started,
    exited,
    ...(answers !== undefined && {
      answer: (request: Request) => answerRequest(answers, request, task),
      mayAnswerOtherwise: typeof answers === "function",
    }),
    failingCheck: failingCheck(behavior),
    stop: () => {
      next?.cancel();
      exit({ exitCode: sigtermExit, reason: undefined });
    },
  };
}
