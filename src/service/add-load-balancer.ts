import type { AwsContext } from "../aws/context.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { LoadBalancerSpec } from "../spec/deployment-spec.js";
import { listenerKind, type ListenerState } from "./listener.js";
import { loadBalancerKind, type LoadBalancerState } from "./load-balancer.js";

export interface LoadBalancerRefs {
  readonly loadBalancer: Ref<LoadBalancerState>;
  readonly listeners: readonly { readonly name: string; readonly ref: Ref<ListenerState> }[];
}

export const loadBalancerOwner = (spec: LoadBalancerSpec): string => `load-balancer/${spec.name}`;

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
    needs: { network: created(network), securityGroup: created(securityGroup) },
    desired: ({ network: { subnetIds }, securityGroup: { groupId } }) => ({
      name: spec.name,
      scheme: spec.scheme,
      securityGroupIds: [groupId],
      subnetIds: [...subnetIds],
      tags: spec.tags,
    }),
  });
  const listeners = spec.listeners.map(({ port }) => {
    const name = `${spec.name}:${port}`;
    const ref = graph.add({
      kind: listenerKind,
      name,
      owner,
      // It can be made while the load balancer is still being provisioned.
      needs: { loadBalancer: created(loadBalancer) },
      desired: ({ loadBalancer: { arn } }) => ({
        loadBalancerArn: arn,
        port,
        protocol: "HTTP" as const,
        tags: spec.tags,
      }),
    });
    return { name, ref };
  });
  return { loadBalancer, listeners };
}
