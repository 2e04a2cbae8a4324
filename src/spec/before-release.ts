import { parseEnvironment, type EnvironmentOptions } from "./environment.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { reportOverridesSize } from "./task/overrides-size.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The one-off task that must succeed before a release. */
export interface BeforeReleaseOptions {
  /** The command that replaces the image's `CMD`, one string per word. */
  readonly command: readonly string[];
  /** Environment variables that override the container's. */
  readonly environment?: EnvironmentOptions | undefined;
  /** The maximum duration of the task. @defaultValue `"15m"` */
  readonly timeout?: string | undefined;
}

export interface BeforeReleaseSpec {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}

const DEFAULT_TIMEOUT = 15 * 60;

export function parseBeforeRelease(
  input: DeploymentInput["beforeRelease"],
  container: string,
  issues: Issues,
): BeforeReleaseSpec | undefined {
  if (input === undefined) return undefined;
  const options = new OptionsReader<BeforeReleaseOptions>(input.options, "beforeRelease", issues);
  const command = options.words("command");
  if (options.raw("command") === undefined)
    options.issue("command", 'is required, one string per word: ["node", "migrate.mjs"]');
  const environment = parseEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  const timeout = options.duration("timeout", { min: 1, max: 7 * 86_400 }) ?? DEFAULT_TIMEOUT;
  options.close();
  reportOverridesSize({ command, environment }, container, "beforeRelease", issues);
  return { command: command ?? [], environment, timeout };
}
