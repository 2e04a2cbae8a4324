import type { AwsContext } from "../aws/context.js";
import { iamRoleKind, type IamRoleState } from "../cluster/iam-role.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { ImageState } from "../image/built-image.js";
import { execPolicy } from "../service/exec-policy.js";
import { executionPolicy } from "../service/execution-policy.js";
import { logGroupKind } from "../service/log-group.js";
import { taskDefinitionKind, type TaskDefinitionState } from "../service/task-definition.js";
import { taskDefinitionInput } from "../service/task-definition-input.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { fitName } from "../spec/fit-name.js";
import { ROLE_NAME } from "../spec/names.js";

export interface TaskRefs {
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly executionRole: Ref<IamRoleState> | undefined;
  readonly taskRole: Ref<IamRoleState> | undefined;
}

/** What a task is made from: log group, roles and task definition, of a service or of a job. */
export function addTask(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  options: {
    readonly exec: boolean;
    /** `undefined`: the chain's reference serves as it is. */
    readonly image: Ref<ImageState> | undefined;
  },
): TaskRefs {
  const { tags } = spec;
  const logGroup = graph.add({
    kind: logGroupKind,
    name: spec.logs.group,
    owner,
    needs: {},
    desired: () => ({ logGroupName: spec.logs.group, retentionInDays: spec.logs.retention, tags }),
  });
  const executionRole = addExecutionRole(graph, spec, owner, context);
  const taskRole = options.exec ? addTaskRole(graph, spec, owner) : undefined;
  const taskDefinition = graph.add({
    kind: taskDefinitionKind,
    name: spec.name,
    owner,
    needs: {
      // A container whose log group is missing does not start.
      logGroup: created(logGroup),
      ...(executionRole === undefined ? {} : { executionRole: created(executionRole) }),
      ...(taskRole === undefined ? {} : { taskRole: created(taskRole) }),
      ...(options.image === undefined ? {} : { image: created(options.image) }),
    },
    desired: (needs) => {
      const known = needs as { executionRole?: IamRoleState; taskRole?: IamRoleState; image?: ImageState };
      const input = taskDefinitionInput(spec, {
        ...context,
        executionRoleArn: known.executionRole?.arn,
        taskRoleArn: known.taskRole?.arn,
        exec: options.exec,
        image: known.image?.reference,
      });
      return { input, tags };
    },
  });
  return { taskDefinition, executionRole, taskRole };
}

/** Who pulls the image, reads the secrets and writes the logs on the task's behalf; on EC2 only needed for secrets. */
function addExecutionRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
): Ref<IamRoleState> | undefined {
  const policy = executionPolicy(spec, context);
  if (policy === undefined && spec.cluster.capacity.type === "ec2") return undefined;
  const roleName = fitName(ROLE_NAME, spec.name, "-execution-role");
  return graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs: {},
    desired: () => ({
      roleName,
      path: `/quayside/${owner}/`,
      service: "ecs-tasks.amazonaws.com" as const,
      managedPolicies: [
        `arn:${context.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`,
      ],
      inlinePolicies: policy === undefined ? {} : { secrets: policy },
      description: `Task execution role of ${spec.name}`,
      tags: spec.tags,
    }),
  });
}

/** What the processes in the containers may do: let ECS Exec's agent connect, and nothing else. */
function addTaskRole(graph: Graph<AwsContext>, spec: TaskSpec, owner: string): Ref<IamRoleState> {
  const roleName = fitName(ROLE_NAME, spec.name, "-task-role");
  return graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs: {},
    desired: () => ({
      roleName,
      path: `/quayside/${owner}/`,
      service: "ecs-tasks.amazonaws.com" as const,
      managedPolicies: [],
      inlinePolicies: { exec: execPolicy },
      description: `Task role of ${spec.name}`,
      tags: spec.tags,
    }),
  });
}
