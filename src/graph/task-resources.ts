import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import { logGroupKind, type LogGroupState } from "../service/log-group.js";
import { execPolicy } from "../service/task-definition/exec-policy.js";
import { executionPolicy } from "../service/task-definition/execution-policy.js";
import { domainsOf, loadBalancersOf } from "../spec/load-balancers-of.js";
import { placesTag } from "../service/task-definition/places.js";
import { taskPolicy } from "../service/task-definition/task-policy.js";
import { taskDefinitionInput } from "../service/task-definition/task-definition-input.js";
import { taskDefinitionKind, type TaskDefinitionState } from "../service/task-definition/task-definition.js";
import type { DeploymentSpec, TaskSpec } from "../spec/deployment-spec.js";
import { executionRoleName, taskRoleName } from "../spec/derived-names.js";
import type { NetworkSpec } from "../spec/network.js";
import { logGroupUses } from "../spec/task/log-groups.js";
import { noteIamPrefix } from "../iam/region.js";
import { addRole } from "./iam-role-graph.js";
import { addInfrastructureRole } from "./infrastructure-role-graph.js";
import type { TaskImages } from "./task-images-graph.js";

export interface TaskRefs {
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly executionRole: Ref<IamRoleState> | undefined;
  /** Only if quayside manages it. */
  readonly taskRole: Ref<IamRoleState> | undefined;
  /** The role with which ECS creates EBS volumes; only if quayside manages it. */
  readonly infrastructureRole: Ref<IamRoleState> | undefined;
}

/** Adds what a task is created from: log group, roles and task definition, for a service or a job. */
export async function addTask(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  options: {
    readonly exec: boolean;
    readonly images: TaskImages;
    readonly purpose: GraphPurpose;
  },
): Promise<TaskRefs> {
  const { tags } = spec;
  const logGroups = addLogGroups(graph, spec, owner, context);
  const executionRole = await addExecutionRole(graph, spec, owner, context);
  if (spec.iam !== undefined) noteIamPrefix(spec.iam.path, context);
  const taskRole = await addTaskRole(graph, spec, owner, context, options.exec);
  const infrastructureRole = await addInfrastructureRole(graph, spec, owner, context);
  const images = [...options.images];
  const taskDefinition = graph.add({
    kind: taskDefinitionKind,
    name: spec.name,
    owner,
    needs: {
      // A container without its log group does not start.
      logGroups: logGroups.map((group) => created(group)),
      executionRole: created(executionRole),
      taskRole: created(taskRole),
      images: images.map(([, ref]) => created(ref)),
    },
    desired: (known) => {
      const input = taskDefinitionInput(spec, {
        ...context,
        executionRoleArn: spec.task.executionRole ?? known.executionRole?.arn,
        taskRoleArn: spec.taskRole?.from === "arn" ? spec.taskRole.arn : known.taskRole?.arn,
        exec: options.exec,
        images: new Map(images.map(([name], index) => [name, known.images[index]!.reference])),
      });
      return { input, tags: { ...tags, ...placesTag(placesOfTask(spec)) } };
    },
  });
  return { taskDefinition, executionRole, taskRole, infrastructureRole };
}

const placeOf = (network: NetworkSpec | undefined): readonly string[] =>
  network?.own === undefined ? [] : [ownerOf.network(network.own.name)];

/** The owners of the cluster, the load balancers and the networks, unless another chain alone has to do with them. */
const placesOfTask = ({
  cluster,
  route,
  furtherRoutes,
  networkRoutes,
  connect,
  serviceDiscovery,
}: TaskSpec & Partial<DeploymentSpec>): readonly string[] => [
  ...(cluster.claim === "existing" ? [] : [ownerOf.cluster(cluster.name)]),
  ...loadBalancersOf({ route, furtherRoutes, networkRoutes }).flatMap(({ claim, name, network }) =>
    claim === "existing" ? [] : [ownerOf.loadBalancer(name), ...placeOf(network)],
  ),
  ...placeOf(cluster.network),
  ...(connect === undefined ? [] : [ownerOf.namespace(connect.namespace)]),
  ...(serviceDiscovery === undefined ? [] : [ownerOf.namespace(serviceDiscovery.namespace)]),
  ...domainsOf({ route, networkRoutes }).map(ownerOf.domain),
];

/** Adds the log groups of the deployment's region that the containers, or the log router, write to. */
function addLogGroups(
  graph: Graph<AwsContext>,
  { container, sidecars, logs, tags }: TaskSpec,
  owner: string,
  { region }: Pick<AwsContext, "region">,
): Ref<LogGroupState>[] {
  const uses = logGroupUses([container, ...sidecars], logs).filter(
    (use) => (use.region ?? region) === region,
  );
  const groups = new Map(uses.map((use) => [use.group, use.isOwn]));
  return [...groups].map(([name, isOwn]) =>
    graph.add({
      kind: logGroupKind,
      name,
      owner,
      // A group that only a driver's option names may be another one's.
      claim: isOwn ? logs.claim : "share",
      severalOwners: !isOwn || logs.claim === "share",
      needs: {},
      desired: () => ({
        logGroupName: name,
        retentionInDays: logs.retention,
        ...(isOwn && logs.class !== undefined && { logGroupClass: logs.class }),
        ...(isOwn && logs.kmsKey !== undefined && { kmsKeyId: logs.kmsKey }),
        tags,
      }),
    }),
  );
}

/** Adds the role with which ECS pulls the image, reads the secrets and writes the logs; on EC2 only secrets need it. */
async function addExecutionRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
): Promise<Ref<IamRoleState> | undefined> {
  const policy = executionPolicy(spec, context);
  if (spec.task.executionRole !== undefined) return undefined;
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

/** Adds the role of the processes in the containers: the chain's policies, and what ECS Exec, volumes and a log router need. */
async function addTaskRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  exec: boolean,
): Promise<Ref<IamRoleState> | undefined> {
  const { taskRole } = spec;
  const policy = taskPolicy(spec, context);
  const isNeeded = taskRole !== undefined || exec || policy !== undefined;
  if (taskRole?.from === "arn" || !isNeeded) return undefined;
  const { managed, inline } = taskRole ?? { managed: [], inline: [] };
  const numbered = inline.map((document, index) => [`policy-${index + 1}`, document] as const);
  return addRole(graph, spec, owner, context, {
    roleName: (region) => taskRoleName(spec.name, region),
    service: "ecs-tasks.amazonaws.com",
    description: `Task role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed,
      inline: {
        ...Object.fromEntries(numbered),
        ...(exec && {
          exec: execPolicy({
            partition: context.partition,
            logging: spec.cluster.execLogging,
            taskLogGroup: spec.logs.driver.driver === "awslogs" ? spec.logs.group : undefined,
          }),
        }),
        ...(policy && { task: policy }),
      },
    }),
  });
}
