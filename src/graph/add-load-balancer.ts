import type { AwsContext } from "../aws/context.js";
import { created, type Claim, type Graph, type Ref } from "../engine/graph.js";
import type { ListenerSpec, LoadBalancerSpec } from "../spec/deployment-spec.js";
import { certificateKind, type CertificateState } from "../load-balancer/certificate.js";
import { listenerName } from "../load-balancer/listener-name.js";
import { listenerKind, type ListenerState } from "../load-balancer/listener.js";
import { loadBalancerKind, type LoadBalancerState } from "../load-balancer/load-balancer.js";

export interface LoadBalancerRefs {
  readonly loadBalancer: Ref<LoadBalancerState>;
  /** Those whose requests go to services. */
  readonly listeners: readonly ListenerRef[];
}

export interface ListenerRef {
  readonly name: string;
  readonly ref: Ref<ListenerState>;
}

export const loadBalancerOwner = (spec: Pick<LoadBalancerSpec, "name">): string =>
  `load-balancer/${spec.name}`;

/** One that was only named is left as it is once it is made: another deployment may describe it. */
export const balancerClaim = ({ claim }: LoadBalancerSpec): Claim => (claim === "own" ? "own" : "use");

/** The load balancer and its listeners, in a network and behind a security group that are given. */
export function addLoadBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<{ readonly subnetIds: readonly string[] }>,
  securityGroup: Ref<{ readonly groupId: string }>,
): LoadBalancerRefs {
  const owner = loadBalancerOwner(spec);
  const loadBalancer = graph.add({
    kind: loadBalancerKind,
    name: spec.name,
    owner,
    claim: balancerClaim(spec),
    needs: { network: created(network), securityGroup: created(securityGroup) },
    desired: ({ network: { subnetIds }, securityGroup: { groupId } }) => ({
      name: spec.name,
      scheme: spec.scheme,
      securityGroupIds: [groupId],
      subnetIds: [...subnetIds],
      tags: spec.tags,
    }),
  });
  const listeners = spec.listeners.map((listener) => addListener(graph, spec, listener, loadBalancer));
  // One that only sends requests on has no rules.
  return {
    loadBalancer,
    listeners: listeners.filter((_, index) => spec.listeners[index]!.redirectTo === undefined),
  };
}

function addListener(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  { protocol, port, certificate: source, redirectTo }: ListenerSpec,
  loadBalancer: Ref<LoadBalancerState>,
): ListenerRef {
  const name = listenerName(spec.name, port);
  const certificate =
    source &&
    graph.add({
      kind: certificateKind,
      name: source.from === "arn" ? source.arn : source.domain,
      owner: undefined,
      needs: {},
      desired: () => ({ source, tags: {} }),
    });
  const ref = graph.add({
    kind: listenerKind,
    name,
    owner: loadBalancerOwner(spec),
    claim: balancerClaim(spec),
    needs: {
      // It can be made while the load balancer is still being provisioned.
      loadBalancer: created(loadBalancer),
      ...(certificate && { certificate: created(certificate) }),
    },
    desired: (needs) => {
      const known = needs as { loadBalancer: LoadBalancerState; certificate?: CertificateState };
      return {
        loadBalancerArn: known.loadBalancer.arn,
        port,
        protocol: protocol === "https" ? ("HTTPS" as const) : ("HTTP" as const),
        certificateArn: known.certificate?.arn,
        redirectTo,
        tags: spec.tags,
      };
    },
  });
  return { name, ref };
}
