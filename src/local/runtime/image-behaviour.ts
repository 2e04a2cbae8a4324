/** How a simulated image behaves. The default: it runs for ever, and passes every health check. */
export type ImageBehaviour =
  | { /** It cannot be pulled. */ readonly missing: true }
  | {
      /** Its main process ends with this exit code; within its first minute it passes no health check … */
      readonly exits: number;
      /** … this long after it has started: `"5s"`. @defaultValue at once */
      readonly after?: string;
      /** … having written these lines. */
      readonly log?: readonly string[];
    }
  | {
      /** It runs, and fails every health check. */ readonly unhealthy: true;
      readonly log?: readonly string[];
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

/** One that ends early was never ready: it counts as failing its health checks, however soon they come. */
export function passesHealthChecks(behaviour: ImageBehaviour | undefined): boolean {
  if (behaviour === undefined || "missing" in behaviour) return true;
  return "exits" in behaviour ? afterMs(behaviour.after) >= units.m : false;
}

/** The stop reason that Amazon ECS gives when there is no such image. */
export const cannotPull = (image: string): string =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
