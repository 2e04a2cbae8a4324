import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";
import type { Found, Kind, Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { stopService } from "../scaling/stop-service.js";
import { keepOldRoleName, keepOldScheduleName } from "../spec/derived-names.js";
import { COLORS, colorService, RELEASE_TAG, type BlueGreenDeployment, type Color } from "./colors.js";

/** What EventBridge Scheduler takes on to stop the old color. */
/** A deployment whose old color AWS shall stop. */
export interface KeepOld {
  readonly spec: BlueGreenDeployment;
  /** One of the colors is scaled, be it the old one only. */
  readonly isScaled: boolean;
}

export async function keepOldOf(
  spec: BlueGreenDeployment,
  context: AwsContext,
): Promise<KeepOld | undefined> {
  if (spec.blueGreen.keepOld === undefined) return undefined;
  const ids = COLORS.map((color) => resourceIdOf(spec.cluster.name, colorService(spec, color)));
  const isScaled = spec.scaling !== undefined || (await describeTargets(ids, context)).length > 0;
  return { spec, isScaled };
}

/** No more than it needs: to set the number of tasks of the two services, and the bounds of their scaling. */
export const keepOldPolicy = (
  { spec, isScaled }: KeepOld,
  { partition, region }: Pick<AwsContext, "partition" | "region">,
): object => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "ecs:UpdateService",
      Resource: COLORS.map(
        (color) =>
          `arn:${partition}:ecs:${region}:*:service/${spec.cluster.name}/${colorService(spec, color)}`,
      ),
    },
    // Scalable targets have random ids.
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
 * Has AWS stop the color in a while, with no process of ours running: one schedule that sets its number
 * of tasks to 0, once, and is then gone.
 *
 * @returns when
 */
export async function keepFor(
  spec: BlueGreenDeployment,
  color: Color,
  seconds: number,
  context: AwsContext,
): Promise<Date> {
  const { iam, scheduler } = context.aws;
  const RoleName = keepOldRoleName(spec.name);
  const role = await ignoreNotFound(iam.getRole({ RoleName }));
  if (role?.Role?.Arn === undefined) {
    throw new QuaysideError(
      "no-keep-old-role",
      `The old version of ${spec.name} is kept until retire(): role ${RoleName} does not exist`,
      {
        fix: "Deploy once with .blueGreen({ keepOld }): it makes the role.",
      },
    );
  }
  // Schedules count in whole seconds.
  const until = new Date(Math.ceil(context.clock.now() / 1000 + seconds) * 1000);
  const schedule: CreateScheduleCommandInput = {
    Name: keepOldScheduleName(spec.name),
    Description: `Stops the ${color} version of ${spec.name}`,
    ScheduleExpression: `at(${until.toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    Target: { RoleArn: role.Role.Arn, ...(await stopping(spec, color, context)) },
  };
  try {
    await scheduler.createSchedule(schedule);
  } catch (error) {
    if (!hasErrorCode(error, "ConflictException")) throw error;
    await scheduler.updateSchedule(schedule);
  }
  return until;
}

/** The one call that stops the color for good: of its scaling, if it has any, which would raise a count of 0 again. */
async function stopping(
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

/** When the idle color will be stopped, if that has been arranged. */
export async function keptUntil(deployment: string, context: AwsContext): Promise<Date | undefined> {
  const found = await scheduled(deployment, context);
  const at = /^at\((.+)\)$/.exec(found?.ScheduleExpression ?? "")?.[1];
  return at === undefined ? undefined : new Date(`${at}Z`);
}

/** The color is needed after all. Writes only if there is something to cancel. */
export async function cancelKeeping(deployment: string, context: AwsContext): Promise<void> {
  if ((await scheduled(deployment, context)) === undefined) return;
  await ignoreNotFound(context.aws.scheduler.deleteSchedule({ Name: keepOldScheduleName(deployment) }));
}

async function scheduled(deployment: string, { aws }: AwsContext) {
  try {
    return await ignoreNotFound(aws.scheduler.getSchedule({ Name: keepOldScheduleName(deployment) }));
  } catch (error) {
    // An endpoint without EventBridge Scheduler has no schedules.
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  }
}

/** Only found and deleted: schedules carry no tags, and no chain describes one. */
export const keepOldKind: Kind<Tagged, { readonly name: string }, AwsContext> = {
  kind: "keep-old-schedule",
  unknown: { name: "" },
  read: async () => undefined,
  delete: async ({ name }, context) =>
    void (await ignoreNotFound(context.aws.scheduler.deleteSchedule({ Name: name }))),
  dependsOn: ["service", "iam-role"],

  async findOwned(owner, context): Promise<readonly Found<{ readonly name: string }>[]> {
    // Whoever was never blue/green needs no permission to ask.
    const owned = await context.owned(owner);
    if (!owned.some(({ tags }) => RELEASE_TAG in tags)) return [];
    const deployment = owner.slice(owner.indexOf("/") + 1);
    const name = keepOldScheduleName(deployment);
    return (await scheduled(deployment, context)) === undefined ? [] : [{ name, state: { name }, tags: {} }];
  },
};
