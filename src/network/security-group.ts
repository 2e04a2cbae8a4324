import type { SecurityGroup } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { namespaceMembers } from "../aws/namespace-members.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { revokeNamespaceRules } from "./referring-rules.js";

export interface SecurityGroupDesired extends Tagged {
  readonly groupName: string;
  readonly description: string;
  readonly vpcId: string;
}

export interface SecurityGroupState {
  readonly groupId: string;
  readonly groupName: string;
  readonly vpcId: string;
}

/** Network interfaces are deleted later than their resources: a load balancer's after up to 15 minutes. */
const RELEASE_TIMEOUT = 15 * 60_000;

/**
 * A security group. Its ingress rules are resources of their own; AWS adds the egress rule for all traffic.
 */
export const securityGroupKind: Kind<SecurityGroupDesired, SecurityGroupState, AwsContext> = {
  kind: "security-group",
  unknown: { groupId: UNKNOWN, groupName: UNKNOWN, vpcId: UNKNOWN },
  dependsOn: ["network", "vpc"],
  immutable: ["groupName", "vpcId"],
  // AWS cannot change a description, and a difference is not worth a replacement.
  createOnly: ["description"],

  async read({ groupName, vpcId }, context) {
    // Not by the VPC, which a run that looks ahead does not know yet.
    if (isUnknown(vpcId) && context.isAhead !== true) return undefined;
    const named = await describe(context, { "group-name": groupName });
    const group = named.find(({ VpcId }) => VpcId === vpcId);
    if (group === undefined) return undefined;
    return {
      state: stateOf(group),
      // EC2 compares names case-insensitively, so that the found group has the wanted name.
      current: { groupName, description: group.Description, vpcId: group.VpcId },
      tags: fromTags(group.Tags),
    };
  },

  async create({ groupName, description, vpcId, tags }, context) {
    const request = {
      GroupName: groupName,
      Description: description,
      VpcId: vpcId,
      TagSpecifications: [{ ResourceType: "security-group" as const, Tags: toTagList(tags) }],
    };
    const { GroupId } = await context.aws.ec2.createSecurityGroup(request).catch(async (error: unknown) => {
      // The name is taken before EC2 returns the group, whose tags are needed next.
      if (hasErrorCode(error, "InvalidGroup.Duplicate")) await waitUntilVisible(groupName, vpcId, context);
      throw error;
    });
    return { groupId: GroupId!, groupName, vpcId };
  },

  async update(desired, { state }, changes, { aws }) {
    if (hasChanges(changes, "tags")) {
      await aws.ec2.createTags({ Resources: [state.groupId], Tags: toTagList(desired.tags) });
    }
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "InvalidGroup.Duplicate"),

  async delete({ groupId, groupName }, context) {
    let dependents = "";
    const reportWait = waitReporter(context, "security-group", groupName);
    const wait = {
      every: 5_000,
      timeout: RELEASE_TIMEOUT,
      context,
      what: `security group ${groupName} to be released`,
      why: () => dependents,
      fix: "Delete or detach the resources that still use the security group, then run again.",
    };
    await poll(wait, async () => {
      try {
        await ignoreNotFound(context.aws.ec2.deleteSecurityGroup({ GroupId: groupId }));
        return true;
      } catch (error) {
        if (!hasErrorCode(error, "DependencyViolation", "InvalidGroup.InUse")) throw error;
      }
      const { why, referring } = await dependentsOf(groupId, context);
      dependents = why;
      if (referring.length > 0) await revokeNamespaceRules(groupId, referring, context);
      reportWait(dependents);
      return undefined;
    });
  },

  async findOwned(owner, context) {
    const groups = await describe(context, { [`tag:${OWNER_TAG}`]: owner });
    return groups.map((group) => ({
      name: group.GroupName ?? "",
      state: stateOf(group),
      tags: fromTags(group.Tags),
    }));
  },

  /** The group of a Service Connect namespace is that of its members' tasks, also if the namespace is another one's. */
  async usedBy({ tags }, pending, context) {
    const namespace = ownerName(tags[OWNER_TAG], "namespace");
    return namespace === undefined ? [] : namespaceMembers(namespace, pending, context);
  },

  // A VPC that is yet to be created has none.
  elsewhere: ({ vpcId }, desired) => (vpcId === desired.vpcId ? undefined : vpcId),

  /**
   * What AWS does not delete it for: rules of groups that are not managed by quayside and refer to it; and, in a
   * VPC that was left, the one-off tasks that use it until they end.
   */
  async blockedBy({ name, state, tags }, leaving, context) {
    const isLeftByJob = name !== state.groupName && ownerName(tags[OWNER_TAG], "job") !== undefined;
    const [groups, tasks] = await Promise.all([
      describe(context, { "ip-permission.group-id": state.groupId }),
      isLeftByJob ? tasksUsing(state.groupId, context) : [],
    ]);
    const rules = groups
      .filter((group) => group.GroupId !== state.groupId)
      .filter((group) => fromTags(group.Tags)[OWNER_TAG] === undefined)
      .filter((group) => !leaving.has("security-group", group.GroupName ?? ""))
      .map((group) => `a rule of security group ${group.GroupName} (${group.GroupId})`);
    return [...rules, ...tasks];
  },
};

/**
 * The network interfaces of a job's tasks. A service's tasks are replaced, and a cluster with instances is refused
 * another VPC.
 */
async function tasksUsing(groupId: string, { aws }: AwsContext): Promise<readonly string[]> {
  const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({
    Filters: [{ Name: "group-id", Values: [groupId] }],
  });
  return NetworkInterfaces.map(
    ({ NetworkInterfaceId }) => `a task's network interface ${NetworkInterfaceId}`,
  );
}

const stateOf = ({ GroupId = "", GroupName = "", VpcId = "" }: SecurityGroup): SecurityGroupState => ({
  groupId: GroupId,
  groupName: GroupName,
  vpcId: VpcId,
});

async function describe(
  { aws }: AwsContext,
  filters: Readonly<Record<string, string>>,
): Promise<SecurityGroup[]> {
  const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
  return paginate(
    "NextToken",
    (next) => aws.ec2.describeSecurityGroups({ Filters, ...next }),
    ({ SecurityGroups }) => SecurityGroups,
  );
}

async function waitUntilVisible(groupName: string, vpcId: string, context: AwsContext): Promise<void> {
  const wait = {
    every: 2_000,
    timeout: 2 * 60_000,
    context,
    what: `security group ${groupName} to be visible`,
  };
  await poll(wait, async () => (await describe(context, { "group-name": groupName, "vpc-id": vpcId }))[0]);
}

/** The reason why AWS does not delete a group, as text. */
async function dependentsOf(
  groupId: string,
  context: AwsContext,
): Promise<{ readonly why: string; readonly referring: readonly string[] }> {
  const { NetworkInterfaces = [] } = await context.aws.ec2.describeNetworkInterfaces({
    Filters: [{ Name: "group-id", Values: [groupId] }],
  });
  const interfaces = NetworkInterfaces.map(
    ({ NetworkInterfaceId, Description }) => `${NetworkInterfaceId}${Description ? ` (${Description})` : ""}`,
  );
  if (interfaces.length > 0)
    return { why: `network interfaces still use it: ${interfaces.join(", ")}`, referring: [] };
  const groups = await describe(context, { "ip-permission.group-id": groupId });
  if (groups.length === 0) return { why: "another resource still refers to it", referring: [] };
  const names = groups.map(({ GroupName, GroupId }) => `${GroupName} (${GroupId})`);
  return {
    why: `rules of these security groups still refer to it: ${names.join(", ")}`,
    referring: groups.flatMap((group) => (group.GroupId === groupId ? [] : (group.GroupId ?? []))),
  };
}
