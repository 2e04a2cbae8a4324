import type { AwsContext } from "../aws/context.js";
import type { ClusterRefs } from "../cluster/add-cluster.js";
import type { NetworkState } from "../cluster/network.js";
import type { SecurityGroupState } from "../cluster/security-group.js";
import { created, ready, type Graph, type Need, type Ref } from "../engine/graph.js";
import type { ImageState } from "../image/built-image.js";
import { serviceKind, type ServiceState } from "../service/ecs-service.js";
import { listenerRuleKind } from "../service/listener-rule.js";
import { listenerRuleName } from "../service/listener-rule-name.js";
import type { LoadBalancerState } from "../service/load-balancer.js";
import { serviceInput } from "../service/service-input.js";
import { targetGroupKind } from "../service/target-group.js";
import type { TaskDefinitionState } from "../service/task-definition.js";
import { TARGET_GROUP_PORT, type DeploymentSpec } from "../spec/deployment-spec.js";
import type { Balancer } from "./balancer-nodes.js";
import { deploymentOwner } from "./deployment-owner.js";
import { addReleaseGate } from "./release-gate.js";
import { addTask } from "./task-nodes.js";

/** What the caller asks about when the run is over. */
export interface DeploymentRefs {
  readonly service: Ref<ServiceState>;
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly loadBalancer: Ref<LoadBalancerState> | undefined;
  /** `undefined`: the chain's reference serves as it is. */
  readonly image: Ref<ImageState> | undefined;
}

export interface Around {
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly balancer: Balancer | undefined;
  readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
  readonly image: Ref<ImageState> | undefined;
}

/** The service and what is its own: logs, roles, task definition, target group and rules. */
export function addService(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
  around: Around,
): DeploymentRefs {
  const owner = deploymentOwner(spec);
  const { network, cluster, balancer, taskSecurityGroup, image } = around;

  const { taskDefinition } = addTask(graph, spec, owner, context, { exec: spec.service.exec, image });
  const target = balancer && addRoute(graph, spec, balancer, network);
  const gate = addReleaseGate(graph, spec, taskDefinition, around);
  const service = graph.add({
    kind: serviceKind,
    name: spec.service.name,
    scope: spec.cluster.name,
    owner,
    needs: {
      taskDefinition: created(taskDefinition),
      ...(gate && { gate: created(gate) }),
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
  return { service, taskDefinition, loadBalancer: balancer?.loadBalancer, image };
}

/** The target group, and the rule that sends it its share of each listener's requests. */
function addRoute(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { listeners, loadBalancer }: Balancer,
  network: Ref<NetworkState>,
) {
  const route = spec.route!;
  const owner = deploymentOwner(spec);
  const targetGroup = graph.add({
    kind: targetGroupKind,
    name: route.targetGroup,
    owner,
    needs: { network: created(network), loadBalancer: created(loadBalancer) },
    desired: ({ network: { vpcId }, loadBalancer: { arn } }) => ({
      name: route.targetGroup,
      targetType: spec.cluster.capacity.type === "fargate" ? ("ip" as const) : ("instance" as const),
      protocol: "HTTP" as const,
      port: TARGET_GROUP_PORT,
      vpcId,
      loadBalancerArn: arn,
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
