import type {
  CreateTargetGroupCommandInput,
  TargetGroup,
  TargetGroupAttribute,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { targetGroupFullName, targetGroupName } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { HASH_TAG, toTagList } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import type { TargetHealthCheckSpec } from "../spec/target-health-check.js";
import { elbTags } from "./elb-tags.js";
import { enableGroupStickiness } from "./rules/enable-group-stickiness.js";
import { whenNameIsFree } from "./when-name-is-free.js";

export interface TargetGroupDesired extends Tagged {
  readonly name: string;
  /** `instance` for bridge mode with dynamic host ports, `ip` for awsvpc. */
  readonly targetType: "instance" | "ip";
  readonly protocol: "HTTP";
  readonly port: number;
  readonly vpcId: string;
  /** Its load balancer: a target group cannot serve two. */
  readonly loadBalancerArn: string;
  readonly healthCheck: TargetHealthCheckSpec;
  /** Seconds. */
  readonly deregistrationDelay: number;
  /** Seconds that the load balancer's cookie lasts; `undefined`: no stickiness. */
  readonly stickiness: number | undefined;
}

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
        port: group.Port,
        vpcId: group.VpcId,
        // A target group without a load balancer can be used by any.
        ...(group.LoadBalancerArns?.[0] !== undefined && { loadBalancerArn: group.LoadBalancerArns[0] }),
        healthCheck: healthCheckOf(withDescribed(group, createInput(desired), effect.applied)),
        ...(await attributesOf(group, desired, tags, context)),
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
      Attributes: [
        ...deregistrationDelay(desired.deregistrationDelay),
        ...(desired.stickiness === undefined ? [] : stickiness(desired.stickiness)),
      ],
    });
    return stateOf(arn);
  },

  async update(desired, { state }, changes, context) {
    const { elb } = context.aws;
    if (hasChanges(changes, "healthCheck", "override")) {
      // A field that differs is sent as the override of CreateTargetGroup wants it.
      const described = hasChanges(changes, "healthCheck") ? healthCheckInput(desired.healthCheck) : {};
      await elb.modifyTargetGroup({ TargetGroupArn: state.arn, ...described, ...overriddenFields(changes) });
    }
    const attributes = [
      ...(hasChanges(changes, "deregistrationDelay") ? deregistrationDelay(desired.deregistrationDelay) : []),
      ...(hasChanges(changes, "stickiness") ? stickiness(desired.stickiness) : []),
    ];
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

  hashed: ({ deregistrationDelay, stickiness }) => ({ deregistrationDelay, stickiness }),
  immutable: [
    "name",
    "targetType",
    "protocol",
    "port",
    "vpcId",
    "loadBalancerArn",
    ...["Name", "TargetType", "Protocol", "ProtocolVersion", "Port", "VpcId", "IpAddressType"].map(
      (field) => `override.${field}`,
    ),
  ],
  alreadyExists: (error) => hasErrorCode(error, "DuplicateTargetGroupName"),

  async findOwned(owner, context) {
    const owned = await ownedArns(context, owner, "elasticloadbalancing", "targetgroup/");
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

function healthCheckOf(group: TargetGroup): { readonly [K in keyof TargetHealthCheckSpec]: unknown } {
  return {
    path: group.HealthCheckPath,
    codes: group.Matcher?.HttpCode,
    interval: group.HealthCheckIntervalSeconds,
    timeout: group.HealthCheckTimeoutSeconds,
    healthyThreshold: group.HealthyThresholdCount,
    unhealthyThreshold: group.UnhealthyThresholdCount,
  };
}

const healthCheckInput = (check: TargetHealthCheckSpec) => ({
  HealthCheckPath: check.path,
  Matcher: { HttpCode: check.codes },
  HealthCheckIntervalSeconds: check.interval,
  HealthCheckTimeoutSeconds: check.timeout,
  HealthyThresholdCount: check.healthyThreshold,
  UnhealthyThresholdCount: check.unhealthyThreshold,
});

function createInput(desired: TargetGroupDesired): CreateTargetGroupCommandInput {
  const { tags } = desired;
  return {
    Name: desired.name,
    TargetType: desired.targetType,
    Protocol: desired.protocol,
    Port: desired.port,
    VpcId: desired.vpcId,
    ...healthCheckInput(desired.healthCheck),
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

type Attributes = Pick<TargetGroupDesired, "deregistrationDelay" | "stickiness">;

/**
 * The attributes of a target group. ELB returns one group's attributes per call, so that they are not read if
 * the hash tag says that they are as described. A new group has the tag before it has the attributes, and a load
 * balancer only after both: one without is read, because its creation may have been interrupted.
 */
async function attributesOf(
  { TargetGroupArn: arn = "", LoadBalancerArns = [] }: TargetGroup,
  { deregistrationDelay, stickiness, tags: { [HASH_TAG]: hash } }: TargetGroupDesired,
  tags: Tags,
  context: AwsContext,
): Promise<Attributes> {
  const isHashed = hash !== undefined && tags[HASH_TAG] === hash;
  if (isHashed && LoadBalancerArns.length > 0) return { deregistrationDelay, stickiness };
  const answer = await ignoreNotFound(context.aws.elb.describeTargetGroupAttributes({ TargetGroupArn: arn }));
  return readAttributes(answer?.Attributes ?? []);
}

function readAttributes(attributes: readonly TargetGroupAttribute[]): Attributes {
  const values = new Map(attributes.map(({ Key, Value }) => [Key, Value]));
  const sticky = values.get("stickiness.enabled") === "true";
  return {
    deregistrationDelay: Number(values.get("deregistration_delay.timeout_seconds") ?? 300),
    stickiness: sticky ? Number(values.get("stickiness.lb_cookie.duration_seconds")) : undefined,
  };
}

const deregistrationDelay = (seconds: number): TargetGroupAttribute[] => [
  { Key: "deregistration_delay.timeout_seconds", Value: String(seconds) },
];

const stickiness = (seconds: number | undefined): TargetGroupAttribute[] =>
  seconds === undefined
    ? [{ Key: "stickiness.enabled", Value: "false" }]
    : [
        { Key: "stickiness.enabled", Value: "true" },
        { Key: "stickiness.type", Value: "lb_cookie" },
        { Key: "stickiness.lb_cookie.duration_seconds", Value: String(seconds) },
      ];
