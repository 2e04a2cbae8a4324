import type { AwsContext } from "../aws/context.js";
import type { AutoScalingGroupDesired, AutoScalingGroupState } from "../cluster/auto-scaling-group.js";
import type { CapacityProviderDesired } from "../cluster/capacity-provider.js";
import type { ClusterCapacityProviderDesired } from "../cluster/cluster-capacity-provider.js";
import type { InstanceBoundsDesired } from "../cluster/instance-bounds.js";
import type { Observation } from "../engine/observe.js";
import type { ScalableTargetDesired } from "../scaling/scalable-target.js";
import type { ServiceState } from "../service/ecs-service.js";
import type { ServiceDesired } from "../service/service-desired.js";
import type { PreparedGraph } from "./prepare.js";
import { roomWarnings } from "./room-warnings.js";

type Seen = Observation<AwsContext>;

/** What bounds do to what runs, and what the instances have no room for. */
export function scalingWarnings({ observations }: Pick<PreparedGraph, "observations">): string[] {
  const all = [...observations.values()];
  const of = (kind: string): Seen[] => all.filter(({ node }) => node.kind.kind === kind);
  return [
    ...of("scalable-target").flatMap(({ desired }) => {
      const { clusterName, serviceName, min, max } = desired as ScalableTargetDesired;
      const service = of("service").find(
        ({ desired: one }) =>
          (one as ServiceDesired).cluster === clusterName &&
          (one as ServiceDesired).serviceName === serviceName,
      );
      const now = (service?.observed?.state as ServiceState | undefined)?.desiredCount;
      return boundsWarning(`tasks of ${serviceName}`, now, min, max);
    }),
    ...[...of("instance-bounds"), ...of("auto-scaling-group")].flatMap(({ desired, observed }) => {
      const { groupName, min, max } = desired as InstanceBoundsDesired;
      const isElsewhere = (desired as AutoScalingGroupDesired).startsEmpty;
      const now = (observed?.state as Pick<AutoScalingGroupState, "wanted"> | undefined)?.wanted;
      return isElsewhere ? [] : boundsWarning(`instances of ${groupName}`, now, min, max);
    }),
    ...olderInstances(of("cluster-capacity-provider"), of("capacity-provider"), of("service")),
    ...roomWarnings(all),
  ];
}

function boundsWarning(what: string, now: number | undefined, min: number, max: number): string[] {
  if (now === undefined) return [];
  if (now < min) return [`the minimum raises the ${what} from ${now} to ${min} at once`];
  // A group that has a smaller maximum is told of where its change is.
  if (now > max && what.startsWith("tasks"))
    return [`the maximum lowers the ${what} from ${now} to ${max} at once`];
  return [];
}

/** ECS scales instances for what comes through its capacity provider: services use it once every instance is one of it. */
function olderInstances(
  attachments: readonly Seen[],
  providers: readonly Seen[],
  services: readonly Seen[],
): string[] {
  return attachments.flatMap(({ desired }) => {
    const { clusterName, capacityProvider } = desired as ClusterCapacityProviderDesired;
    const provider = providers.find(({ node }) => node.name === capacityProvider)?.desired;
    const isManaged = (provider as CapacityProviderDesired | undefined)?.targetCapacity !== undefined;
    const waiting = services.filter(({ desired: service }) => {
      const { cluster, launchType } = service as ServiceDesired;
      return isManaged && cluster === clusterName && launchType === "EC2";
    });
    if (waiting.length === 0) return [];
    return [
      `instances of ${clusterName} that run now were started before ECS scaled them: they are not drained, and ` +
        `${waiting.map(({ node }) => node.name).join(", ")} gets no new ones until they are replaced: end them one by one, then deploy again`,
    ];
  });
}
