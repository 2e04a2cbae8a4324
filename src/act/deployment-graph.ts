import type { AwsContext } from "../aws/context.js";
import { addCluster, type ClusterRefs } from "../cluster/add-cluster.js";
import { clusterInstancesKind } from "../cluster/cluster-instances.js";
import { iamRoleKind, type IamRoleState } from "../cluster/iam-role.js";
import { networkKind, type NetworkState } from "../cluster/network.js";
import { securityGroupKind, type SecurityGroupState } from "../cluster/security-group.js";
import { securityGroupRuleKind, securityGroupRuleName } from "../cluster/security-group-rule.js";
import { created, Graph, ready, type Need, type Ref } from "../engine/graph.js";
import { addLoadBalancer, loadBalancerOwner, type LoadBalancerRefs } from "../service/add-load-balancer.js";
import { serviceKind, type ServiceState } from "../service/ecs-service.js";
import { executionPolicy } from "../service/execution-policy.js";
import { listenerRuleKind } from "../service/listener-rule.js";
import { listenerRuleName } from "../service/listener-rule-name.js";
import type { LoadBalancerState } from "../service/load-balancer.js";
import { logGroupKind } from "../service/log-group.js";
import { serviceInput } from "../service/service-input.js";
import { targetGroupKind } from "../service/target-group.js";
import { taskDefinitionKind, type TaskDefinitionState } from "../service/task-definition.js";
import { taskDefinitionInput } from "../service/task-definition-input.js";
import { TARGET_GROUP_PORT, type DeploymentSpec, type LoadBalancerSpec } from "../spec/deployment-spec.js";
import { fitName } from "../spec/fit-name.js";
import { ROLE_NAME, SECURITY_GROUP_NAME } from "../spec/names.js";

/** What the caller asks about when the run is over. */
export interface DeploymentRefs {
  readonly service: Ref<ServiceState>;
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly loadBalancer: Ref<LoadBalancerState> | undefined;
}

export const deploymentOwner = (spec: Pick<DeploymentSpec, "name">): string => `deployment/${spec.name}`;

/** Everything that a deployment describes, and what needs what. */
export async function deploymentGraph(
  spec: DeploymentSpec,
  context: AwsContext,
): Promise<{ graph: Graph<AwsContext>; refs: DeploymentRefs }> {
  const graph = new Graph<AwsContext>();
  const { capacity } = spec.cluster;
  const network = graph.add({
    kind: networkKind,
    name: "default",
    owner: undefined,
    needs: {},
    desired: () => ({
      // A load balancer stands in two zones at least.
      zones: spec.route === undefined ? 1 : 2,
      instanceType: capacity.type === "ec2" ? capacity.instanceType : undefined,
      tags: {},
    }),
  });
  const cluster = await addCluster(graph, spec.cluster, network, context);
  const balancer = spec.route && addBalancer(graph, spec.route.loadBalancer, network);
  const taskSecurityGroup = capacity.type === "fargate" ? addTaskSecurityGroup(graph, spec, network) : undefined;
  if (balancer !== undefined) openTasksTo(graph, spec, balancer.securityGroup, cluster, taskSecurityGroup);
  const refs = addService(graph, spec, context, { network, cluster, balancer, taskSecurityGroup });
  return { graph, refs };
}

type Balancer = LoadBalancerRefs & { readonly securityGroup: Ref<SecurityGroupState> };

/** The load balancer behind a security group that lets the allowed addresses reach its listeners, and no others. */
function addBalancer(graph: Graph<AwsContext>, spec: LoadBalancerSpec, network: Ref<NetworkState>): Balancer {
  const owner = loadBalancerOwner(spec);
  const securityGroup = graph.add({
    kind: securityGroupKind,
    name: spec.securityGroup,
    owner,
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
  return { ...addLoadBalancer(graph, spec, network, securityGroup), securityGroup };
}

/** On Fargate every task has a network interface, and this group, of its own. */
function addTaskSecurityGroup(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  network: Ref<NetworkState>,
): Ref<SecurityGroupState> {
  const groupName = fitName(SECURITY_GROUP_NAME, spec.name, "-tasks");
  return graph.add({
    kind: securityGroupKind,
    name: groupName,
    owner: deploymentOwner(spec),
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({ groupName, description: `Tasks of ${spec.name}`, vpcId, tags: spec.tags }),
  });
}

/**
 * Tasks accept the load balancer's group only: on EC2 at any port of the instances (ECS chooses one
 * per task), on Fargate at the container's port.
 */
function openTasksTo(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  balancerGroup: Ref<SecurityGroupState>,
  { instanceSecurityGroup }: ClusterRefs,
  taskSecurityGroup: Ref<SecurityGroupState> | undefined,
): void {
  const opened = taskSecurityGroup ?? instanceSecurityGroup;
  const { loadBalancer } = spec.route!;
  if (opened === undefined) return;
  const isTheirs = opened.id.startsWith(`${clusterInstancesKind.kind}/`);
  const onFargate = taskSecurityGroup !== undefined;
  const [fromPort, toPort] = onFargate ? [spec.container.port!, spec.container.port!] : [1, 65535];
  const groupName = opened.id.slice(opened.id.indexOf("/") + 1);
  graph.add({
    kind: securityGroupRuleKind,
    name: securityGroupRuleName(groupName, fromPort, toPort, loadBalancer.securityGroup),
    owner: onFargate || isTheirs ? deploymentOwner(spec) : loadBalancerOwner(loadBalancer),
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

interface Around {
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly balancer: Balancer | undefined;
  readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
}

function addService(graph: Graph<AwsContext>, spec: DeploymentSpec, context: AwsContext, around: Around): DeploymentRefs {
  const owner = deploymentOwner(spec);
  const { tags } = spec;
  const { network, cluster, balancer, taskSecurityGroup } = around;

  const logGroup = graph.add({
    kind: logGroupKind,
    name: spec.logs.group,
    owner,
    needs: {},
    desired: () => ({ logGroupName: spec.logs.group, retentionInDays: spec.logs.retention, tags }),
  });
  const executionRole = addExecutionRole(graph, spec, context);
  const taskDefinition = graph.add({
    kind: taskDefinitionKind,
    name: spec.name,
    owner,
    needs: {
      // A container whose log group is missing does not start.
      logGroup: created(logGroup),
      ...(executionRole === undefined ? {} : { executionRole: created(executionRole) }),
    },
    desired: (needs) => {
      const { executionRole: role } = needs as { executionRole?: IamRoleState };
      return { input: taskDefinitionInput(spec, { ...context, executionRoleArn: role?.arn }), tags };
    },
  });
  const target = balancer && addRoute(graph, spec, balancer, network);
  const service = graph.add({
    kind: serviceKind,
    name: spec.service.name,
    owner,
    needs: {
      taskDefinition: created(taskDefinition),
      cluster: created(cluster.cluster),
      network: created(network),
      ...(cluster.instances && { instances: ready(cluster.instances) }),
      ...(taskSecurityGroup && { taskSecurityGroup: created(taskSecurityGroup) }),
      ...(target && { targetGroup: created(target.targetGroup), ...target.rules }),
    },
    desired: (needs) => {
      const known = needs as {
        taskDefinition: TaskDefinitionState;
        network: NetworkState;
        taskSecurityGroup?: SecurityGroupState;
        targetGroup?: { arn: string };
      };
      return serviceInput(spec, {
        taskDefinition: known.taskDefinition.arn,
        cluster: spec.cluster.name,
        targetGroupArn: known.targetGroup?.arn,
        network: known.taskSecurityGroup && {
          subnetIds: known.network.subnetIds,
          securityGroupIds: [known.taskSecurityGroup.groupId],
        },
      });
    },
  });
  graph.goal(service);
  if (balancer !== undefined) graph.goal(balancer.loadBalancer);
  return { service, taskDefinition, loadBalancer: balancer?.loadBalancer };
}

/** Who pulls the image, reads the secrets and writes the logs on the task's behalf; on EC2 only needed for secrets. */
function addExecutionRole(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
): Ref<IamRoleState> | undefined {
  const policy = executionPolicy(spec, context);
  if (policy === undefined && spec.cluster.capacity.type === "ec2") return undefined;
  const roleName = fitName(ROLE_NAME, spec.name, "-execution-role");
  return graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner: deploymentOwner(spec),
    needs: {},
    desired: () => ({
      roleName,
      path: `/quayside/${deploymentOwner(spec)}/`,
      service: "ecs-tasks.amazonaws.com" as const,
      managedPolicies: [`arn:${context.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`],
      inlinePolicies: policy === undefined ? {} : { secrets: policy },
      description: `Task execution role of ${spec.name}`,
      tags: spec.tags,
    }),
  });
}

/** The target group, and the rule that sends it its share of each listener's requests. */
function addRoute(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { listeners }: Balancer,
  network: Ref<NetworkState>,
) {
  const route = spec.route!;
  const owner = deploymentOwner(spec);
  const targetGroup = graph.add({
    kind: targetGroupKind,
    name: route.targetGroup,
    owner,
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({
      name: route.targetGroup,
      targetType: spec.cluster.capacity.type === "fargate" ? ("ip" as const) : ("instance" as const),
      protocol: "HTTP" as const,
      port: TARGET_GROUP_PORT,
      vpcId,
      healthCheck: route.healthCheck,
      deregistrationDelay: route.deregistrationDelay,
      stickiness: route.stickiness,
      tags: spec.tags,
    }),
  });
  const rules: Record<string, Need<unknown>> = {};
  for (const { name, ref } of listeners) {
    rules[`rule ${name}`] = created(
      graph.add({
        kind: listenerRuleKind,
        name: listenerRuleName(name, owner),
        owner,
        needs: { listener: created(ref), targetGroup: created(targetGroup) },
        desired: ({ listener, targetGroup: { arn } }) => ({
          listenerArn: listener.arn,
          path: [...route.path],
          host: [...route.host],
          targetGroupArn: arn,
          priority: route.priority,
          tags: spec.tags,
        }),
      }),
    );
  }
  return { targetGroup, rules };
}
