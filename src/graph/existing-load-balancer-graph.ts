import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import {
  checkNetworkLoadBalancer,
  entranceGroupId,
  existingListenerKind,
  existingLoadBalancerKind,
  noListener,
  servingListeners,
  type ExistingLoadBalancerState,
} from "../load-balancer/existing-load-balancer.js";
import { listenerName } from "../load-balancer/owned-listeners.js";
import { securityGroupNames } from "../network/security-group-names.js";
import type { ListenerSpec } from "../spec/listeners.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import type { Balancer } from "./balancer.js";

/** Adds a load balancer that exists, and those of its listeners that serve requests. */
export async function addExistingBalancer(
  graph: Graph<AwsContext>,
  spec: Pick<LoadBalancerSpec, "name"> & {
    readonly listeners: readonly Pick<ListenerSpec, "port" | "protocol" | "certificate">[];
  },
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Balancer | undefined> {
  const serving = spec.listeners.length > 0 ? spec.listeners : await servingListeners(spec.name, context);
  if (serving.length === 0 && purpose === "deploy") throw await noListener(spec.name, context);
  const loadBalancer = addExisting(graph, spec.name);
  const listeners = serving.map(({ port, protocol }) => ({
    name: listenerName(spec.name, port),
    protocol,
    ref: graph.add({
      kind: existingListenerKind,
      name: listenerName(spec.name, port),
      owner: undefined,
      needs: { loadBalancer: created(loadBalancer) },
      desired: ({ loadBalancer: { arn } }) => ({
        loadBalancerArn: arn,
        loadBalancer: spec.name,
        port,
        tags: {},
      }),
    }),
  }));
  const address = serving.find(({ protocol }) => protocol === "https") ?? serving[0];
  const securityGroupName = await entranceGroupName(spec.name, context);
  return {
    loadBalancer,
    listeners,
    securityGroup: loadBalancer,
    securityGroupName,
    vpc: loadBalancer,
    entrances: [],
    address,
  };
}

/** Adds a Network Load Balancer that exists: its listeners are added by the deployments behind it. */
export async function addExistingNetworkBalancer(
  graph: Graph<AwsContext>,
  { name }: Pick<LoadBalancerSpec, "name">,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Balancer> {
  if (purpose === "deploy") await checkNetworkLoadBalancer(name, context);
  const loadBalancer = addExisting(graph, name);
  return {
    loadBalancer,
    listeners: [],
    securityGroup: loadBalancer,
    securityGroupName: await entranceGroupName(name, context),
    vpc: loadBalancer,
    entrances: [],
    address: undefined,
  };
}

const addExisting = (graph: Graph<AwsContext>, name: string): Ref<ExistingLoadBalancerState> =>
  graph.add({
    kind: existingLoadBalancerKind,
    name,
    // The owner of what quayside adds to it (rules, security group rules), not of the load balancer itself.
    owner: ownerOf.loadBalancer(name),
    claim: "share",
    needs: {},
    desired: () => ({ name, tags: {} }),
  });

async function entranceGroupName(name: string, context: AwsContext): Promise<string> {
  const groupId = (await entranceGroupId(name, context)) ?? "";
  return (await securityGroupNames([groupId], context)).get(groupId) ?? groupId;
}
