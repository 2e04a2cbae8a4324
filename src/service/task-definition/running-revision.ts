import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { HASH_TAG, OWNER_TAG } from "../../aws/tags.js";
import type { Tags } from "../../engine/kind.js";
import { stableHash } from "../../engine/stable-hash.js";
import { describeServices } from "../describe-services.js";
import { ownedArns } from "../../aws/owned-arns.js";
import { taskDefinitionArn } from "../current-service.js";
import type { TaskDefinitionDesired, TaskDefinitionState } from "./task-definition.js";

/** Of a registration as it is sent. A revision keeps it in a tag: revisions never change. */
export const registrationHash = (input: RegisterTaskDefinitionCommandInput, context: AwsContext): string =>
  stableHash(context.overridden("registerTaskDefinition", input));

/**
 * The revision that is described, if a service of the same owner runs it: known by its tags, which come
 * for many at once. ECS describes one task definition a call.
 */
export async function runningRevision(
  { input, tags }: TaskDefinitionDesired,
  context: AwsContext,
): Promise<{ readonly state: TaskDefinitionState; readonly tags: Tags } | undefined> {
  const { family = "" } = input;
  const owner = tags[OWNER_TAG];
  if (owner === undefined) return undefined;
  const hash = registrationHash(input, context);
  const revisions = await ownedArns(context, owner, "ecs", `task-definition/${family}:`);
  const described = revisions.filter(
    (one) =>
      one.tags[HASH_TAG] === hash && Object.entries(tags).every(([key, value]) => one.tags[key] === value),
  );
  if (described.length === 0) return undefined;
  // The tagging API knows a revision for a while after it is gone; what a service runs is there.
  const running = await revisionsInUse(owner, context);
  const found = described.find(({ arn }) => running.has(arn));
  return found && { state: { arn: found.arn, family, revision: Number(found.rest) }, tags: found.tags };
}

async function revisionsInUse(owner: string, context: AwsContext): Promise<ReadonlySet<string>> {
  const services = await ownedArns(context, owner, "ecs", "service/");
  const found = await Promise.all(
    services.map(({ rest }) => {
      const [cluster = "", name = ""] = rest.split("/");
      return describeServices(cluster, [name], context);
    }),
  );
  return new Set(found.flat().flatMap((one) => (one.status === "ACTIVE" ? [taskDefinitionArn(one)] : [])));
}
