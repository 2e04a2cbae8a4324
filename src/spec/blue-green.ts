import type { DeploymentInput } from "./input.js";
import { formatDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { RouteSpec } from "./route.js";

/** Two services behind one rule, of which the new one takes the requests over step by step. */
export interface BlueGreenSpec {
  /** Per cent of the requests on the new color, rising to 100. */
  readonly shift: readonly number[];
  /** Seconds after each step. */
  readonly every: number;
  /** Seconds that one call of `verify` may take. */
  readonly verifyTimeout: number;
  /** Names of CloudWatch alarms. */
  readonly alarms: readonly string[];
  /** Seconds after which the old color is stopped; `undefined`: when `retire()` is called. */
  readonly keepOld: number | undefined;
}

interface BlueGreenOptionNames {
  readonly shift?: unknown;
  readonly every?: unknown;
  readonly verify?: unknown;
  readonly verifyTimeout?: unknown;
  readonly alarms?: unknown;
  readonly keepOld?: unknown;
}

/** Seconds. A run that lasts longer than Node's timers is nobody's wish. */
const EVERY = { min: 0, max: 86_400 };
const VERIFY_TIMEOUT = { min: 1, max: 86_400 };
/** A schedule lies at most a year ahead, and less than a minute is no time to come back in. */
const KEEP_OLD = { min: 60, max: 365 * 86_400 };
const DEFAULT_EVERY = 60;
const DEFAULT_VERIFY_TIMEOUT = 300;
/** DescribeAlarms takes a hundred names. */
const MOST_ALARMS = 100;
/** 50 tags of AWS's, less quayside's five on a color's service. */
const MOST_TAGS = 45;

/** What `.blueGreen(options)` says; the function `verify` is not part of the data. */
export function parseBlueGreen(
  input: DeploymentInput["blueGreen"],
  around: {
    readonly route: RouteSpec | undefined;
    readonly tags: Readonly<Record<string, string>>;
  },
  issues: Issues,
): BlueGreenSpec | undefined {
  if (input === undefined) return undefined;
  if (around.route === undefined) {
    issues.add(
      "blueGreen",
      "needs a load balancer, which divides the requests: call .behindAlb(...), or leave it out",
    );
  }
  if (around.route?.priority === 1) {
    issues.add(
      "behindAlb.priority",
      "must leave room for the rule that lets `verify` reach the new color: 2 to 50000 with blueGreen",
    );
  }
  if (Object.keys(around.tags).length > MOST_TAGS) {
    issues.add("tags", `at most ${MOST_TAGS} with blueGreen; got ${Object.keys(around.tags).length}`);
  }
  const options = new OptionsReader<BlueGreenOptionNames>(input.options, "blueGreen", issues);
  const shift = parseShift(options);
  const every = options.duration("every", EVERY) ?? DEFAULT_EVERY;
  const verify = options.raw("verify");
  if (verify !== undefined && typeof verify !== "function") {
    options.issue("verify", `must be a function; got ${formatValue(verify)}`);
  }
  const verifyTimeout = options.duration("verifyTimeout", VERIFY_TIMEOUT) ?? DEFAULT_VERIFY_TIMEOUT;
  const alarms = parseAlarms(options);
  const keepOld = options.duration("keepOld", KEEP_OLD);
  options.close();
  return { shift, every, verifyTimeout, alarms, keepOld };
}

function parseShift(options: OptionsReader<BlueGreenOptionNames>): readonly number[] {
  const value = options.raw("shift");
  if (value === undefined) return [100];
  const steps: readonly unknown[] = Array.isArray(value) ? value : [];
  const isRight =
    steps.length > 0 &&
    steps.every((step) => Number.isInteger(step) && (step as number) > 0) &&
    steps.every((step, index) => index === 0 || (step as number) > (steps[index - 1] as number)) &&
    steps.at(-1) === 100;
  if (isRight) return steps as readonly number[];
  options.issue(
    "shift",
    `must be whole per cents of the traffic that rise to 100, such as [10, 50, 100]; got ${formatValue(value)}`,
  );
  return [100];
}

function parseAlarms(options: OptionsReader<BlueGreenOptionNames>): readonly string[] {
  const value = options.raw("alarms");
  if (value === undefined) return [];
  const isName = (name: unknown): boolean => typeof name === "string" && name !== "" && name.length <= 255;
  if (Array.isArray(value) && value.length <= MOST_ALARMS && value.every(isName)) {
    return value as readonly string[];
  }
  options.issue(
    "alarms",
    `must be the names of at most ${MOST_ALARMS} CloudWatch alarms; got ${formatValue(value)}`,
  );
  return [];
}

/** How long the steps of a release take on top of everything else, in seconds. */
export const releaseSeconds = ({ shift, every, verifyTimeout }: BlueGreenSpec): number =>
  shift.length * every + (shift.length + 1) * verifyTimeout;

/** For people: `10 %, 50 %, 100 % of the requests, 5m apart`. */
export function describeShift({ shift, every }: BlueGreenSpec): string {
  const steps = `${shift.map((step) => `${step} %`).join(", ")} of the requests`;
  return shift.length === 1 ? steps : `${steps}, ${formatDuration(every)} apart`;
}
