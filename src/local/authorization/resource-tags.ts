import type { Account } from "../core/account.js";
import { nameOf, resourceOf } from "../core/arn.js";
import { taggedResources } from "../services/tagging/tagged-resources.js";

/** The tags of an existing resource, for the condition keys `aws:ResourceTag/…`; `undefined` without a resource. */
export function resourceTags(account: Account, arn: string): ReadonlyMap<string, string> | undefined {
  const [, , service] = arn.split(":");
  if (service === "iam") return iamTags(account, arn);
  if (service === "autoscaling") {
    const name = /:autoScalingGroupName\/([^:]*)/.exec(arn)?.[1] ?? "";
    const tags = account.autoScaling.groups.get(name)?.tags;
    return tags && new Map([...tags].map(([key, { value }]) => [key, value]));
  }
  if (service === "scheduler") return account.scheduler.groups.get(resourceOf(arn).split("/")[1] ?? "")?.tags;
  if (service === "ecs") return ecsTags(account, arn) ?? found(account, arn);
  if (service === "ec2" && resourceOf(arn).startsWith("key-pair/"))
    return [...account.ec2.keyPairs.values()].find(({ name }) => name === nameOf(arn))?.tags;
  // A log group's actions are checked with an empty stream, its tags are on the group.
  return found(account, service === "logs" ? arn.replace(/:log-stream:$/, "") : arn);
}

const found = (account: Account, arn: string): ReadonlyMap<string, string> | undefined =>
  taggedResources(account).find((resource) => resource.arn === arn)?.tags;

function iamTags({ iam }: Account, arn: string): ReadonlyMap<string, string> | undefined {
  const resources = resourceOf(arn).startsWith("role/") ? iam.roles : iam.instanceProfiles;
  return resources.get(nameOf(arn).toLowerCase())?.tags;
}

/** What the tagging API does not cover: capacity providers, tasks, and deployments of a service. */
function ecsTags({ ecs }: Account, arn: string): ReadonlyMap<string, string> | undefined {
  const [type, first = "", second = ""] = resourceOf(arn).split("/");
  if (type === "capacity-provider")
    return (ecs.capacityProviders.get(first) ?? ecs.managedInstances.get(first))?.tags;
  if (type === "task") return ecs.clusters.get(first)?.tasks.get(arn)?.tags;
  if (type === "service-deployment") return ecs.clusters.get(first)?.services.get(second)?.tags;
  return undefined;
}
