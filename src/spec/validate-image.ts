import type { ImageSpec } from "./deployment-spec.js";
import type { ImageOptions } from "./image-options.js";
import { parseImageReference } from "./image-reference.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./issues.js";
import { OptionsReader } from "./options-reader.js";
import { show } from "./show.js";

const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/;

export function readImage(input: DeploymentInput["image"], issues: Issues): ImageSpec {
  if (input === undefined) {
    issues.add("image", "call .image(...) first");
    return { reference: "", credentials: undefined };
  }
  const options = new OptionsReader<ImageOptions>(input.options, "image", issues);
  const credentials = options.string("credentials");
  if (credentials !== undefined && !SECRET_ARN.test(credentials)) {
    options.issue("credentials", `must be the ARN of a Secrets Manager secret; got ${show(credentials)}`);
  }
  const problem = sourceProblem(input.source);
  if (problem !== undefined) issues.add("image", problem);
  // Of a directory only the directory is reported: its options are another story.
  if (!isDirectory(input.source)) options.close();
  return { reference: String(input.source), credentials };
}

/** What a deployment without a name is called: the last segment of its image's repository. */
export function nameOfImage(input: DeploymentInput["image"]): string | undefined {
  if (typeof input?.source !== "string" || isDirectory(input.source)) return undefined;
  return parseImageReference(input.source)?.repository.split("/").at(-1);
}

function sourceProblem(source: unknown): string | undefined {
  if (isDirectory(source)) {
    return (
      `building from a directory is not there yet: push the image of ${show(source)} to a registry ` +
      'and give its reference, such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1"'
    );
  }
  if (typeof source === "string" && parseImageReference(source) !== undefined) return undefined;
  return `must be a registry reference in lower case, {registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got ${show(source)}`;
}

const isDirectory = (source: unknown): source is string => typeof source === "string" && /^[./]/.test(source);
