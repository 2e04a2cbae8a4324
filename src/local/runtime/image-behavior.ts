/** How a simulated image behaves. The default: it runs for ever, and passes every health check. */
export type ImageBehavior =
  | { /** It cannot be pulled. */ readonly missing: true }
  | {
      /** It is pulled and cannot be started, for this reason: `CannotStartContainerError: …` */ readonly cannotStart: string;
    }
  | {
      /** Its main process ends with this exit code; within its first minute it passes no health check … */
      readonly exits: number;
      /** … this long after it has started: `"5s"`. @defaultValue at once */
      readonly after?: string;
      /** … having written these lines. */
      readonly log?: readonly string[];
    }
  | {
      /** It runs, and fails every health check … */
      readonly unhealthy: true;
      /** … with this status; `"refused"`: nothing listens on its port; `"silence"`: no answer comes. @defaultValue 500 */
      readonly answers?: number | "refused" | "silence";
      readonly log?: readonly string[];
    }
  | {
      /** MiB: with a lower limit it is killed as soon as it has started. */
      readonly needsMemory: number;
      readonly log?: readonly string[];
    }
  | {
      /** It runs, and writes these lines again and again, numbered … */
      readonly writes: readonly string[];
      /** … all of them, so often: `"2s"`. */
      readonly every: string;
    }
  | {
      /** It behaves by the words of its command, joined by spaces … */
      readonly byCommand: Readonly<Record<string, ImageBehavior>>;
      /** … and like this with any other. */
      readonly otherwise?: ImageBehavior;
    };

/** What one task does: a behavior that leaves nothing open. */
export type TaskBehavior = Exclude<
  ImageBehavior,
  { readonly byCommand: unknown } | { readonly needsMemory: number }
> & {
  /** Why its process ended, if ECS says so. */
  readonly reason?: string;
};

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `"5s"` in milliseconds. */
export function afterMs(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (match === null)
    throw new RangeError(`"${text}" is not a duration: write it as "500ms", "5s", "2m" or "1h"`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** What an image does with this command and this memory. */
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
  if (task.memory === undefined || task.memory >= behavior.needsMemory) return undefined;
  const { log } = behavior;
  return {
    exits: 137,
    reason: "OutOfMemoryError: Container killed due to memory usage",
    ...(log !== undefined && { log }),
  };
}

/** What a load balancer's check comes to, as ELB words it; `undefined` when it passes. */
export function failingCheck(
  behavior: TaskBehavior | undefined,
): { readonly reason: string; readonly description: string; readonly status: number } | undefined {
  if (behavior === undefined) return undefined;
  // One that ends early was never ready: it counts as failing its health checks, however soon they come.
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

/** The stop reason that Amazon ECS gives when there is no such image. */
export const cannotPull = (image: string): string =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
