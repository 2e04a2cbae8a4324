import type { ScheduledAction } from "@aws-sdk/client-application-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { SERVICE_COUNT } from "../aws/scalable-targets.js";
import { paginate } from "../aws/paginate.js";
import { UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { ownedTargets } from "./owned-targets.js";
import { isQuaysideName } from "./quayside-name.js";
import { isDeletedWithTarget } from "./scalable-target.js";

export interface ScheduledActionDesired extends Tagged {
  readonly resourceId: string;
  readonly actionName: string;
  readonly schedule: string;
  readonly timezone: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface ScheduledActionState {
  readonly resourceId: string;
  readonly actionName: string;
}

/** New bounds of a service's number of tasks, at a certain time. */
export const scheduledActionKind: Kind<ScheduledActionDesired, ScheduledActionState, AwsContext> = {
  kind: "scheduled-action",
  unknown: { resourceId: UNKNOWN, actionName: UNKNOWN },
  dependsOn: ["scalable-target"],
  deletedWith: isDeletedWithTarget,
  immutable: ["resourceId", "actionName"],

  async read({ resourceId, actionName, tags }, context) {
    const found = (await describe(resourceId, context)).find(
      (each) => each.ScheduledActionName === actionName,
    );
    if (found === undefined) return undefined;
    return {
      state: { resourceId, actionName },
      current: {
        resourceId,
        actionName,
        schedule: found.Schedule,
        // Moto has no time zones; AWS returns what was sent.
        ...(found.Timezone === undefined ? {} : { timezone: found.Timezone }),
        min: found.ScalableTargetAction?.MinCapacity,
        max: found.ScalableTargetAction?.MaxCapacity,
      },
      tags,
    };
  },

  create: put,
  update: (desired, _observed, _changes, context) => put(desired, context),

  async delete({ resourceId, actionName }, { aws }) {
    await ignoreNotFound(
      aws.applicationAutoScaling.deleteScheduledAction({
        ...SERVICE_COUNT,
        ResourceId: resourceId,
        ScheduledActionName: actionName,
      }),
    );
  },

  async findOwned(owner, context) {
    const targets = await ownedTargets(owner, context);
    const actions = await Promise.all(
      targets.map(async ({ resourceId, tags }) =>
        (await describe(resourceId, context))
          .filter(({ ScheduledActionName }) => isQuaysideName(ScheduledActionName))
          .map((action): Found<ScheduledActionState> => {
            const state = { resourceId, actionName: action.ScheduledActionName ?? "" };
            return { name: `${resourceId.replace(/^service\//, "")}/${state.actionName}`, state, tags };
          }),
      ),
    );
    return actions.flat();
  },
};

/** Writes the whole action: an update clears the fields that it omits. */
async function put(desired: ScheduledActionDesired, { aws }: AwsContext): Promise<ScheduledActionState> {
  const { resourceId, actionName, schedule, timezone, min, max } = desired;
  await aws.applicationAutoScaling.putScheduledAction({
    ...SERVICE_COUNT,
    ResourceId: resourceId,
    ScheduledActionName: actionName,
    Schedule: schedule,
    ...(timezone === undefined ? {} : { Timezone: timezone }),
    ScalableTargetAction: {
      ...(min === undefined ? {} : { MinCapacity: min }),
      ...(max === undefined ? {} : { MaxCapacity: max }),
    },
  });
  return { resourceId, actionName };
}

async function describe(ResourceId: string, { aws }: AwsContext): Promise<ScheduledAction[]> {
  const request = { ...SERVICE_COUNT, ResourceId };
  return paginate(
    "NextToken",
    (next) => ignoreNotFound(aws.applicationAutoScaling.describeScheduledActions({ ...request, ...next })),
    ({ ScheduledActions }) => ScheduledActions,
  );
}
