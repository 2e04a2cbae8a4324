import type { ContainerDefinition, Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { targetGroupName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerOf } from "../../aws/owner.js";
import { describeTargets, resourceIdOf } from "../../aws/scalable-targets.js";
import { fromTags } from "../../aws/tags.js";
import { colorSuffix, COLORS, colorTargetGroup, KEEP_OLD_TAG, RELEASE_TAG } from "../../bluegreen/colors.js";
import type { CapacityType } from "../../spec/capacity-type.js";
import type { BlueGreenSpec } from "../../spec/blue-green.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { IamSpec } from "../../spec/iam.js";
import { QuaysideError } from "../../errors.js";
import { findDeployment, type FoundDeployment } from "./find-services.js";
import { findRoute, type FoundRoute } from "./find-route.js";
import { userTags } from "./user-tags.js";
import { specByName } from "../../spec/spec-by-name.js";

/** A deployment as AWS knows it. */
export interface Discovered {
  readonly spec: DeploymentSpec;
  /** False if AWS has neither a service nor a task definition of it. */
  readonly exists: boolean;
  /** False if AWS has nothing that names its cluster. */
  readonly hasCluster: boolean;
}

/** ECS's own default: of a deployment that does not exist, nothing is in it. */
const NO_CLUSTER = "default";

/**
 * Describes a deployment by what AWS has of it, for the operations that change nothing about what is deployed: its
 * services, containers, log group, target groups and scaling have the names and settings that they have.
 */
export async function discover(name: string, context: AwsContext): Promise<Discovered> {
  const found = await findDeployment(name, context);
  const service = newestOf(found.services);
  const definition = (await definitionOf(service, context)) ?? found.newest;
  const cluster = found.cluster ?? NO_CLUSTER;
  const [route, scaling] = await Promise.all([findRoute(found, context), scalingOf(found, cluster, context)]);
  const container = mainContainer(name, service, definition);
  const base = specByName(name, {
    cluster,
    capacity: capacityOf(definition),
    image: container?.image,
    loadBalancer: route?.loadBalancer,
  });
  const isBlueGreen = found.services.some(({ tags }) => RELEASE_TAG in fromTags(tags));
  const options = container?.logConfiguration?.options ?? {};
  const serviceName = service?.serviceName ?? name;
  const spec: DeploymentSpec = {
    ...base,
    container: { ...base.container, name: container?.name ?? base.container.name },
    service: {
      ...base.service,
      name: isBlueGreen ? serviceName.replace(colorSuffix, "") : serviceName,
      exec: service?.enableExecuteCommand ?? false,
    },
    cluster: { ...base.cluster, claim: claimOf(ownerOf.cluster(cluster), found) },
    logs: {
      ...base.logs,
      group: options["awslogs-group"] ?? base.logs.group,
      streamPrefix: options["awslogs-stream-prefix"] ?? base.logs.streamPrefix,
    },
    route: routeOf(base, route, found),
    scaling,
    blueGreen: isBlueGreen && route !== undefined ? blueGreenOf(found.services) : undefined,
    tags: userTags(fromTags(service?.tags)),
    iam: iamOf(definition),
  };
  return {
    spec,
    exists: service !== undefined || definition !== undefined,
    hasCluster: found.cluster !== undefined,
  };
}

/** Like `discover`, for the operations that need a deployment. */
export async function discoverDeployed(name: string, context: AwsContext): Promise<DeploymentSpec> {
  const { spec, exists } = await discover(name, context);
  if (exists) return spec;
  throw new QuaysideError(
    "not-deployed",
    `${name} is not deployed: no service and no task definition in ${context.region} has its tags`,
    {
      facts: { deployment: name, region: context.region },
      fix: "Check its name, the region and the account; deployments() lists what is deployed.",
    },
  );
}

/** A cluster or load balancer that the task definition does not name is used only, and never deleted. */
const claimOf = (owner: string, { places }: FoundDeployment): "use-or-create" | "existing" =>
  places.includes(owner) ? "use-or-create" : "existing";

const capacityOf = ({ requiresCompatibilities = [] }: TaskDefinition = {}): CapacityType =>
  requiresCompatibilities.includes("FARGATE")
    ? "fargate"
    : requiresCompatibilities.includes("MANAGED_INSTANCES")
      ? "managed-instances"
      : "ec2";

/** With two colors, the newer version: it is what was deployed last. */
function newestOf(services: readonly Service[]): Service | undefined {
  const release = ({ tags }: Service): number => Number(fromTags(tags)[RELEASE_TAG] ?? 0);
  return [...services].sort((one, other) => release(other) - release(one))[0];
}

async function definitionOf(
  service: Service | undefined,
  { aws }: AwsContext,
): Promise<TaskDefinition | undefined> {
  if (service?.taskDefinition === undefined) return undefined;
  const { taskDefinition } = service;
  return (await ignoreNotFound(aws.ecs.describeTaskDefinition({ taskDefinition })))?.taskDefinition;
}

/** The container behind the load balancer, else the one that is named as by default, else the first essential one. */
function mainContainer(
  name: string,
  service: Service | undefined,
  definition: TaskDefinition | undefined,
): ContainerDefinition | undefined {
  const all = definition?.containerDefinitions ?? [];
  const served = service?.loadBalancers?.[0]?.containerName;
  return (
    all.find((each) => each.name === served) ??
    all.find((each) => each.name === name) ??
    all.find(({ essential }) => essential !== false)
  );
}

function routeOf(
  base: DeploymentSpec,
  found: FoundRoute | undefined,
  deployment: FoundDeployment,
): DeploymentSpec["route"] {
  const { route } = base;
  if (route === undefined || found === undefined) return undefined;
  const claim = claimOf(ownerOf.loadBalancer(found.loadBalancer), deployment);
  const { loadBalancer } = route;
  return {
    ...route,
    path: found.path.length > 0 ? found.path : route.path,
    host: found.host,
    targetGroup: targetGroupOf(base, deployment.services),
    loadBalancer: { ...loadBalancer, claim, ...(claim === "existing" && { listeners: [] }) },
  };
}

/** The name from which those of the colors' target groups are derived, or the service's own. */
function targetGroupOf(base: DeploymentSpec, services: readonly Service[]): string {
  const usual = base.route!.targetGroup;
  const names = services.flatMap(({ loadBalancers = [] }) =>
    loadBalancers.map(({ targetGroupArn }) => targetGroupName(targetGroupArn)),
  );
  const isUsual = (name: string): boolean =>
    [usual, ...COLORS.map((color) => colorTargetGroup(base, color))].includes(name);
  return names.length === 0 || names.some(isUsual) ? usual : names[0]!.replace(colorSuffix, "");
}

/** The path that the roles of its tasks have, below which leftovers are found; `undefined` if they are not quayside's. */
function iamOf(definition: TaskDefinition | undefined): IamSpec | undefined {
  const paths = [definition?.taskRoleArn, definition?.executionRoleArn].flatMap(
    (arn) => /:role(\/(?:.+\/)?)quayside\//.exec(arn ?? "")?.[1] ?? [],
  );
  return paths[0] === undefined ? undefined : { path: paths[0], permissionsBoundary: undefined };
}

/** The settings of releases; how the traffic shifts in a deploy is the chain's matter. */
function blueGreenOf(services: readonly Service[]): BlueGreenSpec {
  const keepOld = Number(
    services.map(({ tags }) => fromTags(tags)[KEEP_OLD_TAG]).find((seconds) => seconds !== undefined),
  );
  return {
    shift: [100],
    every: 60,
    verifyTimeout: 300,
    alarms: [],
    keepOld: Number.isFinite(keepOld) ? keepOld : undefined,
    preview: undefined,
  };
}

async function scalingOf(
  { services }: FoundDeployment,
  cluster: string,
  context: AwsContext,
): Promise<DeploymentSpec["scaling"]> {
  const ids = services.map(({ serviceName = "" }) => resourceIdOf(cluster, serviceName));
  const [target] = ids.length === 0 ? [] : await describeTargets(ids, context);
  if (target === undefined) return undefined;
  const { MinCapacity: min = 0, MaxCapacity: max = 0 } = target;
  return { min, max, targets: [], policies: [], schedule: [] };
}
