import type { DeploymentInput } from "./input.js";
import { formatDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parsePreview, type PreviewSpec } from "./preview.js";
import type { RouteSpec } from "./route.js";

/** A blue/green release: two services share a listener rule, and the traffic moves to the new one in steps. */
export interface BlueGreenSpec {
  /** The percentages of the traffic for the new color, increasing to 100. */
  readonly shift: readonly number[];
  /** The pause after each step, in seconds. */
  readonly every: number;
  /** The timeout of one call of `verify`, in seconds. */
  readonly verifyTimeout: number;
  /** The names of CloudWatch alarms. */
  readonly alarms: readonly string[];
  /** Seconds until the old color is stopped; `undefined`: it runs until `retire()` is called. */
  readonly keepOld: number | undefined;
  /** Where a person can look at the new version before it gets traffic; `undefined`: nowhere. */
  readonly preview: PreviewSpec | undefined;
}

interface BlueGreenOptionNames {
  readonly shift?: unknown;
  readonly every?: unknown;
  readonly verify?: unknown;
  readonly verifyTimeout?: unknown;
  readonly alarms?: unknown;
  readonly keepOld?: unknown;
  readonly preview?: unknown;
}

/** Seconds. Keeps a run well within the 24 days of Node's timers. */
const EVERY = { min: 0, max: 86_400 };
const VERIFY_TIMEOUT = { min: 1, max: 86_400 };
/** EventBridge Scheduler accepts times up to a year ahead; less than a minute leaves no time to roll back. */
const KEEP_OLD = { min: 60, max: 365 * 86_400 };
const DEFAULT_EVERY = 60;
const DEFAULT_VERIFY_TIMEOUT = 300;
/** DescribeAlarms accepts up to 100 names. */
const MAX_ALARMS = 100;
/** AWS allows 50 tags; quayside sets six on a color's service. */
const MAX_TAGS = 44;

/** Parses the options of `.blueGreen()`. The function `verify` is checked, but not part of the spec. */
export function parseBlueGreen(
  input: DeploymentInput["blueGreen"],
  context: {
    readonly deployment: string;
    readonly route: RouteSpec | undefined;
    readonly tags: Readonly<Record<string, string>>;
  },
  issues: Issues,
): BlueGreenSpec | undefined {
  if (input === undefined) return undefined;
  if (context.route === undefined) {
    issues.add(
      "blueGreen",
      "needs a load balancer to split the traffic, or a name in Service Connect: call .behindAlb(...), .behindNlb(...) or .connect({ as, port }), or remove .blueGreen(...)",
    );
  }
  if (context.route?.priority === 1) {
    issues.add(
      "behindAlb.priority",
      "must be 2 to 50000 with blueGreen: the rule that routes `verify` to the new color is evaluated first",
    );
  }
  if (Object.keys(context.tags).length > MAX_TAGS) {
    issues.add(
      "tags",
      `must be at most ${MAX_TAGS} tags with blueGreen; got ${Object.keys(context.tags).length}`,
    );
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
  const preview = parsePreview(options.raw("preview"), context, options.pathOf("preview"), issues);
  if (preview !== undefined && context.route?.authenticate !== undefined)
    options.issue(
      "preview",
      "is not supported with authenticate: the rule of a preview would let everybody in without a sign-in",
    );
  options.close();
  return { shift, every, verifyTimeout, alarms, keepOld, preview };
}

function parseShift(options: OptionsReader<BlueGreenOptionNames>): readonly number[] {
  const value = options.raw("shift");
  if (value === undefined) return [100];
  const steps: readonly unknown[] = Array.isArray(value) ? value : [];
  const isValid =
    steps.length > 0 &&
    steps.every((step) => Number.isInteger(step) && (step as number) > 0) &&
    steps.every((step, index) => index === 0 || (step as number) > (steps[index - 1] as number)) &&
    steps.at(-1) === 100;
  if (isValid) return steps as readonly number[];
  options.issue(
    "shift",
    `must be increasing whole percentages that end at 100, such as [10, 50, 100]; got ${formatValue(value)}`,
  );
  return [100];
}

function parseAlarms(options: OptionsReader<BlueGreenOptionNames>): readonly string[] {
  const value = options.raw("alarms");
  if (value === undefined) return [];
  const isName = (name: unknown): boolean => typeof name === "string" && name !== "" && name.length <= 255;
  if (Array.isArray(value) && value.length <= MAX_ALARMS && value.every(isName)) {
    return value as readonly string[];
  }
  options.issue(
    "alarms",
    `must be the names of at most ${MAX_ALARMS} CloudWatch alarms; got ${formatValue(value)}`,
  );
  return [];
}

/** The longest time that a release's steps and verifications can take, in seconds. */
export const releaseSeconds = ({ shift, every, verifyTimeout }: BlueGreenSpec): number =>
  shift.length * every + (shift.length + 1) * verifyTimeout;

/** Formats the steps of a release: `10 %, 50 %, 100 % of the traffic, 5m apart`. */
export function describeShift({ shift, every }: BlueGreenSpec): string {
  const steps = `${shift.map((step) => `${step} %`).join(", ")} of the traffic`;
  return shift.length === 1 ? steps : `${steps}, ${formatDuration(every)} apart`;
}
