import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { TargetGroupDesired } from "../load-balancer/target-group-desired.js";
import { targetGroupKind, type TargetGroupState } from "../load-balancer/target-group.js";
import type { NetworkState } from "../network/network-state.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { NetworkRouteSpec } from "../spec/network-route.js";
import { TARGET_GROUP_PORT, type RouteSpec } from "../spec/route.js";
import { targetTypeOf } from "../spec/task/task-options.js";
import type { Balancer } from "./balancer.js";

/** ELB's names. */
const PROTOCOL_VERSIONS = { http2: "HTTP2", grpc: "GRPC" } as const;
const ALGORITHMS = {
  "least-outstanding": "least_outstanding_requests",
  "weighted-random": "weighted_random",
} as const;

export function addTargetGroup(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  name: string,
  balancer: Balancer,
  network: Ref<NetworkState>,
  route: RouteSpec,
): Ref<TargetGroupState> {
  return add(graph, spec, name, balancer, network, {
    protocol: "HTTP",
    protocolVersion: route.protocol && PROTOCOL_VERSIONS[route.protocol],
    healthCheck: route.healthCheck,
    deregistrationDelay: route.deregistrationDelay,
    stickiness: route.stickiness,
    slowStart: route.slowStart,
    algorithm: route.algorithm && ALGORITHMS[route.algorithm],
  });
}

/** A target group of a Network Load Balancer's listener. */
export function addNetworkTargetGroup(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  name: string,
  balancer: Balancer,
  network: Ref<NetworkState>,
  route: NetworkRouteSpec,
): Ref<TargetGroupState> {
  const { deregistrationDelay, healthCheck, proxyProtocol, connectionTermination } = route;
  const isUdp = route.listener.protocol === "udp";
  // Source: ELB User Guide, "Client IP preservation".
  const preservesByDefault = isUdp || targetTypeOf(spec) === "instance";
  return add(graph, spec, name, balancer, network, {
    // A TLS listener decrypts: the tasks get TCP.
    protocol: isUdp ? "UDP" : "TCP",
    healthCheck,
    deregistrationDelay,
    stickiness: undefined,
    preserveClientIp: route.preserveClientIp ?? preservesByDefault,
    proxyProtocol,
    connectionTermination,
  });
}

/** What distinguishes the target group of one route from those of others. */
type OfRoute = Omit<
  TargetGroupDesired,
  "name" | "targetType" | "port" | "vpcId" | "loadBalancerArn" | "tags"
>;

const add = (
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  name: string,
  { loadBalancer }: Balancer,
  network: Ref<NetworkState>,
  { protocol, protocolVersion, ...settings }: OfRoute,
): Ref<TargetGroupState> =>
  graph.add({
    kind: targetGroupKind,
    name,
    owner: ownerOf.deployment(spec.name),
    needs: { network: created(network), loadBalancer: created(loadBalancer) },
    desired: ({ network: { vpcId }, loadBalancer: { arn } }) => ({
      name,
      targetType: targetTypeOf(spec),
      protocol,
      protocolVersion,
      port: TARGET_GROUP_PORT,
      vpcId,
      loadBalancerArn: arn,
      ...settings,
      tags: spec.tags,
    }),
  });
