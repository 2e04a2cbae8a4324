import type { AwsContext } from "../../aws/context.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import type { PlannedGraph } from "../plan/plan-graph.js";
import { loadBalancerReplacement, schemeReplacementWarning } from "./load-balancer-replacement.js";
import { targetGroupReplacementWarning, withReplacementTargetGroup } from "./target-group-replacement.js";

/** A deployment with the names of its replacements, and the load balancers that are replaced. */
export interface SpecWithReplacements {
  readonly spec: DeploymentSpec;
  readonly replaced: readonly LoadBalancerSpec[];
}

/**
 * Gives the resources that belong to the deployment, and that AWS cannot change in place, the names of their
 * replacements. Not with blue/green: colors are identified by the names of their target groups.
 */
export async function withReplacementNames(
  spec: DeploymentSpec,
  variant: ServiceVariant | undefined,
  context: AwsContext,
): Promise<SpecWithReplacements> {
  const { route } = spec;
  if (route === undefined || variant?.standby !== undefined) return { spec, replaced: [] };
  const { spec: loadBalancer, replaced } = await loadBalancerReplacement(route.loadBalancer, context);
  const withLoadBalancer = { ...spec, route: { ...route, loadBalancer } };
  return { spec: await withReplacementTargetGroup(withLoadBalancer, context), replaced };
}

/** The warnings for a plan that replaces a resource. */
export function replacementWarnings(
  { route: described }: DeploymentSpec,
  { route: replacement }: DeploymentSpec,
  { changes, removals }: Pick<PlannedGraph, "changes" | "removals">,
): string[] {
  if (described === undefined || replacement === undefined) return [];
  return [
    ...schemeReplacementWarning(described.loadBalancer, replacement.loadBalancer, changes),
    ...targetGroupReplacementWarning(described, replacement, removals),
  ];
}
