import type { AwsContext } from "../../aws/context.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import type { PlannedGraph } from "../plan/plan-graph.js";
import { loadBalancerReplacement, otherSchemeWarning } from "./load-balancer-replacement.js";
import { otherTargetGroupWarning, withSuitingTargetGroup } from "./target-group-replacement.js";

/** A deployment as it can be made, and the load balancers that others have taken the place of. */
export interface SuitingSpec {
  readonly spec: DeploymentSpec;
  readonly replaced: readonly LoadBalancerSpec[];
}

/**
 * The deployment with other names for what is there under the described ones, is its own, and cannot be changed
 * in place. Colors are known by the names of their target groups, which stay.
 */
export async function withReplacementNames(
  spec: DeploymentSpec,
  variant: ServiceVariant | undefined,
  context: AwsContext,
): Promise<SuitingSpec> {
  const { route } = spec;
  if (route === undefined || variant?.standby !== undefined) return { spec, replaced: [] };
  const { spec: loadBalancer, replaced } = await loadBalancerReplacement(route.loadBalancer, context);
  const onIt = { ...spec, route: { ...route, loadBalancer } };
  return { spec: await withSuitingTargetGroup(onIt, context), replaced };
}

/** For the plan that replaces something. */
export function replacementWarnings(
  { route: wanted }: DeploymentSpec,
  { route: suiting }: DeploymentSpec,
  { changes, leftovers }: Pick<PlannedGraph, "changes" | "leftovers">,
): string[] {
  if (wanted === undefined || suiting === undefined) return [];
  return [
    ...otherSchemeWarning(wanted.loadBalancer, suiting.loadBalancer, changes),
    ...otherTargetGroupWarning(wanted, suiting, leftovers),
  ];
}
