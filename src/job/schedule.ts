import type {
  CreateScheduleCommandInput,
  GetScheduleCommandOutput,
  UpdateScheduleCommandInput,
} from "@aws-sdk/client-scheduler";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { OWNER_TAG } from "../aws/tags.js";
import { sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { stableHash } from "../engine/stable-hash.js";
import { describeGroup } from "./schedule-group.js";

export interface ScheduleDesired extends Tagged {
  readonly groupName: string;
  readonly name: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly clusterArn: string;
  /** The role that EventBridge Scheduler assumes. */
  readonly roleArn: string;
  readonly taskDefinition: string;
  readonly count: number;
  /** Either this or a capacity provider strategy. */
  readonly launchType: "EC2" | "FARGATE" | undefined;
  readonly capacityProviders:
    | readonly { readonly capacityProvider: string; readonly weight: number; readonly base?: number }[]
    | undefined;
  /** Only in the network mode `awsvpc`. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** True if the tasks get a public IP address; only on Fargate. */
  readonly publicIp: boolean | undefined;
}

export interface ScheduleState {
  readonly groupName: string;
  readonly name: string;
}

/** A schedule of EventBridge Scheduler, which runs the tasks when they are due. */
export const scheduleKind: Kind<ScheduleDesired, ScheduleState, AwsContext> = {
  kind: "schedule",
  unknown: { groupName: UNKNOWN, name: UNKNOWN },
  immutable: ["groupName", "name"],

  async read(desired, context) {
    const { groupName, name } = desired;
    const [found, group] = await Promise.all([
      ignoreNotFound(context.aws.scheduler.getSchedule({ GroupName: groupName, Name: name })),
      describeGroup(groupName, context),
    ]);
    if (found?.Name === undefined || group === undefined) return undefined;
    // It carries no tags of its own: schedules belong to the owner of their group.
    const isOwned = group.tags[OWNER_TAG] === desired.tags[OWNER_TAG];
    return {
      state: { groupName, name },
      current: currentSchedule(found, desired),
      tags: isOwned ? desired.tags : {},
    };
  },

  async create(desired, context) {
    const request = requestOf(desired);
    await context.aws.scheduler.createSchedule({
      ...request,
      ClientToken: `quayside-${stableHash([request, context.startedAt])}`,
    });
    return { groupName: desired.groupName, name: desired.name };
  },

  async update(desired, { state }, _changes, context) {
    // Fields that are not sent would be reset.
    await context.aws.scheduler.updateSchedule(requestOf(desired) as UpdateScheduleCommandInput);
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "ConflictException"),

  async delete({ groupName, name }, context) {
    await ignoreNotFound(context.aws.scheduler.deleteSchedule({ GroupName: groupName, Name: name }));
  },

  dependsOn: ["iam-role", "task-definition", "cluster", "security-group"],
};

const isOnInstances = ({ launchType, capacityProviders = [] }: ScheduleDesired): boolean =>
  launchType === "EC2" ||
  capacityProviders.some(({ capacityProvider }) => !capacityProvider.startsWith("FARGATE"));

function requestOf(desired: ScheduleDesired): CreateScheduleCommandInput {
  const { launchType, capacityProviders, subnetIds, securityGroupIds } = desired;
  return {
    GroupName: desired.groupName,
    Name: desired.name,
    ScheduleExpression: desired.expression,
    ScheduleExpressionTimezone: desired.timezone,
    State: desired.enabled ? "ENABLED" : "DISABLED",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: desired.clusterArn,
      RoleArn: desired.roleArn,
      EcsParameters: {
        TaskDefinitionArn: desired.taskDefinition,
        TaskCount: desired.count,
        PropagateTags: "TASK_DEFINITION",
        ...(launchType !== undefined && { LaunchType: launchType }),
        ...(capacityProviders !== undefined && {
          CapacityProviderStrategy: capacityProviders.map((each) => ({ ...each })),
        }),
        ...(isOnInstances(desired) && {
          PlacementStrategy: [
            { type: "spread", field: "attribute:ecs.availability-zone" },
            { type: "spread", field: "instanceId" },
          ],
        }),
        ...(subnetIds.length > 0 && {
          NetworkConfiguration: {
            awsvpcConfiguration: {
              Subnets: [...subnetIds],
              SecurityGroups: [...securityGroupIds],
              AssignPublicIp: desired.publicIp === false ? "DISABLED" : "ENABLED",
            },
          },
        }),
      },
      // ECS may be throttled or lack capacity for a while; after an hour, a run would be too late.
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 },
    },
  };
}

function currentSchedule(
  { ScheduleExpression, ScheduleExpressionTimezone, State, Target }: Partial<GetScheduleCommandOutput>,
  desired: ScheduleDesired,
): Partial<Record<keyof ScheduleDesired, unknown>> {
  const parameters = Target?.EcsParameters;
  const network = parameters?.NetworkConfiguration?.awsvpcConfiguration;
  return {
    groupName: desired.groupName,
    name: desired.name,
    expression: ScheduleExpression,
    timezone: ScheduleExpressionTimezone,
    enabled: State !== "DISABLED",
    clusterArn: Target?.Arn,
    roleArn: Target?.RoleArn,
    taskDefinition: parameters?.TaskDefinitionArn,
    count: parameters?.TaskCount ?? 1,
    launchType: parameters?.LaunchType,
    capacityProviders: parameters?.CapacityProviderStrategy?.map(
      ({ capacityProvider, weight = 0, base = 0 }) => ({
        capacityProvider,
        weight,
        ...(base > 0 && { base }),
      }),
    ),
    subnetIds: sortLike(desired.subnetIds, network?.Subnets ?? []),
    securityGroupIds: sortLike(desired.securityGroupIds, network?.SecurityGroups ?? []),
    publicIp: network && network.AssignPublicIp === "ENABLED",
  };
}
