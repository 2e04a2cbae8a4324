import type { BeforeReleaseSpec } from "./deployment-spec.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import type { BeforeReleaseOptions } from "./options/before-release-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseEnvironment } from "./environment.js";

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
