import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { Graph } from "../engine/graph.js";
import type { Kind, Tagged } from "../engine/kind.js";
import { findLeftovers } from "../engine/leftovers.js";
import { removeAll } from "../engine/remove.js";
import { alarmActionKind } from "../scaling/alarm-action.js";
import { alarmKind } from "../scaling/alarm.js";
import { scalableTargetKind } from "../scaling/scalable-target.js";
import { scalingPolicyKind } from "../scaling/scaling-policy.js";
import { scheduledActionKind } from "../scaling/scheduled-action.js";
import { targetsService } from "../scaling/targets-service.js";
import type { BlueGreenDeployment } from "./colors.js";

type AnyKind = Kind<Tagged, unknown, AwsContext>;

const SCALING = [
  alarmKind,
  alarmActionKind,
  scalableTargetKind,
  scalingPolicyKind,
  scheduledActionKind,
] as unknown as readonly AnyKind[];

/** Removes our scaling of a service that will be deleted: it would raise the service to its minimum again. */
export async function removeScaling(
  { name, cluster }: BlueGreenDeployment,
  serviceName: string,
  context: AwsContext,
): Promise<void> {
  const found = await findLeftovers(SCALING, [ownerOf.deployment(name)], new Graph<AwsContext>(), context);
  const scaling = found.filter((each) =>
    targetsService(each, { cluster: cluster.name, service: serviceName }),
  );
  if (scaling.length > 0) await removeAll(scaling, context);
}
