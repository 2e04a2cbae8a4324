import type { AwsContext } from "../aws/context.js";
import { created, type Graph, type Need, type Ref } from "../engine/graph.js";
import { isUnknown } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { vpcKind } from "../network/own/vpc.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { loadBalancersOf } from "../spec/load-balancers-of.js";
import type { Balancer } from "./balancer.js";

/** A cluster or a load balancer, and its VPC. */
interface Side {
  /** `cluster web`. */
  readonly subject: string;
  /** The VPC's id; unknown if the VPC is to be created. */
  readonly vpcId: string;
  /** The name of the network that quayside creates; `undefined` for another VPC. */
  readonly network: string | undefined;
}

/** The load balancers of a deployment, each once, in the order of its routes. */
export function balancersBehind(
  spec: DeploymentSpec,
  balancers: readonly (Balancer | undefined)[],
): readonly { readonly name: string; readonly balancer: Balancer }[] {
  const names = loadBalancersOf(spec).map(({ name }) => name);
  const byName = new Map(names.map((name, index) => [name, balancers[index]]));
  return [...byName].flatMap(([name, balancer]) => (balancer === undefined ? [] : [{ name, balancer }]));
}

/** The needs of the VPCs of load balancers, in their order. */
export const vpcsOf = (
  behind: ReturnType<typeof balancersBehind>,
): readonly Need<{ readonly vpcId: string }>[] => behind.map(({ balancer }) => created(balancer.vpc));

/**
 * Refuses a deployment behind a load balancer that is in another VPC than its cluster: it reaches only targets in its own
 * VPC. A VPC that is still to be created is none of those that exist.
 *
 * @throws QuaysideError `different-vpcs`
 */
export function assertSameVpc(
  graph: Graph<AwsContext>,
  { cluster }: DeploymentSpec,
  network: Ref<unknown>,
  behind: ReturnType<typeof balancersBehind>,
  known: {
    readonly network: { readonly vpcId: string };
    readonly balancerVpcs: readonly { readonly vpcId: string }[];
  },
): void {
  const own: Side = {
    subject: `cluster ${cluster.name}`,
    vpcId: known.network.vpcId,
    network: ownNetworkOf(graph, network),
  };
  for (const [index, { name, balancer }] of behind.entries()) {
    const other: Side = {
      subject: `load balancer ${name}`,
      vpcId: balancer.presentVpcId ?? known.balancerVpcs[index]!.vpcId,
      network: balancer.presentVpcId === undefined ? ownNetworkOf(graph, balancer.vpc) : undefined,
    };
    if (!isSame(own, other)) throw differentVpcs(own, other);
  }
}

const isSame = (one: Side, other: Side): boolean =>
  isUnknown(one.vpcId) && isUnknown(other.vpcId) ? one.network === other.network : one.vpcId === other.vpcId;

/** The name of the network that quayside creates, if subnets are of one. */
function ownNetworkOf(graph: Graph<AwsContext>, ref: Ref<unknown>): string | undefined {
  const needs = graph.node(ref.id)?.needs ?? [];
  const vpc = needs
    .map(([, need]) => graph.node(need.ref.id))
    .find((node) => node?.kind.kind === vpcKind.kind);
  return vpc?.name;
}

function differentVpcs(cluster: Side, balancer: Side): QuaysideError {
  const [inCluster, inBalancer] = [cluster, balancer].map(({ network, vpcId }) =>
    network === undefined ? vpcId : `network ${network}`,
  );
  return new QuaysideError(
    "different-vpcs",
    `Nothing was changed: ${cluster.subject} is in ${inCluster}, but ${balancer.subject} is in ${inBalancer}: a load balancer reaches only targets in its own VPC`,
    {
      facts: { cluster: factOf(cluster), loadBalancer: factOf(balancer) },
      fix: `Use the same network for both: .network(${codeOf(balancer)}) on the cluster, or .network(${codeOf(cluster)}) on the load balancer.`,
    },
  );
}

const factOf = ({ network, vpcId }: Side): string =>
  network !== undefined && isUnknown(vpcId) ? network : vpcId;

const codeOf = ({ network, vpcId }: Side): string =>
  network === undefined ? `{ vpc: "${vpcId}" }` : `new Network("${network}")`;
