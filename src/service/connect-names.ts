import type { Service } from "@aws-sdk/client-ecs";
import { serviceNames } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { discoveryServices, namespaceServices } from "../aws/namespace-members.js";
import { poll } from "../engine/poll.js";
import { isUnknown, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError, TimeoutError } from "../errors.js";
import { describeService, describeServices } from "./describe-services.js";
import { expectRedeployment, redeploying } from "./redeployments.js";
import { groupsOfService } from "./shifted-groups.js";
import { watchRollout } from "./rollout/rollout.js";
import type { ServiceState } from "./service-state.js";

export interface ConnectNamesDesired extends Tagged {
  readonly cluster: string;
  readonly serviceName: string;
  readonly namespaceId: string;
  readonly namespaceName: string;
  /** The names of the service itself. */
  readonly own: readonly string[];
  /** The names that the run's other services have in the namespace, or get. */
  readonly expected: readonly string[];
  readonly knows: "all names";
  /** The deployment that the run has begun, which ECS may describe later. */
  readonly deployment: string | undefined;
}

export interface ConnectNamesState {
  readonly service: ServiceState | undefined;
}

/**
 * The names of its namespace that the tasks of a service know. They are those that existed when its deployment began:
 * names that others have got since need another deployment. Source: ECS Developer Guide, "Amazon ECS Service Connect
 * components".
 */
export const connectNamesKind: Kind<ConnectNamesDesired, ConnectNamesState, AwsContext> = {
  kind: "service-connect",
  unknown: { service: undefined },
  changesOnUpdate: ["service"],
  createOnly: ["deployment"],

  async read(desired, context) {
    const { cluster, serviceName, namespaceId, expected } = desired;
    if (isUnknown(namespaceId)) return undefined;
    const all = await namesIn(namespaceId, context);
    const newer = await newerNames(desired, context);
    await refuseTaken(desired, all, context);
    if (newer === undefined) return undefined;
    const present = all.map(({ name }) => name);
    const missing = [...newer, ...expected.filter((name) => !present.includes(name))].sort();
    expectRedeployment(desired, context, missing.length > 0);
    return {
      state: { service: undefined },
      current: {
        cluster,
        serviceName,
        namespaceId,
        namespaceName: desired.namespaceName,
        own: desired.own,
        expected,
        knows: missing.length === 0 ? "all names" : `all names but ${missing.join(", ")}`,
      },
      tags: desired.tags,
    };
  },

  create: (desired, context) => redeploy(desired, context),

  update: (desired, _observed, _changes, context) =>
    redeploy(desired, context).finally(() => expectRedeployment(desired, context, false)),

  async ready(state, _desired, context) {
    if (state.service !== undefined) await watchRollout(state.service, context);
    return state;
  },
};

interface DiscoveryName {
  readonly name: string;
  /** True if it is a DNS name, which is not one of Service Connect. */
  readonly isDns: boolean;
  readonly arn: string;
  readonly createdAt: number;
}

const namesIn = async (namespaceId: string, context: AwsContext): Promise<readonly DiscoveryName[]> =>
  (await discoveryServices(namespaceId, context)).map(({ Name = "", Arn = "", CreateDate, DnsConfig }) => ({
    name: Name,
    isDns: (DnsConfig?.DnsRecords ?? []).length > 0,
    arn: Arn,
    createdAt: CreateDate?.getTime() ?? 0,
  }));

/** The names that others have got since the newest deployment began; `undefined` while ECS does not describe it. */
async function newerNames(
  { cluster, serviceName, namespaceId, deployment }: ConnectNamesDesired,
  context: AwsContext,
): Promise<readonly string[] | undefined> {
  const service = await describeService(cluster, serviceName, context);
  if (service?.status !== "ACTIVE") return undefined;
  const primary = primaryOf(service);
  const isStale = deployment !== undefined && !isUnknown(deployment) && primary?.id !== deployment;
  if (isStale) return undefined;
  const began = primary?.createdAt?.getTime() ?? Infinity;
  const own = new Set(resourcesOf(service));
  const names = await namesIn(namespaceId, context);
  return names
    .filter(({ arn, createdAt, isDns }) => !isDns && !own.has(arn) && createdAt >= began)
    .map(({ name }) => name);
}

/** Refuses a name that another service has: ECS would refuse it in the middle of the run. */
async function refuseTaken(
  { cluster, serviceName, namespaceName, own }: ConnectNamesDesired,
  all: readonly DiscoveryName[],
  context: AwsContext,
): Promise<void> {
  const wanted = all.filter(({ name }) => own.includes(name));
  if (wanted.length === 0) return;
  const service = await describeService(cluster, serviceName, context);
  const held = new Set(service?.status === "ACTIVE" ? resourcesOf(service) : []);
  const foreign = wanted.filter(({ arn }) => !held.has(arn));
  if (foreign.length === 0) return;
  for (const other of await membersOf(namespaceName, context)) {
    const taken = foreign.find(({ arn }) => resourcesOf(other).includes(arn));
    if (taken === undefined || other.serviceArn === service?.serviceArn) continue;
    const { cluster: place, service: name } = serviceNames(other.serviceArn ?? "");
    throw new QuaysideError(
      "connect-name-taken",
      `Nothing was changed: service ${name} in ${place} has the name ${taken.name} in namespace ${namespaceName}, and a name in Service Connect is unique`,
      {
        facts: { name: taken.name, namespace: namespaceName, service: name, cluster: place },
        fix: "Use another name (.connect({ as })), or remove the name from that service first.",
      },
    );
  }
  // Otherwise it is a deleted service's, whose names ECS deletes some seconds later.
}

async function membersOf(namespace: string, context: AwsContext): Promise<readonly Service[]> {
  const arns = await namespaceServices(namespace, context);
  const byCluster = groupByCluster(arns);
  const described = await Promise.all(
    [...byCluster].map(([cluster, all]) =>
      describeServices(
        cluster,
        all.map(({ service }) => service),
        context,
      ),
    ),
  );
  return described.flat();
}

/** The ARNs of the Cloud Map services that the deployments of a service have. */
const resourcesOf = ({ deployments = [] }: Service): readonly string[] =>
  deployments.flatMap(({ serviceConnectResources = [] }) =>
    serviceConnectResources.flatMap(({ discoveryArn }) => discoveryArn ?? []),
  );

/** Starts another deployment of the service if its newest one began before others got their names. */
async function redeploy(desired: ConnectNamesDesired, context: AwsContext): Promise<ConnectNamesState> {
  const { cluster, serviceName } = desired;
  // A new service, or deployment, is described some seconds later; one that was replaced meanwhile never is.
  const newer = await poll(
    { context, every: 2_000, timeout: 60_000, what: `service ${serviceName} to be visible` },
    () => newerNames(desired, context),
  ).catch((error: unknown) => {
    if (error instanceof TimeoutError && !context.signal.aborted) return [];
    throw error;
  });
  if (newer.length === 0) return { service: undefined };
  const startedAt = context.clock.now();
  const present = await describeService(cluster, serviceName, context);
  const replaced = desired.deployment ?? primaryOf(present)?.id ?? "";
  const service = await redeploying(replaced, context, async (): Promise<ServiceState> => {
    const { service: updated = {} } = await context.aws.ecs.updateService({
      cluster,
      service: serviceName,
      forceNewDeployment: true,
    });
    return {
      arn: updated.serviceArn ?? "",
      serviceName,
      clusterName: cluster,
      taskDefinition: updated.taskDefinition ?? "",
      deploymentId: primaryOf(updated)?.id,
      startedAt,
      desiredCount: updated.desiredCount,
      targetGroupArns: groupsOfService(updated),
    };
  });
  return { service };
}

const primaryOf = (service: Service | undefined) =>
  service?.deployments?.find(({ status }) => status === "PRIMARY");

function groupByCluster(arns: readonly string[]): ReadonlyMap<string, { service: string }[]> {
  const groups = new Map<string, { service: string }[]>();
  for (const { cluster, service } of arns.map((arn) => serviceNames(arn)))
    groups.set(cluster, [...(groups.get(cluster) ?? []), { service }]);
  return groups;
}
