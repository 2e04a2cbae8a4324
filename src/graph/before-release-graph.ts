import type { AwsContext } from "../aws/context.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { TaskDefinitionState } from "../service/task-definition/task-definition.js";
import { beforeReleaseKind } from "../service/tasks/before-release.js";
import { logStreamsOf } from "../spec/task/log-streams.js";
import { taskLaunch } from "../service/tasks/task-launch.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ClusterRefs } from "./cluster-graph.js";

/** Adds the task of `.beforeRelease(…)`, which has to succeed before a rollout begins. */
export function addBeforeRelease(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  taskDefinition: Ref<TaskDefinitionState>,
  { region }: Pick<AwsContext, "region">,
  {
    network,
    cluster,
    taskSecurityGroup,
    infrastructureRole,
  }: {
    readonly network: Ref<NetworkState>;
    readonly cluster: ClusterRefs;
    readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
    readonly infrastructureRole: Ref<IamRoleState> | undefined;
  },
): Ref<object> | undefined {
  const { beforeRelease } = spec;
  if (beforeRelease === undefined) return undefined;
  return graph.add({
    kind: beforeReleaseKind,
    name: spec.name,
    owner: undefined,
    needs: {
      taskDefinition: created(taskDefinition),
      cluster: ready(cluster.cluster),
      network: created(network),
      instances: cluster.instances,
      capacityProvider: ready(cluster.capacityProvider),
      taskSecurityGroup: created(taskSecurityGroup),
      infrastructureRole: created(infrastructureRole),
    },
    desired: (known) => ({
      name: spec.name,
      clusterName: spec.cluster.name,
      serviceName: spec.service.name,
      taskDefinition: known.taskDefinition.arn,
      command: beforeRelease.command,
      environment: beforeRelease.environment,
      timeoutSeconds: beforeRelease.timeout,
      container: spec.container.name,
      launch: taskLaunch(spec, {
        network: known.taskSecurityGroup && {
          subnetIds: known.network.subnetIds,
          securityGroupIds: [known.taskSecurityGroup.groupId],
          isPublic: known.network.isPublic,
        },
        placement: spec.service.placement,
        capacityProvider: known.capacityProvider?.capacityProvider,
        infrastructureRole: known.infrastructureRole?.arn,
      }),
      logs: logStreamsOf(spec.container, spec.logs, region),
      tags: {},
    }),
  });
}
