import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { type Graph, type Ref, created } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupRuleKind, securityGroupRuleName } from "../network/security-group-rule.js";
import { type SecurityGroupState, securityGroupKind } from "../network/security-group.js";
import type { TaskSpec, DeploymentSpec } from "../spec/deployment-spec.js";
import { taskSecurityGroupName } from "../spec/derived-names.js";
import { targetOf } from "../spec/further-routes.js";
import type { RouteSpec } from "../spec/route.js";
import type { ClusterRefs } from "./cluster-graph.js";
import type { Balancer } from "./load-balancer-graph.js";

/** Adds the security group of the tasks' network interfaces, which they have on Fargate. */
export function addTaskSecurityGroup(
  graph: Graph<AwsContext>,
  spec: Pick<TaskSpec, "name" | "tags">,
  owner: string,
  network: Ref<NetworkState>,
): Ref<SecurityGroupState> {
  const groupName = taskSecurityGroupName(spec.name);
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
 * Allows the load balancer's security group, and no other, to reach the tasks: on EC2 at any port of the
 * instances (ECS chooses one per task), on Fargate at the container's port and that of its health check.
 */
export function openTasksTo(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { securityGroup: balancerGroup, securityGroupName }: Balancer,
  { instanceSecurityGroup }: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
  route: RouteSpec = spec.route!,
): void {
  const opened = taskSecurityGroup ?? instanceSecurityGroup;
  const { loadBalancer } = route;
  if (opened === undefined) return;
  const onFargate = taskSecurityGroup !== undefined;
  const groupName = opened.id.slice(opened.id.indexOf("/") + 1);
  for (const [fromPort, toPort] of onFargate ? portsOf(spec, route) : [[1, 65535] as const])
    graph.add({
      kind: securityGroupRuleKind,
      name: securityGroupRuleName(groupName, fromPort, toPort, securityGroupName),
      // All deployments behind the load balancer share the rule for the instances, regardless of which of them created it.
      owner: onFargate ? ownerOf.deployment(spec.name) : ownerOf.loadBalancer(loadBalancer.name),
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

/** The ports that the load balancer sends requests and health checks to. */
function portsOf(spec: DeploymentSpec, route: RouteSpec): readonly (readonly [from: number, to: number])[] {
  const { port } = targetOf(spec, route);
  return [...new Set([port, route.healthCheck.port ?? port])].map((each) => [each, each]);
}
