import type { AwsContext } from "../aws/context.js";
import type { Cloud } from "../aws/cloud.js";
import type { Overrides } from "../aws/overrides.js";
import { Graph, type GraphPurpose } from "../engine/graph.js";
import type { Plan } from "../engine/plan.js";
import { addOwnNetwork, type OwnNetworkRefs } from "../graph/own-network-graph.js";
import { networkFacts, type NetworkFacts } from "../network/own/network-facts.js";
import type { OwnNetworkSpec } from "../spec/own-network.js";
import { FARGATE_ENDPOINTS } from "../network/vpc-endpoints.js";
import { applyPlan, stateOf } from "./apply-plan.js";
import { destroyGraph } from "./destroy-graph.js";
import { planWithWarnings } from "./plan.js";
import { planGraph } from "./plan/plan-graph.js";
import type { Destroyed, OperationOptions } from "./results.js";
import { withContext } from "./with-context.js";

export type {
  EndpointFacts,
  NatGatewayFacts,
  NetworkFacts,
  SubnetFacts,
} from "../network/own/network-facts.js";

export interface ConfiguredNetwork {
  readonly spec: OwnNetworkSpec;
  readonly overrides: Overrides;
  readonly cloud: Cloud;
}

export interface NetworkDeployed {
  readonly network: string;
  readonly vpcId: string;
  readonly changes: Plan["changes"];
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface NetworkStatus extends NetworkFacts {
  readonly network: string;
  readonly exists: boolean;
}

const runFor = <T>(
  { spec, cloud, overrides }: ConfiguredNetwork,
  options: OperationOptions,
  work: (context: AwsContext) => Promise<T>,
): Promise<T> => withContext({ spec, cloud, overrides }, options, work);

export function planNetwork(described: ConfiguredNetwork, options: OperationOptions = {}): Promise<Plan> {
  return runFor(described, options, (context) => {
    const plan = async () => {
      const { graph } = await networkGraph(described.spec, context);
      return planGraph(graph, { owners: [], balancers: [] }, options, context);
    };
    return planWithWarnings(plan, context, []);
  });
}

/** Creates the network, and waits until its NAT gateways and endpoints are available. */
export function deployNetwork(
  described: ConfiguredNetwork,
  options: OperationOptions = {},
): Promise<NetworkDeployed> {
  return runFor(described, options, async (context) => {
    const { graph, refs } = await networkGraph(described.spec, context);
    const prepared = await planGraph(graph, { owners: [], balancers: [] }, options, context);
    const states = await applyPlan(prepared, context);
    return {
      network: described.spec.name,
      vpcId: stateOf(states, refs.vpc)!.vpcId,
      changes: prepared.changes,
      duration: Math.round(context.clock.now() - context.startedAt),
    };
  });
}

/** Returns the status of the network, also if it does not exist. Changes nothing. */
export function networkStatus(
  described: ConfiguredNetwork,
  options: OperationOptions = {},
): Promise<NetworkStatus> {
  const { name } = described.spec;
  return runFor(described, options, async (context) => {
    const facts = await networkFacts(name, context);
    return { network: name, exists: facts.vpcId !== undefined, ...facts };
  });
}

export function destroyNetwork(
  described: ConfiguredNetwork,
  options: OperationOptions = {},
): Promise<Destroyed> {
  return runFor(described, options, async (context) => {
    const { graph } = await networkGraph(described.spec, context, "destroy");
    return destroyGraph(graph, context);
  });
}

/** Without users, a network has the endpoints that all of them need. */
async function networkGraph(
  spec: OwnNetworkSpec,
  context: AwsContext,
  purpose: GraphPurpose = "deploy",
): Promise<{ readonly graph: Graph<AwsContext>; readonly refs: OwnNetworkRefs }> {
  const graph = new Graph<AwsContext>();
  const refs = await addOwnNetwork(graph, spec, { reaches: FARGATE_ENDPOINTS }, context, purpose);
  for (const ref of [...refs.natGateways, ...refs.endpoints]) graph.goal(ref);
  return { graph, refs };
}
