import type { ImageAnswers } from "./image-answers.js";

/** The behavior of a simulated image. By default it keeps running and passes every health check. */
export type ImageBehavior =
  | { /** The image cannot be pulled. */ readonly missing: true }
  | {
      /** The container cannot be started, for this reason: `CannotStartContainerError: …` */ readonly cannotStart: string;
    }
  | {
      /**
       * The main process exits with this code. If it exits within its first minute, it passes no health check.
       */
      readonly exits: number;
      /** How long after its start the process exits: `"5s"`. @defaultValue immediately */
      readonly after?: string;
      /** The lines that it writes before it exits. */
      readonly log?: readonly string[];
      /** What it answers until then. */
      readonly answers?: ImageAnswers;
    }
  | {
      /** The container keeps running, and fails every health check. */
      readonly unhealthy: true;
      /**
       * The status of its answers; `"refused"`: nothing listens on its port; `"silence"`: no answer arrives.
       * @defaultValue 500
       */
      readonly answers?: number | "refused" | "silence";
      readonly log?: readonly string[];
    }
  | {
      /** MiB: with a lower limit, the container is killed right after its start. */
      readonly needsMemory: number;
      readonly log?: readonly string[];
      /** What it answers with enough memory. */
      readonly answers?: ImageAnswers;
    }
  | {
      /** The container keeps running, and writes these lines repeatedly, numbered. */
      readonly writes: readonly string[];
      /** The interval at which all of the lines are written: `"2s"`. */
      readonly every: string;
      readonly answers?: ImageAnswers;
    }
  | {
      /**
       * The container keeps running, and answers requests and health checks: `200`,
       * `{ "/health": 200, "/talk*": { body: "hello" } }`, or a function of the request.
       */
      readonly answers: ImageAnswers;
      readonly log?: readonly string[];
    }
  | {
      /** Behaviors by command: the words of the command, joined by spaces. */
      readonly byCommand: Readonly<Record<string, ImageBehavior>>;
      /** The behavior with any other command. */
      readonly otherwise?: ImageBehavior;
    };

/** The behavior of one task, with every condition resolved. */
export type TaskBehavior = Exclude<
  ImageBehavior,
  { readonly byCommand: unknown } | { readonly needsMemory: number }
> & {
  /** Why the process ended, if ECS reports a reason. */
  readonly reason?: string;
};

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `"5s"` in milliseconds. */
export function afterMs(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null)
    throw new RangeError(`"${text}" is not a valid duration: use a form such as "500ms", "5s", "2m" or "1h"`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** The behavior of an image with this command and this memory. */
export function behaviorOf(
  behavior: ImageBehavior | undefined,
  task: { readonly command: readonly string[] | undefined; readonly memory: number | undefined },
): TaskBehavior | undefined {
  if (behavior === undefined) return undefined;
  if ("byCommand" in behavior) {
    const known = behavior.byCommand[task.command?.join(" ") ?? ""];
    return behaviorOf(known ?? behavior.otherwise, task);
  }
  if (!("needsMemory" in behavior)) return behavior;
  const { log, answers } = behavior;
  if (task.memory === undefined || task.memory >= behavior.needsMemory)
    return answers === undefined ? undefined : { answers };
  return {
    exits: 137,
    reason: "OutOfMemoryError: Container killed due to memory usage",
    ...(log !== undefined && { log }),
  };
}

/** The result of a failed load balancer health check, as ELB words it; `undefined` if the check passes. */
export function failingCheck(
  behavior: TaskBehavior | undefined,
): { readonly reason: string; readonly description: string; readonly status: number } | undefined {
  if (behavior === undefined) return undefined;
  // A process that ends early was never ready: it fails its health checks, however soon they run.
  const endsEarly = "exits" in behavior && afterMs(behavior.after) < units.m;
  if (!("unhealthy" in behavior) && !endsEarly) return undefined;
  const answers = "unhealthy" in behavior ? (behavior.answers ?? 500) : 500;
  if (answers === "refused")
    return { reason: "Target.FailedHealthChecks", description: "Health checks failed", status: 0 };
  if (answers === "silence") return { reason: "Target.Timeout", description: "Request timed out", status: 0 };
  return {
    reason: "Target.ResponseCodeMismatch",
    description: `Health checks failed with these codes: [${answers}]`,
    status: answers,
  };
}

/** What a task answers to requests; `undefined` if its behavior does not say it. */
export function answersOf(behavior: TaskBehavior | undefined): ImageAnswers | undefined {
  if (behavior === undefined) return undefined;
  if ("unhealthy" in behavior) return behavior.answers ?? 500;
  return "answers" in behavior ? behavior.answers : undefined;
}

/** The stop reason that Amazon ECS reports if the image does not exist. */
export const cannotPull = (image: string): string =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
