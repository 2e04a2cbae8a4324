import type { Overrides } from "../aws/overrides.js";
import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { Graph } from "../engine/graph.js";
import type { Plan } from "../engine/plan.js";
import type { Balancer } from "../graph/balancer.js";
import { addBalancer } from "../graph/load-balancer-graph.js";
import { addBalancerNetwork } from "../graph/network-graph.js";
import { loadBalancerRules, type ListenerFacts } from "../load-balancer/rules/load-balancer-rules.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { applyPlan, stateOf } from "./apply-plan.js";
import { destroyGraph } from "./destroy-graph.js";
import { createPlan, edgesOf } from "./plan/create-plan.js";
import { planGraph } from "./plan/plan-graph.js";
import { scopeOf } from "./plan/plan-scope.js";
import {
  loadBalancerReplacement,
  schemeReplacementWarning,
} from "./replacement/load-balancer-replacement.js";
import type { Destroyed, OperationOptions } from "./results.js";
import { endpointOf } from "./service-url.js";
import { quotaWarnings } from "./warnings/quota-warnings.js";
import { planWarnings } from "./warnings/plan-warnings.js";
import { withContext } from "./with-context.js";

export type { ListenerFacts, RuleFacts } from "../load-balancer/rules/load-balancer-rules.js";

export interface ConfiguredLoadBalancer {
  readonly spec: LoadBalancerSpec;
  readonly overrides: Overrides;
  readonly sharedOverrides?: ReadonlyMap<string, Overrides> | undefined;
  readonly cloud: Cloud;
}

export interface LoadBalancerDeployed {
  readonly loadBalancer: string;
  /**
   * The URL of its HTTPS listener, else of its first listener; of a Network Load Balancer without a listener,
   * `tcp://name`.
   */
  readonly url: string;
  readonly changes: Plan["changes"];
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface LoadBalancerStatus {
  readonly loadBalancer: string;
  readonly exists: boolean;
  /** The state in AWS: `provisioning`, `active`, `active_impaired` or `failed`; `undefined` if it does not exist. */
  readonly state: string | undefined;
  readonly url: string | undefined;
  readonly listeners: readonly ListenerFacts[];
}

const runFor = <T>(
  { spec, cloud, overrides, sharedOverrides }: ConfiguredLoadBalancer,
  options: OperationOptions,
  work: (context: AwsContext) => Promise<T>,
): Promise<T> => withContext({ spec, cloud, overrides, sharedOverrides }, options, work);

export function planLoadBalancer(
  described: ConfiguredLoadBalancer,
  options: OperationOptions = {},
): Promise<Plan> {
  return runFor(described, options, async (context) => {
    const { spec, replaced } = await loadBalancerReplacement(described.spec, context);
    const { graph } = await balancerGraph(spec, context);
    const planned = await planGraph(graph, { owners: [], balancers: [spec], replaced }, options, context);
    const { changes } = planned;
    const warnings = [
      ...planWarnings(changes),
      ...schemeReplacementWarning(described.spec, spec, changes),
      ...(await quotaWarnings(planned, context)),
    ];
    return createPlan(changes, edgesOf(graph), warnings, await scopeOf(context));
  });
}

/** Creates the load balancer and waits until it is active. */
export function deployLoadBalancer(
  described: ConfiguredLoadBalancer,
  options: OperationOptions = {},
): Promise<LoadBalancerDeployed> {
  const { cloud } = described;
  return runFor(described, options, async (context) => {
    const { spec, replaced } = await loadBalancerReplacement(described.spec, context);
    const { graph, balancer } = await balancerGraph(spec, context);
    const prepared = await planGraph(graph, { owners: [], balancers: [spec], replaced }, options, context);
    const warnings = await quotaWarnings(prepared, context);
    const states = await applyPlan({ ...prepared, warnings }, context);
    const { dnsName } = stateOf(states, balancer!.loadBalancer)!;
    return {
      loadBalancer: spec.name,
      url: urlOf(spec, dnsName, cloud, balancer!.address),
      changes: prepared.changes,
      duration: Math.round(context.clock.now() - context.startedAt),
    };
  });
}

/** Returns the status of the load balancer, also if it does not exist. Changes nothing. */
export function loadBalancerStatus(
  described: ConfiguredLoadBalancer,
  options: OperationOptions = {},
): Promise<LoadBalancerStatus> {
  const { cloud } = described;
  return runFor(described, options, async (context) => {
    const { spec } = await loadBalancerReplacement(described.spec, context);
    const found = await loadBalancerRules(spec.name, context);
    return {
      loadBalancer: spec.name,
      exists: found !== undefined,
      state: found?.state,
      url: found && urlOf(spec, found.dnsName, cloud),
      listeners: found?.listeners ?? [],
    };
  });
}

export function destroyLoadBalancer(
  described: ConfiguredLoadBalancer,
  options: OperationOptions = {},
): Promise<Destroyed> {
  return runFor(described, options, async (context) => {
    const { graph } = await balancerGraph(described.spec, context, "destroy");
    const { spec, replaced } = await loadBalancerReplacement(described.spec, context);
    for (const other of [spec, ...replaced].filter(({ name }) => name !== described.spec.name))
      await addBalancerTo(graph, other, context, "destroy");
    return destroyGraph(graph, context);
  });
}

/** A Network Load Balancer whose listeners are described with the deployments has no port of its own. */
function urlOf(
  { type, listeners }: LoadBalancerSpec,
  dnsName: string,
  cloud: Cloud,
  found?: Balancer["address"],
): string {
  if (type === "network" && listeners.length === 0 && found === undefined) return `tcp://${dnsName}`;
  const { protocol, port } = endpointOf(listeners, found);
  return cloud.address({ dnsName, protocol, port });
}

async function balancerGraph(
  spec: LoadBalancerSpec,
  context: AwsContext,
  purpose: GraphPurpose = "deploy",
): Promise<{ graph: Graph<AwsContext>; balancer: Balancer | undefined }> {
  const graph = new Graph<AwsContext>();
  return { graph, balancer: await addBalancerTo(graph, spec, context, purpose) };
}

async function addBalancerTo(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Balancer | undefined> {
  const network = await addBalancerNetwork(graph, spec, undefined, context, purpose);
  const balancer = await addBalancer(graph, spec, network, context, purpose);
  if (balancer !== undefined) graph.goal(balancer.loadBalancer);
  return balancer;
}
