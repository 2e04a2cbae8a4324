import type { AwsContext } from "../../aws/context.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import type { PlannedGraph } from "../plan/plan-graph.js";
import { loadBalancerReplacement, schemeReplacementWarning } from "./load-balancer-replacement.js";
import { targetGroupReplacementWarning, withReplacementTargetGroup } from "./target-group-replacement.js";
import { networkRoutesOf } from "../../spec/load-balancers-of.js";

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
  const { route, networkRoutes } = spec;
  if (variant?.standby !== undefined) return { spec, replaced: [] };
  const main = route && (await loadBalancerReplacement(route.loadBalancer, context));
  const network = await Promise.all(
    networkRoutesOf(spec).map(({ loadBalancer }) => loadBalancerReplacement(loadBalancer, context)),
  );
  const withLoadBalancers: DeploymentSpec = {
    ...spec,
    ...(main && { route: { ...route!, loadBalancer: main.spec } }),
    ...(networkRoutes && {
      networkRoutes: networkRoutes.map((each, index) => ({ ...each, loadBalancer: network[index]!.spec })),
    }),
  };
  return {
    spec: await withReplacementTargetGroup(withLoadBalancers, context),
    replaced: [...(main?.replaced ?? []), ...network.flatMap(({ replaced }) => replaced)],
  };
}

/** The warnings for a plan that replaces a resource. */
export function replacementWarnings(
  described: DeploymentSpec,
  replaced: DeploymentSpec,
  { changes, removals }: Pick<PlannedGraph, "changes" | "removals">,
): string[] {
  const before = [...(described.route ? [described.route] : []), ...networkRoutesOf(described)];
  const after = [...(replaced.route ? [replaced.route] : []), ...networkRoutesOf(replaced)];
  return before.flatMap((route, index) => {
    const replacement = after[index];
    if (replacement === undefined) return [];
    return [
      ...schemeReplacementWarning(route.loadBalancer, replacement.loadBalancer, changes),
      ...targetGroupReplacementWarning(route, replacement, removals),
    ];
  });
}
