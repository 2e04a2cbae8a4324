import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

/** How ECS restarts a container that exits. Source: Amazon ECS API reference, ContainerRestartPolicy. */
export interface RestartOptions {
  /** False to switch it off, and keep the other options. @defaultValue `true` */
  readonly enabled?: boolean | undefined;
  /** The exit codes after which the container is not restarted, at most 50. @defaultValue none */
  readonly ignoredExitCodes?: readonly number[] | undefined;
  /** The time that the container must have run before it is restarted, 1 to 30 min. @defaultValue `"5m"` */
  readonly attemptPeriod?: string | undefined;
}

export interface RestartSpec {
  readonly enabled: boolean;
  readonly ignoredExitCodes: readonly number[];
  /** Seconds; `undefined`: ECS's default. */
  readonly attemptPeriod: number | undefined;
}

const MAX_CODES = 50;

export function parseRestart(given: unknown, path: string, issues: Issues): RestartSpec | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "boolean")
    return given ? { enabled: true, ignoredExitCodes: [], attemptPeriod: undefined } : undefined;
  if (!isPlainObject(given)) {
    issues.add(path, `must be true, false or { ignoredExitCodes, attemptPeriod }; got ${formatValue(given)}`);
    return undefined;
  }
  const options = new OptionsReader<RestartOptions>(given, path, issues);
  const codes = options.raw("ignoredExitCodes") ?? [];
  const isList =
    Array.isArray(codes) && codes.length <= MAX_CODES && codes.every((each) => Number.isInteger(each));
  if (!isList)
    options.issue(
      "ignoredExitCodes",
      `must be an array of at most ${MAX_CODES} exit codes; got ${formatValue(codes)}`,
    );
  const enabled = options.boolean("enabled") ?? true;
  const attemptPeriod = options.duration("attemptPeriod", { min: 60, max: 1_800 });
  options.close();
  return { enabled, ignoredExitCodes: isList ? (codes as readonly number[]) : [], attemptPeriod };
}
