import type { AwsContext } from "../../aws/context.js";
import type { AutoScalingGroupDesired, AutoScalingGroupState } from "../../cluster/auto-scaling-group.js";
import type { CapacityProviderDesired } from "../../cluster/capacity-provider.js";
import type { ClusterCapacityProviderDesired } from "../../cluster/cluster-capacity-provider.js";
import type { InstanceBoundsDesired } from "../../cluster/instance-bounds.js";
import type { Observation } from "../../engine/observe.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import type { ServiceState } from "../../service/service-state.js";
import type { PlannedGraph } from "../plan/plan-graph.js";
import { roomWarnings } from "./capacity-warnings.js";

type Seen = Observation<AwsContext>;

/** What bounds do to what runs, and what the instances have no room for. */
export function scalingWarnings({ observations }: Pick<PlannedGraph, "observations">): string[] {
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
    ...[...of("instance-bounds"), ...of("auto-scaling-group")].flatMap(({ node, desired, observed }) => {
      const { groupName, min, max } = desired as InstanceBoundsDesired;
      // The bounds of one that is only named are left as they are.
      const isElsewhere = (desired as AutoScalingGroupDesired).startsEmpty || node.claim === "use";
      const now = (observed?.state as Pick<AutoScalingGroupState, "desiredCapacity"> | undefined)
        ?.desiredCapacity;
      return isElsewhere ? [] : boundsWarning(`instances of ${groupName}`, now, min, max);
    }),
    ...olderInstances({
      attachments: of("cluster-capacity-provider"),
      providers: of("capacity-provider"),
      groups: of("auto-scaling-group"),
      services: of("service"),
    }),
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

/**
 * Instances that were started before the cluster had a capacity provider. ECS places there nothing that
 * comes through it, and may never drain them.
 */
function olderInstances({
  attachments,
  providers,
  groups,
  services,
}: Readonly<Record<"attachments" | "providers" | "groups" | "services", readonly Seen[]>>): string[] {
  return attachments.flatMap(({ desired, observed }) => {
    const { clusterName, capacityProvider } = desired as ClusterCapacityProviderDesired;
    const provider = providers.find(({ node }) => node.name === capacityProvider)?.desired;
    const isManaged = (provider as CapacityProviderDesired | undefined)?.targetCapacity !== undefined;
    const waiting = services.filter(({ desired: service }) => {
      const { cluster, launchType } = service as ServiceDesired;
      return isManaged && cluster === clusterName && launchType === "EC2";
    });
    const group = groups.find(
      ({ desired: one }) => (one as AutoScalingGroupDesired).clusterName === clusterName,
    );
    const running = (group?.observed?.state as AutoScalingGroupState | undefined)?.desiredCapacity ?? 0;
    const isNew = observed === undefined && running > 0;
    if (!isNew && waiting.length === 0) return [];
    const without =
      waiting.length === 0
        ? "their CPU is measured only every five minutes until they are replaced: end them one by one"
        : `${waiting.map(({ node }) => node.name).join(", ")} gets no new ones until they are replaced: end them one by one, then deploy again`;
    return [
      `instances of ${clusterName} that run now were started before ECS could drain them, and are protected from scale-in; ${without}`,
    ];
  });
}
