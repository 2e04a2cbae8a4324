import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { readRelease, serving } from "../bluegreen/release-state.js";
import { findLoadBalancer } from "../load-balancer/existing-load-balancer.js";
import { presentRoutes, routesTo } from "../load-balancer/rules/present-routes.js";
import { statusToText } from "../report/status-text.js";
import { instancesDimension, tasksDimension } from "../scaling/scaling-status.js";
import { groupsOfService, shiftedWeights } from "../service/shifted-groups.js";
import { targetHealth } from "../service/rollout/rollout-evidence.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { isBlueGreen } from "./release/prepare-release.js";
import { readFacts, releaseStatus, tasksOf } from "./release/release-status.js";
import { loadBalancerReplacement } from "./replacement/load-balancer-replacement.js";
import { discover } from "./named/discover.js";
import type { OperationOptions, ServiceStatus } from "./results.js";
import { endpointOf, networkAddress, presentAddress, serviceAddress } from "./service-url.js";
import { withDeployment, type Described } from "./with-deployment.js";

const EVENTS_SHOWN = 10;

/** Returns the status of the deployment, also if it does not exist. Changes nothing. */
export function status(described: Described, options: OperationOptions = {}): Promise<ServiceStatus> {
  let isKnown = true;
  return withDeployment(
    described,
    options,
    async ({ spec }, context) =>
      isKnown ? serviceStatus(spec, context) : withText({ ...absent(spec, 0), cluster: undefined }),
    {
      discover: async (name, context) => {
        const { spec, hasCluster } = await discover(name, context);
        isKnown = hasCluster;
        return spec;
      },
    },
  );
}

/** Like `status`, with an existing context. */
export async function serviceStatus(spec: DeploymentSpec, context: AwsContext): Promise<ServiceStatus> {
  if (!isBlueGreen(spec)) return withText(await statusOf(spec, context));
  const state = await readRelease(spec, context);
  const [facts, status] = await Promise.all([
    readFacts(spec, state, context),
    statusOf(serving(spec, state), context),
  ]);
  return withText({ ...status, release: releaseStatus(state, facts) });
}

/** Not enumerable, so that the status serializes without it. */
const withText = (status: ServiceStatus): ServiceStatus =>
  Object.defineProperty(status, "toString", { value: () => statusToText(status) });

/** The status of one service. */
export async function statusOf(spec: DeploymentSpec, context: AwsContext): Promise<ServiceStatus> {
  const [service, instances] = await Promise.all([
    findService(spec, context),
    connectedInstances(spec, context),
  ]);
  if (service === undefined) return absent(spec, instances);
  const subject = {
    serviceName: spec.service.name,
    clusterName: spec.cluster.name,
    taskDefinition: service.taskDefinition ?? "",
    targetGroupArns: groupsOfService(service),
  };
  const tasks = tasksOf(service);
  const [url, targets, scaling, image, weights] = await Promise.all([
    findUrl(spec, subject.targetGroupArns, context),
    targetHealth(subject, context),
    scalingOf(spec, tasks.desired, context),
    imageOf(subject.taskDefinition, spec.container.name, context),
    shiftedWeights(service, context),
  ]);
  const rollout = rolloutOf(service);
  const serving = targets.filter((target) => target.state !== "draining");
  return {
    service: spec.service.name,
    cluster: spec.cluster.name,
    exists: true,
    isHealthy:
      rollout?.state === "COMPLETED" &&
      tasks.running >= tasks.desired &&
      tasks.desired > 0 &&
      serving.every((target) => target.state === "healthy"),
    url,
    taskDefinition: service.taskDefinition,
    image,
    tasks,
    rollout,
    targets,
    instances,
    ...(scaling && { scaling }),
    ...(weights && { weights }),
    events: (service.events ?? []).slice(0, EVENTS_SHOWN).map((event) => ({
      at: event.createdAt ?? new Date(0),
      message: event.message ?? "",
    })),
  };
}

async function scalingOf(
  { cluster, service, scaling }: DeploymentSpec,
  desired: number,
  context: AwsContext,
): Promise<ServiceStatus["scaling"]> {
  const group =
    cluster.capacity.type === "ec2" && cluster.capacity.scaling
      ? autoScalingGroupName(cluster.name)
      : undefined;
  if (scaling === undefined && group === undefined) return undefined;
  const [tasks, instances] = await Promise.all([
    scaling && tasksDimension({ cluster: cluster.name, service: service.name, desired }, context),
    group === undefined ? undefined : instancesDimension(group, context),
  ]);
  return { tasks, instances };
}

const absent = (spec: DeploymentSpec, instances: number): ServiceStatus => ({
  service: spec.service.name,
  cluster: spec.cluster.name,
  exists: false,
  isHealthy: false,
  url: undefined,
  taskDefinition: undefined,
  image: undefined,
  tasks: { desired: 0, running: 0, pending: 0 },
  rollout: undefined,
  targets: [],
  instances,
  events: [],
});

async function findService(
  { service, cluster }: DeploymentSpec,
  { aws }: AwsContext,
): Promise<Service | undefined> {
  const described = await ignoreNotFound(
    aws.ecs.describeServices({ cluster: cluster.name, services: [service.name] }),
  );
  return described?.services?.find((candidate) => candidate.status !== "INACTIVE");
}

async function connectedInstances({ cluster }: DeploymentSpec, { aws }: AwsContext): Promise<number> {
  const listed = await ignoreNotFound(
    aws.ecs.listContainerInstances({ cluster: cluster.name, status: "ACTIVE" }),
  );
  const containerInstances = listed?.containerInstanceArns ?? [];
  if (containerInstances.length === 0) return 0;
  const described = await aws.ecs.describeContainerInstances({ cluster: cluster.name, containerInstances });
  return (described.containerInstances ?? []).filter((instance) => instance.agentConnected).length;
}

async function findUrl(
  { route, networkRoutes = [] }: DeploymentSpec,
  targetGroupArns: readonly string[],
  context: AwsContext,
): Promise<string | undefined> {
  const [network] = networkRoutes;
  const balancer = route?.loadBalancer ?? network?.loadBalancer;
  if (balancer === undefined) return undefined;
  const { spec, present } = await loadBalancerReplacement(balancer, context);
  const { DNSName: dnsName, LoadBalancerArn: arn = "" } =
    present ?? (await findLoadBalancer(spec.name, context)) ?? {};
  if (dnsName === undefined) return undefined;
  if (route === undefined) return (await networkAddress(dnsName, network!, context)).url;
  // Only the chain that describes a load balancer knows its listeners.
  const found =
    spec.claim === "own"
      ? undefined
      : await presentAddress(dnsName, routesTo(targetGroupArns, await presentRoutes(arn, context)), context);
  return (found ?? (await serviceAddress(dnsName, route, endpointOf(spec.listeners), context))).url;
}

async function imageOf(
  taskDefinition: string,
  container: string,
  { aws }: AwsContext,
): Promise<string | undefined> {
  const described = await ignoreNotFound(aws.ecs.describeTaskDefinition({ taskDefinition }));
  const definitions = described?.taskDefinition?.containerDefinitions ?? [];
  return (definitions.find(({ name }) => name === container) ?? definitions[0])?.image;
}

function rolloutOf(service: Service): ServiceStatus["rollout"] {
  const primary = service.deployments?.find((deployment) => deployment.status === "PRIMARY");
  if (primary?.id === undefined) return undefined;
  return {
    id: primary.id,
    state: primary.rolloutState ?? "UNKNOWN",
    reason: primary.rolloutStateReason,
    failedTasks: primary.failedTasks ?? 0,
  };
}
