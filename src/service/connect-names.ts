import type { AwsContext } from "../aws/context.js";
import { discoveryServices } from "../aws/namespace-members.js";
import { poll } from "../engine/poll.js";
import { isUnknown, type Kind, type Tagged } from "../engine/kind.js";
import { describeService } from "./describe-services.js";
import { noteRedeployment, redeploying } from "./redeployments.js";
import { watchRollout } from "./rollout/rollout.js";
import type { ServiceState } from "./service-state.js";

export interface ConnectNamesDesired extends Tagged {
  readonly cluster: string;
  readonly serviceName: string;
  readonly namespaceId: string;
  /** The names that the run's services have in the namespace, or get. */
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
    const newer = await newerNames(desired, context);
    if (newer === undefined) return undefined;
    const present = (await namesIn(namespaceId, context)).map(({ name }) => name);
    const missing = [...newer, ...expected.filter((name) => !present.includes(name))].sort();
    return {
      state: { service: undefined },
      current: {
        cluster,
        serviceName,
        namespaceId,
        expected,
        knows: missing.length === 0 ? "all names" : `all names but ${missing.join(", ")}`,
      },
      tags: desired.tags,
    };
  },

  create: (desired, context) => redeploy(desired, context),
  update: (desired, _observed, _changes, context) => redeploy(desired, context),

  async ready(state, _desired, context) {
    if (state.service !== undefined) await watchRollout(state.service, context);
    return state;
  },
};

interface DiscoveryName {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
}

const namesIn = async (namespaceId: string, context: AwsContext): Promise<readonly DiscoveryName[]> =>
  (await discoveryServices(namespaceId, context)).map(({ Name = "", Arn = "", CreateDate }) => ({
    name: Name,
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
  const { deployments = [] } = service;
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const isStale = deployment !== undefined && !isUnknown(deployment) && primary?.id !== deployment;
  if (isStale) return undefined;
  const began = primary?.createdAt?.getTime() ?? Infinity;
  const own = new Set(
    deployments.flatMap(({ serviceConnectResources = [] }) =>
      serviceConnectResources.map(({ discoveryArn }) => discoveryArn),
    ),
  );
  const names = await namesIn(namespaceId, context);
  return names.filter(({ arn, createdAt }) => !own.has(arn) && createdAt >= began).map(({ name }) => name);
}

/** Starts another deployment of the service if its newest one began before others got their names. */
async function redeploy(desired: ConnectNamesDesired, context: AwsContext): Promise<ConnectNamesState> {
  const { cluster, serviceName } = desired;
  // A new service, or deployment, is described some seconds later.
  const newer = await poll(
    { context, every: 2_000, timeout: 60_000, what: `service ${serviceName} to be visible` },
    () => newerNames(desired, context),
  );
  if (newer.length === 0) return { service: undefined };
  const startedAt = context.clock.now();
  return redeploying(desired, context, async () => {
    const { service = {} } = await context.aws.ecs.updateService({
      cluster,
      service: serviceName,
      forceNewDeployment: true,
    });
    const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
    noteRedeployment(desired, primary?.id, context);
    return {
      service: {
        arn: service.serviceArn ?? "",
        serviceName,
        clusterName: cluster,
        taskDefinition: service.taskDefinition ?? "",
        deploymentId: primary?.id,
        startedAt,
        desiredCount: service.desiredCount,
        targetGroupArns: (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
      },
    };
  });
}
