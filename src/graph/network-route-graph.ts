import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import { listenerName, type ListenerState } from "../load-balancer/owned-listeners.js";
import type { LoadBalancerState } from "../load-balancer/load-balancer.js";
import { networkListenerKind } from "../load-balancer/network-listener.js";
import type { TargetGroupState } from "../load-balancer/target-group.js";
import type { NetworkState } from "../network/network-state.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { NetworkRouteSpec } from "../spec/network-route.js";
import { transportOf } from "../spec/listeners.js";
import type { Balancer } from "./balancer.js";
import { addListenerCertificate, addRequestedCertificate } from "./domain-graph.js";
import { addCertificate, certificatesOf } from "./load-balancer-graph.js";
import { addNetworkTargetGroup } from "./target-group-graph.js";

export interface NetworkRouteRefs {
  readonly loadBalancer: Ref<LoadBalancerState>;
  readonly listener: Ref<ListenerState>;
  readonly targetGroup: Ref<TargetGroupState>;
  /** The second one of ECS's blue/green deployments. */
  readonly alternate: Ref<TargetGroupState> | undefined;
}

/** ELB's names. */
const PROTOCOLS = { tcp: "TCP", tls: "TLS", udp: "UDP" } as const;

/** Adds the target group of a route, or two for ECS's blue/green deployments, and the listener of a Network Load Balancer that forwards to it. */
export function addNetworkRoute(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  route: NetworkRouteSpec,
  balancer: Balancer,
  network: Ref<NetworkState>,
): NetworkRouteRefs {
  const { listener, domains = [] } = route;
  const { loadBalancer } = balancer;
  const addGroup = (name: string) => addNetworkTargetGroup(graph, spec, name, balancer, network, route);
  const targetGroup = addGroup(route.targetGroup);
  const alternate = route.alternate === undefined ? undefined : addGroup(route.alternate);
  const isRequested = listener.protocol === "tls" && listener.certificate === undefined;
  const requested = isRequested ? addRequestedCertificate(graph, spec, domains) : undefined;
  const name = listenerName(route.loadBalancer.name, listener.port);
  const ref = graph.add({
    kind: networkListenerKind,
    name,
    owner: ownerOf.deployment(spec.name),
    needs: {
      // AWS accepts listeners while the load balancer is still being provisioned.
      loadBalancer: created(loadBalancer),
      targetGroup: created(targetGroup),
      alternate: created(alternate),
      certificate: listener.certificate && created(addCertificate(graph, listener.certificate)),
      requested: ready(requested),
      additional: listener.additionalCertificates.map((one) => created(addCertificate(graph, one))),
      entrances: balancer.entrances.map((rule) => created(rule)),
    },
    desired: (known) => ({
      loadBalancerArn: known.loadBalancer.arn,
      port: listener.port,
      protocol: PROTOCOLS[listener.protocol as keyof typeof PROTOCOLS],
      transport: transportOf(listener.protocol),
      targetGroupArn: known.targetGroup.arn,
      standby: known.alternate && [known.alternate.arn],
      ...certificatesOf(known, isRequested),
      tags: spec.tags,
    }),
  });
  if (requested !== undefined) addListenerCertificate(graph, spec, { name, ref }, requested, domains);
  return { loadBalancer, listener: ref, targetGroup, alternate };
}
