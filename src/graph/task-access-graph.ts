import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { type Graph, type Ref, created } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupRuleKind, securityGroupRuleName } from "../network/security-group-rule.js";
import { type SecurityGroupState, securityGroupKind } from "../network/security-group.js";
import type { TaskSpec, DeploymentSpec } from "../spec/deployment-spec.js";
import { taskSecurityGroupName } from "../spec/derived-names.js";
import { targetOf } from "../spec/further-routes.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import type { NetworkRouteSpec } from "../spec/network-route.js";
import type { RouteSpec } from "../spec/route.js";
import { transportOf } from "../spec/listeners.js";
import type { ClusterRefs } from "./cluster-graph.js";
import type { Balancer } from "./balancer.js";

/** Adds the security group of the tasks' network interfaces, which they have on Fargate. */
export function addTaskSecurityGroup(
  graph: Graph<AwsContext>,
  spec: Pick<TaskSpec, "name" | "tags">,
  owner: string,
  network: Ref<NetworkState>,
  check?: (network: NetworkState) => void,
): Ref<SecurityGroupState> {
  const groupName = taskSecurityGroupName(spec.name);
  return graph.add({
    kind: securityGroupKind,
    name: groupName,
    owner,
    needs: { network: created(network) },
    desired: (known) => {
      check?.(known.network);
      const { vpcId } = known.network;
      return { groupName, description: `Tasks of ${spec.name}`, vpcId, tags: spec.tags };
    },
  });
}

/**
 * Allows the load balancer's security group, and no other, to reach the tasks: on EC2 at any port of the
 * instances (ECS chooses one per task), on Fargate at the container's port and that of its health check.
 */
export function openTasksTo(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  balancer: Balancer,
  cluster: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
  route: RouteSpec = spec.route!,
): void {
  const { port } = targetOf(spec, route);
  const ports = [...new Set([port, route.healthCheck.port ?? port])];
  open(graph, spec, balancer, cluster, taskSecurityGroup, {
    loadBalancer: route.loadBalancer,
    accesses: ports.map((each) => ({ port: each, protocol: "tcp" })),
  });
}

/** The same for a Network Load Balancer, which checks over TCP what it sends over UDP. */
export function openTasksToNetwork(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  balancer: Balancer,
  cluster: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
  { loadBalancer, listener, port, healthCheck }: NetworkRouteSpec,
): void {
  const protocol = transportOf(listener.protocol);
  const checked = healthCheck.port ?? port;
  open(graph, spec, balancer, cluster, taskSecurityGroup, {
    loadBalancer,
    accesses: [
      { port, protocol },
      ...(checked === port && protocol === "tcp" ? [] : [{ port: checked, protocol: "tcp" as const }]),
    ],
  });
}

/** A port of the tasks that a load balancer reaches. */
interface Access {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

function open(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { securityGroup: balancerGroup, securityGroupName }: Balancer,
  { instanceSecurityGroup }: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
  {
    loadBalancer,
    accesses,
  }: { readonly loadBalancer: LoadBalancerSpec; readonly accesses: readonly Access[] },
): void {
  const opened = taskSecurityGroup ?? instanceSecurityGroup;
  if (opened === undefined) return;
  const onFargate = taskSecurityGroup !== undefined;
  const groupName = opened.id.slice(opened.id.indexOf("/") + 1);
  for (const { protocol, fromPort, toPort } of onFargate ? accesses.map(atPort) : atAnyPort(accesses))
    graph.add({
      kind: securityGroupRuleKind,
      name: securityGroupRuleName(groupName, fromPort, toPort, securityGroupName, protocol),
      // All deployments behind the load balancer share the rule for the instances, regardless of which of them created it.
      owner: onFargate ? ownerOf.deployment(spec.name) : ownerOf.loadBalancer(loadBalancer.name),
      claim: "share",
      needs: { group: created(opened), source: created(balancerGroup) },
      desired: ({ group, source }) => ({
        groupId: group.groupId,
        protocol,
        fromPort,
        toPort,
        source: { sourceGroupId: source.groupId },
        description: `From load balancer ${loadBalancer.name}`,
        tags: onFargate ? spec.tags : loadBalancer.tags,
      }),
    });
}

const atPort = ({ port, protocol }: Access) => ({ protocol, fromPort: port, toPort: port });

/** ECS chooses the ports of instances. */
const atAnyPort = (accesses: readonly Access[]) =>
  [...new Set(accesses.map(({ protocol }) => protocol))].map((protocol) => ({
    protocol,
    fromPort: 1,
    toPort: 65535,
  }));
