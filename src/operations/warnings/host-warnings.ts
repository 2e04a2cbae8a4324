import type { Instance } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.js";
import { describeGroup } from "../../cluster/auto-scaling-group.js";
import { presentConfiguration } from "../../cluster/launch-configuration.js";
import { imagesOf, outdatedBy, templateVersions, wantedAmi } from "../../cluster/outdated-hosts.js";
import type { Change } from "../../engine/plan.js";
import type { ClusterSpec } from "../../spec/cluster.js";
import { autoScalingGroupName } from "../../spec/derived-names.js";
import type { Ec2CapacitySpec } from "../../spec/ec2.js";

/** The warnings about instances that the deploy leaves as they are, though they are out of date: how many, and by what. */
export async function hostWarnings(
  clusters: readonly ClusterSpec[],
  changes: readonly Change[],
  context: AwsContext,
): Promise<readonly string[]> {
  const warnings = await Promise.all(
    clusters.map(async ({ name, claim, capacity }) =>
      claim === "own" && capacity.type === "ec2" && capacity.refresh === "manual"
        ? warningsOf(name, capacity, plannedBy(name, changes), context)
        : [],
    ),
  );
  return warnings.flat();
}

/** The fields of a launch template's description, in words. */
const WORDS: Readonly<Record<string, string>> = Object.freeze({
  imageId: "AMI",
  instanceType: "instance type",
  userData: "user data",
  keyName: "key pair",
  securityGroupIds: "security groups",
  publicIp: "network interface",
  profileName: "instance profile",
  detailedMonitoring: "monitoring",
  metadataHopLimit: "metadata options",
  instanceTags: "tags",
});

/** What the planned version of the launch template changes. */
function plannedBy(cluster: string, changes: readonly Change[]): readonly string[] {
  const fields = changes
    .filter(
      ({ resource, name, action }) =>
        resource === "launch-template" && name === autoScalingGroupName(cluster) && action === "update",
    )
    .flatMap((change) => change.fields.map(({ path }) => path.split(".")))
    .filter(([root]) => root !== "tags");
  return [
    ...new Set(fields.map(([root = "", next = ""]) => (root === "override" ? next : (WORDS[root] ?? root)))),
  ];
}

async function warningsOf(
  cluster: string,
  capacity: Ec2CapacitySpec,
  planned: readonly string[],
  context: AwsContext,
): Promise<readonly string[]> {
  const groupName = autoScalingGroupName(cluster);
  const group = await describeGroup(groupName, context);
  const instances = group?.Instances ?? [];
  const { launchTemplateId } = group === undefined ? {} : presentConfiguration(group);
  if (launchTemplateId === undefined || instances.length === 0) return [];
  const used = instances.flatMap(({ LaunchTemplate }) => LaunchTemplate?.Version ?? []);
  const [versions, imageId] = await Promise.all([
    templateVersions(launchTemplateId, [...used, "$Latest"], context),
    wantedAmi(capacity, groupName, context),
  ]);
  const data = versions.get(String(Math.max(...[...versions.keys()].map(Number)))) ?? {};
  const target = { data, imageId, instanceTypes: capacity.instanceTypes };
  const dataOf = ({ LaunchTemplate }: Instance) => versions.get(LaunchTemplate?.Version ?? "");
  const outdated = instances
    .map((instance) => ({ instance, by: [...planned, ...outdatedBy(target, dataOf(instance), instance)] }))
    .filter(({ by }) => by.length > 0);
  if (outdated.length === 0) return [];
  const reasons = [...new Set(outdated.flatMap(({ by }) => by))];
  const images = reasons.includes("AMI")
    ? await imagesOf([...outdated.map(({ instance }) => dataOf(instance)?.ImageId), imageId], context)
    : new Map<string, { readonly CreationDate?: string | undefined }>();
  const dayOf = (id: string | undefined) => images.get(id ?? "")?.CreationDate?.slice(0, 10);
  const oldest = outdated.flatMap(({ instance }) => dayOf(dataOf(instance)?.ImageId) ?? []).sort()[0];
  const newest = dayOf(imageId);
  const ami = oldest === undefined || newest === undefined ? "AMI" : `AMI of ${oldest}, now of ${newest}`;
  const what = reasons.map((reason) => (reason === "AMI" ? ami : reason)).join("; ");
  const [are, them] = outdated.length === 1 ? ["is", "it"] : ["are", "them"];
  return [
    `${outdated.length} of ${instances.length} instances of cluster ${cluster} ${are} out of date (${what}): cluster.refresh() replaces ${them}`,
  ];
}
