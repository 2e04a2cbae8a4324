import type { CreateTargetGroupCommandInput, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { targetGroupFullName, targetGroupName } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { toTagList } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind } from "../engine/kind.js";
import { elbTags } from "./elb-tags.js";
import { enableGroupStickiness } from "./rules/enable-group-stickiness.js";
import {
  attributesIn,
  changedAttributes,
  newAttributes,
  presentGroupAttributes,
} from "./target-group-attributes.js";
import type { TargetGroupDesired } from "./target-group-desired.js";
import { healthCheckInput, healthCheckOf } from "./target-group-health-check.js";
import { whenNameIsFree } from "./when-name-is-free.js";

export interface TargetGroupState {
  readonly arn: string;
  readonly name: string;
  /** As in CloudWatch's dimensions: `targetgroup/talkServiceTargetGroup/73e2d6bc24d8a067`. */
  readonly fullName: string;
}

export const targetGroupKind: Kind<TargetGroupDesired, TargetGroupState, AwsContext> = {
  kind: "target-group",
  unknown: { arn: UNKNOWN, name: UNKNOWN, fullName: UNKNOWN },

  async read(desired, context) {
    const { name } = desired;
    const group = await byName(name, context);
    if (group?.TargetGroupArn === undefined) return undefined;
    const arn = group.TargetGroupArn;
    const tags = (await elbTags([arn], context)).get(arn) ?? {};
    const effect = overrideEffect("createTargetGroup", createInput(desired), group, context);
    return {
      state: stateOf(arn),
      unapplied: effect.unapplied,
      current: {
        name,
        targetType: group.TargetType,
        protocol: group.Protocol,
        protocolVersion: effect.applied.has("ProtocolVersion")
          ? desired.protocolVersion
          : group.ProtocolVersion === "HTTP1"
            ? undefined
            : group.ProtocolVersion,
        port: group.Port,
        vpcId: group.VpcId,
        // A target group without a load balancer can be used by any.
        ...(group.LoadBalancerArns?.[0] !== undefined && { loadBalancerArn: group.LoadBalancerArns[0] }),
        healthCheck: healthCheckOf(withDescribed(group, createInput(desired), effect.applied), desired),
        ...(await presentGroupAttributes(group, desired, tags, context)),
      },
      tags,
    };
  },

  async create(desired, context) {
    const { TargetGroups } = await whenNameIsFree(
      context,
      "DuplicateTargetGroupName",
      `target group ${desired.name}`,
      async () => (await byName(desired.name, context)) !== undefined,
      () => context.aws.elb.createTargetGroup(createInput(desired)),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
    await context.aws.elb.modifyTargetGroupAttributes({
      TargetGroupArn: arn,
      Attributes: newAttributes(desired),
    });
    return stateOf(arn);
  },

  async update(desired, { state }, changes, context) {
    const { elb } = context.aws;
    if (hasChanges(changes, "healthCheck", "override")) {
      // A field that differs is sent as the override of CreateTargetGroup wants it.
      const described = hasChanges(changes, "healthCheck") ? healthCheckInput(desired, changes) : {};
      await elb.modifyTargetGroup({ TargetGroupArn: state.arn, ...described, ...overriddenFields(changes) });
    }
    const attributes = changedAttributes(desired, changes);
    if (hasChanges(changes, "stickiness") && desired.stickiness !== undefined)
      await enableGroupStickiness(state.arn, [desired.loadBalancerArn], desired.stickiness, context);
    if (attributes.length > 0) {
      await elb.modifyTargetGroupAttributes({ TargetGroupArn: state.arn, Attributes: attributes });
    }
    const tags = changedTags(desired, changes);
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    return state;
  },

  async delete({ arn }, context) {
    await ignoreNotFound(context.aws.elb.deleteTargetGroup({ TargetGroupArn: arn }));
  },

  hashed: attributesIn,
  immutable: [
    "name",
    "targetType",
    "protocol",
    "protocolVersion",
    "port",
    "vpcId",
    "loadBalancerArn",
    ...["Name", "TargetType", "Protocol", "ProtocolVersion", "Port", "VpcId", "IpAddressType"].map(
      (field) => `override.${field}`,
    ),
  ],
  alreadyExists: (error) => hasErrorCode(error, "DuplicateTargetGroupName"),
  deletedBeside: ["load-balancer"],

  async findOwned(owner, context, isDescribed) {
    const all = await ownedArns(context, owner, "elasticloadbalancing", "targetgroup/");
    const owned = all.filter(({ arn }) => isDescribed?.(targetGroupName(arn)) !== true);
    const found = await Promise.all(
      owned.map(async ({ arn, tags }) => {
        const answer = await ignoreNotFound(context.aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }));
        const state = stateOf(arn);
        return answer?.TargetGroups?.length ? [{ name: state.name, state, tags }] : [];
      }),
    );
    return found.flat();
  },
};

async function byName(name: string, context: AwsContext): Promise<TargetGroup | undefined> {
  return (await ignoreNotFound(context.aws.elb.describeTargetGroups({ Names: [name] })))?.TargetGroups?.[0];
}

const stateOf = (arn: string): TargetGroupState => ({
  arn,
  name: targetGroupName(arn),
  fullName: targetGroupFullName(arn),
});

function createInput(desired: TargetGroupDesired): CreateTargetGroupCommandInput {
  const { tags } = desired;
  return {
    Name: desired.name,
    TargetType: desired.targetType,
    Protocol: desired.protocol,
    ...(desired.protocolVersion !== undefined && { ProtocolVersion: desired.protocolVersion }),
    Port: desired.port,
    VpcId: desired.vpcId,
    ...healthCheckInput(desired),
    ...(Object.keys(tags).length > 0 && { Tags: toTagList(tags) }),
  };
}

/** The target group with the described values of the fields that it has as they were overridden. */
const withDescribed = (
  group: TargetGroup,
  described: CreateTargetGroupCommandInput,
  applied: ReadonlySet<string>,
): TargetGroup => ({
  ...group,
  ...Object.fromEntries(Object.entries(described).filter(([key]) => applied.has(key))),
});
