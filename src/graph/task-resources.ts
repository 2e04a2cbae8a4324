import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import type { ImageState } from "../image/built-image.js";
import { logGroupKind } from "../service/log-group.js";
import { execPolicy } from "../service/task-definition/exec-policy.js";
import { executionPolicy } from "../service/task-definition/execution-policy.js";
import { placesTag } from "../service/task-definition/places.js";
import { taskDefinitionInput } from "../service/task-definition/task-definition-input.js";
import { taskDefinitionKind, type TaskDefinitionState } from "../service/task-definition/task-definition.js";
import type { DeploymentSpec, TaskSpec } from "../spec/deployment-spec.js";
import { executionRoleName, taskRoleName } from "../spec/derived-names.js";
import { addRole } from "./iam-role-graph.js";
import { addRegistryImage } from "./image-graph.js";

export interface TaskRefs {
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly executionRole: Ref<IamRoleState> | undefined;
  /** Only if quayside manages it. */
  readonly taskRole: Ref<IamRoleState> | undefined;
}

/** Adds what a task is created from: log group, roles and task definition, for a service or a job. */
export async function addTask(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  options: {
    readonly exec: boolean;
    /** `undefined` if the chain's reference is used as it is. */
    readonly image: Ref<ImageState> | undefined;
    readonly purpose: GraphPurpose;
  },
): Promise<TaskRefs> {
  const { tags } = spec;
  const logGroup = graph.add({
    kind: logGroupKind,
    name: spec.logs.group,
    owner,
    needs: {},
    desired: () => ({ logGroupName: spec.logs.group, retentionInDays: spec.logs.retention, tags }),
  });
  const executionRole = await addExecutionRole(graph, spec, owner, context);
  const taskRole = await addTaskRole(graph, spec, owner, context, options.exec);
  const sidecarImages = options.purpose === "destroy" ? [] : addSidecarImages(graph, spec, context);
  const taskDefinition = graph.add({
    kind: taskDefinitionKind,
    name: spec.name,
    owner,
    needs: {
      // A container without its log group does not start.
      logGroup: created(logGroup),
      executionRole: created(executionRole),
      taskRole: created(taskRole),
      image: created(options.image),
      sidecarImages: sidecarImages.map(([, ref]) => created(ref)),
    },
    desired: (known) => {
      const input = taskDefinitionInput(spec, {
        ...context,
        executionRoleArn: known.executionRole?.arn,
        taskRoleArn: spec.taskRole?.from === "arn" ? spec.taskRole.arn : known.taskRole?.arn,
        exec: options.exec,
        image: known.image?.reference,
        sidecarImages: Object.fromEntries(
          sidecarImages.map(([name], index) => [name, known.sidecarImages[index]!.reference]),
        ),
      });
      return { input, tags: { ...tags, ...placesTag(placesOfTask(spec)) } };
    },
  });
  return { taskDefinition, executionRole, taskRole };
}

/** The owners of the cluster and the load balancer, unless another chain alone has to do with them. */
const placesOfTask = ({ cluster, route }: TaskSpec & Partial<DeploymentSpec>): readonly string[] => [
  ...(cluster.claim === "existing" ? [] : [ownerOf.cluster(cluster.name)]),
  ...(route === undefined || route.loadBalancer.claim === "existing"
    ? []
    : [ownerOf.loadBalancer(route.loadBalancer.name)]),
];

/** Adds the sidecars' images whose tags can be looked up. */
const addSidecarImages = (
  graph: Graph<AwsContext>,
  { sidecars }: TaskSpec,
  context: AwsContext,
): (readonly [string, Ref<ImageState>])[] =>
  sidecars.flatMap(({ name, image }) => {
    const ref = addRegistryImage(graph, image.reference, context);
    return ref === undefined ? [] : [[name, ref] as const];
  });

/** Adds the role with which ECS pulls the image, reads the secrets and writes the logs; on EC2 only secrets need it. */
async function addExecutionRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
): Promise<Ref<IamRoleState> | undefined> {
  const policy = executionPolicy(spec, context);
  if (policy === undefined && spec.cluster.capacity.type === "ec2") return undefined;
  return addRole(graph, spec, owner, context, {
    roleName: (region) => executionRoleName(spec.name, region),
    service: "ecs-tasks.amazonaws.com",
    description: `Task execution role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed: [`arn:${context.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`],
      inline: policy === undefined ? {} : { secrets: policy },
    }),
  });
}

/** Adds the role of the processes in the containers: the chain's policies, and the one for the agent of ECS Exec. */
async function addTaskRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  exec: boolean,
): Promise<Ref<IamRoleState> | undefined> {
  const { taskRole } = spec;
  if (taskRole?.from === "arn" || (taskRole === undefined && !exec)) return undefined;
  const { managed, inline } = taskRole ?? { managed: [], inline: [] };
  const numbered = inline.map((document, index) => [`policy-${index + 1}`, document] as const);
  return addRole(graph, spec, owner, context, {
    roleName: (region) => taskRoleName(spec.name, region),
    service: "ecs-tasks.amazonaws.com",
    description: `Task role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed,
      inline: { ...Object.fromEntries(numbered), ...(exec && { exec: execPolicy }) },
    }),
  });
}
