import type { Cloud } from "../aws/cloud.js";
import type { DeploymentListed } from "../operations/named/list-deployments.js";
import { checkOperationOptions } from "../spec/operation-options.js";
import { Issues } from "../spec/parsing/issues.js";
import { OptionsReader } from "../spec/parsing/options-reader.js";
import { parseTags } from "../spec/tags.js";
import { cloudOf } from "./cloud-of.js";
import { loadOperations } from "./load-operations.js";

/** Options of `deployments()`. */
export interface DeploymentsOptions {
  /** The cloud. @defaultValue `aws()`: the region and credentials that the AWS SDK finds in the environment */
  readonly on?: Cloud | undefined;
  /** The tags that a deployment must have, all of them: `{ pr: "101" }`. @defaultValue all deployments */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Aborts the search: it rejects with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** The longest time of the search, such as `"1m"`. @defaultValue `"30m"` */
  readonly timeout?: string | undefined;
}

/**
 * Returns what quayside has deployed in the cloud's account and region, by name: every deployment with a service in
 * ECS, whoever has deployed it. Reads ECS itself, which knows a service at once, and changes nothing. The caller
 * needs what `permissions({ for: ["by-name"] })` of any deployment allows.
 *
 * @example
 * ```ts
 * import { Deployment, deployments } from "quayside";
 *
 * for (const { name } of await deployments({ tags: { pr: "101" } })) {
 *   await Deployment.named(name).destroy();
 * }
 * ```
 * @throws SpecError, AwsError, AbortedError, TimeoutError
 */
export async function deployments(options?: DeploymentsOptions): Promise<readonly DeploymentListed[]> {
  const issues = new Issues();
  const reader = new OptionsReader<DeploymentsOptions>(options, "options", issues);
  const cloud = cloudOf([reader.raw("on")], issues);
  const wanted = reader.raw("tags");
  const tags = wanted === undefined ? {} : parseTags([wanted], reader.pathOf("tags"), issues);
  const run = { signal: reader.raw("signal"), timeout: reader.raw("timeout") };
  checkOperationOptions(run, issues);
  reader.close();
  issues.throwIfAny("deployments()");
  const { signal, timeout } = options ?? {};
  const bounds = { ...(signal && { signal }), ...(timeout !== undefined && { timeout }) };
  const subject = { spec: { name: "deployments()" }, overrides: {}, cloud };
  const { listDeployments, withContext } = await loadOperations();
  return withContext(subject, bounds, (context) => listDeployments(tags, context));
}
