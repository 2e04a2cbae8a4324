import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";
import type { Found, Kind, Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { regionalRoleName } from "../iam/role-name.js";
import { stopService } from "../scaling/stop-service.js";
import { keepOldRoleName, keepOldScheduleName } from "../spec/derived-names.js";
import {
  COLORS,
  colorService,
  otherColor,
  RELEASE_TAG,
  type BlueGreenDeployment,
  type Color,
} from "./colors.js";

/** A deployment whose old color EventBridge Scheduler stops. */
export interface KeepOld {
  readonly spec: BlueGreenDeployment;
  /** True if one of the colors is scaled, even if only the old one. */
  readonly isScaled: boolean;
}

/**
 * Returns the description for a run that deploys to a color. The scaling of that color is as described after the
 * run, and that of the other one stays as it is: the run after it must find the same.
 */
export async function keepOldOf(
  spec: BlueGreenDeployment,
  context: AwsContext,
): Promise<(deployed: Color) => KeepOld | undefined> {
  if (spec.blueGreen.keepOld === undefined) return () => undefined;
  const idOf = (color: Color) => resourceIdOf(spec.cluster.name, colorService(spec, color));
  const scaled = (await describeTargets(COLORS.map(idOf), context)).map(({ ResourceId }) => ResourceId);
  return (deployed) => ({
    spec,
    isScaled: spec.scaling !== undefined || scaled.includes(idOf(otherColor(deployed))),
  });
}

/** The least privileges for it: to set the number of tasks of the two services, and the bounds of their scaling. */
export const keepOldPolicy = (
  { spec, isScaled }: KeepOld,
  { partition, region }: Pick<AwsContext, "partition" | "region">,
): object => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      // Application Auto Scaling checks both on the caller: its guide, "Permissions validation for API calls".
      Action: ["ecs:DescribeServices", "ecs:UpdateService"],
      Resource: COLORS.map(
        (color) =>
          `arn:${partition}:ecs:${region}:*:service/${spec.cluster.name}/${colorService(spec, color)}`,
      ),
    },
    // Scalable targets have random IDs, which are not known here.
    ...(!isScaled
      ? []
      : [
          {
            Effect: "Allow",
            Action: "application-autoscaling:RegisterScalableTarget",
            Resource: `arn:${partition}:application-autoscaling:${region}:*:scalable-target/*`,
            Condition: { StringEquals: { "application-autoscaling:service-namespace": "ecs" } },
          },
        ]),
  ],
});

/**
 * Schedules the stop of a color, so that no process of ours has to run then: a one-time schedule sets its
 * number of tasks to 0. It stays until the color is released again or deleted, as the only trace of a stop that AWS
 * could not make.
 *
 * @returns the time of the stop
 */
export async function scheduleStop(
  spec: BlueGreenDeployment,
  color: Color,
  seconds: number,
  context: AwsContext,
): Promise<Date> {
  const { iam, scheduler } = context.aws;
  const owner = ownerOf.deployment(spec.name);
  const RoleName = await regionalRoleName((region) => keepOldRoleName(spec.name, region), owner, context);
  const role = await ignoreNotFound(iam.getRole({ RoleName }));
  if (role?.Role?.Arn === undefined) {
    throw new QuaysideError(
      "no-keep-old-role",
      `The old version of ${spec.name} is kept until retire(): role ${RoleName} does not exist`,
      {
        fix: "Deploy once with .blueGreen({ keepOld }): it creates the role.",
      },
    );
  }
  // Schedules count in whole seconds.
  const until = new Date(Math.ceil(context.awsTime() / 1000 + seconds) * 1000);
  const schedule: CreateScheduleCommandInput = {
    Name: keepOldScheduleName(spec.name),
    Description: `Stops the ${color} version of ${spec.name}`,
    ScheduleExpression: `at(${until.toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "NONE",
    Target: { RoleArn: role.Role.Arn, ...(await stopCall(spec, color, context)) },
  };
  try {
    await scheduler.createSchedule(schedule);
  } catch (error) {
    if (!hasErrorCode(error, "ConflictException")) throw error;
    await scheduler.updateSchedule(schedule);
  }
  return until;
}

/** The call that stops the color: a call to its scaling if it has any, which would increase a count of 0 again. */
async function stopCall(
  spec: BlueGreenDeployment,
  color: Color,
  context: AwsContext,
): Promise<{ readonly Arn: string; readonly Input: string }> {
  const Service = colorService(spec, color);
  const call = `arn:${context.partition}:scheduler:::aws-sdk`;
  const resourceId = resourceIdOf(spec.cluster.name, Service);
  if ((await describeTargets([resourceId], context)).length > 0) {
    return {
      Arn: `${call}:applicationautoscaling:registerScalableTarget`,
      Input: JSON.stringify(stopService(resourceId)),
    };
  }
  return {
    Arn: `${call}:ecs:updateService`,
    Input: JSON.stringify({ Cluster: spec.cluster.name, Service, DesiredCount: 0 }),
  };
}

/** The stop of the idle color by EventBridge Scheduler. */
export interface ScheduledStop {
  readonly at: Date;
  /** True if it must have happened: EventBridge Scheduler is accurate to the minute, and ECS takes seconds. */
  readonly isDue: boolean;
}

const STOPPED_WITHIN = 5 * 60_000;

/** The stop of the idle color, also if its time is over; `undefined` if none is scheduled. */
export async function scheduledStop(
  deployment: string,
  context: AwsContext,
): Promise<ScheduledStop | undefined> {
  const found = await findSchedule(deployment, context);
  const text = /^at\((.+)\)$/.exec(found?.ScheduleExpression ?? "")?.[1];
  if (text === undefined) return undefined;
  const at = new Date(`${text}Z`);
  return { at, isDue: context.awsTime() > at.getTime() + STOPPED_WITHIN };
}

/** Cancels the scheduled stop of a color. Writes only if there is one. */
export async function cancelScheduledStop(deployment: string, context: AwsContext): Promise<void> {
  if ((await findSchedule(deployment, context)) === undefined) return;
  await ignoreNotFound(context.aws.scheduler.deleteSchedule({ Name: keepOldScheduleName(deployment) }));
}

async function findSchedule(deployment: string, { aws }: AwsContext) {
  try {
    return await ignoreNotFound(aws.scheduler.getSchedule({ Name: keepOldScheduleName(deployment) }));
  } catch (error) {
    // An endpoint without EventBridge Scheduler has no schedules.
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  }
}

/** Schedules have no tags, and no chain describes one: they are only found and deleted. */
export const keepOldKind: Kind<Tagged, { readonly name: string }, AwsContext> = {
  kind: "keep-old-schedule",
  unknown: { name: "" },
  read: async () => undefined,
  delete: async ({ name }, context) =>
    void (await ignoreNotFound(context.aws.scheduler.deleteSchedule({ Name: name }))),
  dependsOn: ["service", "iam-role"],

  async findOwned(owner, context): Promise<readonly Found<{ readonly name: string }>[]> {
    // A deployment that was never blue/green needs no permission to read schedules.
    const owned = await context.owned(owner);
    if (!owned.some(({ tags }) => RELEASE_TAG in tags)) return [];
    const deployment = owner.slice(owner.indexOf("/") + 1);
    const name = keepOldScheduleName(deployment);
    return (await findSchedule(deployment, context)) === undefined
      ? []
      : [{ name, state: { name }, tags: {} }];
  },
};
