import type { ListenerAddress } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import type { ClusterRefs } from "./cluster-graph.js";
import type { NetworkState } from "../network/network.js";
import { securityGroupKind, type SecurityGroupState } from "../network/security-group.js";
import { securityGroupRuleKind, securityGroupRuleName } from "../network/security-group-rule.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import {
  addLoadBalancer,
  balancerClaim,
  loadBalancerOwner,
  type LoadBalancerRefs,
} from "./add-load-balancer.js";
import { describedElsewhere } from "../load-balancer/existing-listeners.js";
import {
  existingListenerKind,
  existingLoadBalancerKind,
  noListener,
  servingListeners,
} from "../load-balancer/existing-load-balancer.js";
import { listenerName } from "../load-balancer/listener-name.js";
import type { DeploymentSpec, ListenerSpec, LoadBalancerSpec, TaskSpec } from "../spec/deployment-spec.js";
import { fitName } from "../spec/derive-name.js";
import { SECURITY_GROUP_NAME } from "../spec/names.js";
import type { Purpose } from "./purpose.js";
import { deploymentOwner } from "./deployment-owner.js";

export type Balancer = LoadBalancerRefs & {
  /** What tasks have to let in. */
  readonly securityGroup: Ref<{ readonly groupId: string }>;
  /** Where it stands. */
  readonly vpc: Ref<{ readonly vpcId: string }>;
  /** Of the listener that a person is sent to; `undefined`: the chain says. */
  readonly address: Pick<ListenerAddress, "protocol" | "port"> | undefined;
};

/** `undefined`: it is to be taken away from one that exists no more. */
export async function addBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<NetworkState>,
  context: AwsContext,
  purpose: Purpose,
): Promise<Balancer | undefined> {
  if (spec.claim === "existing") return addExistingBalancer(graph, spec, context, purpose);
  const isOnlyNamed = spec.claim === "use-or-create" && purpose === "deploy";
  const listeners = isOnlyNamed ? await describedElsewhere(spec, context) : undefined;
  return listeners === undefined
    ? addOwnBalancer(graph, spec, network)
    : addExistingBalancer(graph, { name: spec.name, listeners }, context, purpose);
}

async function addExistingBalancer(
  graph: Graph<AwsContext>,
  spec: Pick<LoadBalancerSpec, "name"> & {
    readonly listeners: readonly Pick<ListenerSpec, "port" | "protocol">[];
  },
  context: AwsContext,
  purpose: Purpose,
): Promise<Balancer | undefined> {
  const serving = spec.listeners.length > 0 ? spec.listeners : await servingListeners(spec.name, context);
  if (serving.length === 0 && purpose === "deploy") throw await noListener(spec.name, context);
  const loadBalancer = graph.add({
    kind: existingLoadBalancerKind,
    name: spec.name,
    // Not its own, but that of what quayside adds around it.
    owner: loadBalancerOwner(spec),
    claim: "share",
    needs: {},
    desired: () => ({ name: spec.name, tags: {} }),
  });
  const listeners = serving.map(({ port }) => ({
    name: listenerName(spec.name, port),
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
  return { loadBalancer, listeners, securityGroup: loadBalancer, vpc: loadBalancer, address };
}

/** The load balancer behind a security group that lets the allowed addresses reach its listeners, and no others. */
function addOwnBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<NetworkState>,
): Balancer {
  const owner = loadBalancerOwner(spec);
  const securityGroup = graph.add({
    kind: securityGroupKind,
    name: spec.securityGroup,
    owner,
    claim: balancerClaim(spec),
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({
      groupName: spec.securityGroup,
      description: `Load balancer ${spec.name}`,
      vpcId,
      tags: spec.tags,
    }),
  });
  for (const { port } of spec.listeners) {
    for (const cidr of spec.allow) {
      graph.add({
        kind: securityGroupRuleKind,
        name: securityGroupRuleName(spec.securityGroup, port, port, cidr),
        owner,
        claim: "share",
        needs: { group: created(securityGroup) },
        desired: ({ group: { groupId } }) => ({
          groupId,
          protocol: "tcp" as const,
          fromPort: port,
          toPort: port,
          source: cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr },
          description: `Listener ${port} of ${spec.name}`,
          tags: spec.tags,
        }),
      });
    }
  }
  return {
    ...addLoadBalancer(graph, spec, network, securityGroup),
    securityGroup,
    vpc: network,
    address: undefined,
  };
}

/** On Fargate every task has a network interface, and this group, of its own. */
export function addTaskSecurityGroup(
  graph: Graph<AwsContext>,
  spec: Pick<TaskSpec, "name" | "tags">,
  owner: string,
  network: Ref<NetworkState>,
): Ref<SecurityGroupState> {
  const groupName = fitName(SECURITY_GROUP_NAME, spec.name, "-tasks");
  return graph.add({
    kind: securityGroupKind,
    name: groupName,
    owner,
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({
      groupName,
      description: `Tasks of ${spec.name}`,
      vpcId,
      tags: spec.tags,
    }),
  });
}

/**
 * Tasks accept the load balancer's group only: on EC2 at any port of the instances (ECS chooses one
 * per task), on Fargate at the container's port.
 */
export function openTasksTo(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { securityGroup: balancerGroup }: Balancer,
  { instanceSecurityGroup }: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
): void {
  const opened = taskSecurityGroup ?? instanceSecurityGroup;
  const { loadBalancer } = spec.route!;
  if (opened === undefined) return;
  const onFargate = taskSecurityGroup !== undefined;
  const [fromPort, toPort] = onFargate ? [spec.container.port!, spec.container.port!] : [1, 65535];
  const groupName = opened.id.slice(opened.id.indexOf("/") + 1);
  graph.add({
    kind: securityGroupRuleKind,
    name: securityGroupRuleName(groupName, fromPort, toPort, loadBalancer.securityGroup),
    // All deployments behind the load balancer share the one for its instances, whosever the two are.
    owner: onFargate ? deploymentOwner(spec) : loadBalancerOwner(loadBalancer),
    claim: "share",
    needs: { group: created(opened), source: created(balancerGroup) },
    desired: ({ group, source }) => ({
      groupId: group.groupId,
      protocol: "tcp" as const,
      fromPort,
      toPort,
      source: { sourceGroupId: source.groupId },
      description: `From load balancer ${loadBalancer.name}`,
      tags: onFargate ? spec.tags : loadBalancer.tags,
    }),
  });
}
