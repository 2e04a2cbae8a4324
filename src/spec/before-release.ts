import { parseEnvironment, type EnvironmentOptions } from "./environment.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The task that must succeed before a release. */
export interface BeforeReleaseOptions {
  /** Instead of the image's command, one string per word. */
  readonly command: readonly string[];
  /** Variables over those of the container. */
  readonly environment?: EnvironmentOptions | undefined;
  /** How long it may run. @defaultValue `"15m"` */
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
  issues: Issues,
): BeforeReleaseSpec | undefined {
  if (input === undefined) return undefined;
  const options = new OptionsReader<BeforeReleaseOptions>(input.options, "beforeRelease", issues);
  const command = options.words("command");
  if (options.raw("command") === undefined)
    options.issue("command", 'is missing: name the words of the command: ["node", "migrate.mjs"]');
  const environment = parseEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  const timeout = options.duration("timeout", { min: 1, max: 7 * 86_400 }) ?? DEFAULT_TIMEOUT;
  options.close();
  return { command: command ?? [], environment, timeout };
}
