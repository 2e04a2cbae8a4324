import type { AwsContext } from "../../aws/context.js";
import type { AutoScalingGroupDesired, AutoScalingGroupState } from "../../cluster/auto-scaling-group.js";
import type { CapacityProviderDesired } from "../../cluster/capacity-provider.js";
import type { ClusterCapacityProviderDesired } from "../../cluster/cluster-capacity-provider.js";
import type { InstanceBoundsDesired } from "../../cluster/instance-bounds.js";
import type { Observation } from "../../engine/observe.js";
import type { InstanceScalingPolicyDesired } from "../../scaling/instance-scaling-policy.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import type { ServiceState } from "../../service/service-state.js";
import type { PlannedGraph } from "../plan/plan-graph.js";
import { capacityWarnings } from "./capacity-warnings.js";
import { noPublicAddressWarnings } from "./task-network-warnings.js";

type Observed = Observation<AwsContext>;

/** The warnings about bounds that change what is running, about unmanaged instances, and about capacity. */
export function scalingWarnings({ observations }: Pick<PlannedGraph, "observations">): string[] {
  const all = [...observations.values()];
  const of = (kind: string): Observed[] => all.filter(({ node }) => node.kind.kind === kind);
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
    ...of("instance-bounds").flatMap(({ node, desired, observed }) => {
      const { groupName, min, max } = desired as InstanceBoundsDesired;
      // The bounds of a cluster that is only named are not changed.
      const now = (observed?.state as Pick<AutoScalingGroupState, "desiredCapacity"> | undefined)
        ?.desiredCapacity;
      return node.claim === "use" ? [] : boundsWarning(`instances of ${groupName}`, now, min, max);
    }),
    ...olderInstances({
      attachments: of("cluster-capacity-provider"),
      providers: of("capacity-provider"),
      groups: of("auto-scaling-group"),
      services: of("service"),
      policies: of("instance-scaling-policy"),
    }),
    ...capacityWarnings(all),
    ...noPublicAddressWarnings(all),
  ];
}

function boundsWarning(what: string, now: number | undefined, min: number, max: number): string[] {
  if (now === undefined) return [];
  if (now < min) return [`the minimum increases the ${what} from ${now} to ${min} immediately`];
  // The lower maximum of a group is reported with its change.
  if (now > max && what.startsWith("tasks"))
    return [`the maximum decreases the ${what} from ${now} to ${max} immediately`];
  return [];
}

/**
 * The warning for instances that were started before the cluster had a capacity provider. ECS places no
 * tasks of the capacity provider on them, and may never drain them.
 */
function olderInstances({
  attachments,
  providers,
  groups,
  services,
  policies,
}: Readonly<
  Record<"attachments" | "providers" | "groups" | "services" | "policies", readonly Observed[]>
>): string[] {
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
    const name = group?.node.name;
    const isMeasured = policies.some(
      ({ desired: one }) => (one as InstanceScalingPolicyDesired).groupName === name,
    );
    const consequence =
      waiting.length === 0
        ? !isMeasured
          ? "they end without draining until they are replaced: terminate them one by one"
          : "their CPU is measured only every five minutes until they are replaced: terminate them one by one"
        : `${waiting.map(({ node }) => node.name).join(", ")} gets no new instances until they are replaced: terminate them one by one, then deploy again`;
    return [
      `the running instances of ${clusterName} were started before ECS could drain them, and are protected from scale-in; ${consequence}`,
    ];
  });
}
