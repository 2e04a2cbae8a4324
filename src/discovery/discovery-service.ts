import type { InstanceSummary, ServiceSummary } from "@aws-sdk/client-servicediscovery";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { QuaysideError } from "../errors.js";
import { discoveryServices, isManagedByEcs } from "../aws/namespace-members.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { ownerOf } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { succeeded } from "./operation.js";

export interface DiscoveryServiceDesired extends Tagged {
  readonly serviceName: string;
  readonly namespaceName: string;
  readonly namespaceId: string;
  /** The type of its DNS records. */
  readonly records: "A" | "SRV";
  /** Seconds. */
  readonly ttl: number;
}

export interface DiscoveryServiceState {
  readonly id: string;
  readonly arn: string;
  readonly serviceName: string;
  readonly namespaceName: string;
}

/** ECS deregisters the tasks of a service as they stop, and Cloud Map counts them a while longer. */
const RELEASE_TIMEOUT = 10 * 60_000;
/** From then on, instances whose tasks have stopped are ones that ECS has left: aws/containers-roadmap#1746. */
const LEFT_AFTER = 2 * 60_000;

/** The name of its node: the domain. */
export const discoveryServiceName = ({
  serviceName,
  namespaceName,
}: Pick<DiscoveryServiceDesired, "serviceName" | "namespaceName">): string =>
  `${serviceName}.${namespaceName}`;

/** A service of Cloud Map with a DNS name, with which ECS registers tasks. */
export const discoveryServiceKind: Kind<DiscoveryServiceDesired, DiscoveryServiceState, AwsContext> = {
  kind: "discovery-service",
  unknown: { id: UNKNOWN, arn: UNKNOWN, serviceName: UNKNOWN, namespaceName: UNKNOWN },
  // Source: Cloud Map API reference, DnsConfig.
  immutable: ["records"],
  dependsOn: ["namespace"],

  async read({ serviceName, namespaceName, namespaceId }, context) {
    if (isUnknown(namespaceId)) return undefined;
    const all = await discoveryServices(namespaceId, context);
    const found = all.find(({ Name }) => Name?.toLowerCase() === serviceName);
    if (found === undefined) return undefined;
    const [record] = found.DnsConfig?.DnsRecords ?? [];
    const tags = await tagsOf(found.Arn, context);
    if (isManagedByEcs(tags)) return undefined;
    // The tagging API may not know it for minutes.
    const owner = tags[OWNER_TAG];
    if (owner !== undefined) context.noteOwned(owner, { arn: found.Arn ?? "", tags });
    return {
      state: stateOf(found, namespaceName),
      current: { serviceName, namespaceName, namespaceId, records: record?.Type, ttl: record?.TTL },
      tags,
    };
  },

  /** A name of Service Connect is ECS's: it has no DNS records, and is nothing to take over. */
  async preflight({ serviceName, namespaceName, namespaceId }, context) {
    if (isUnknown(namespaceId)) return;
    const all = await discoveryServices(namespaceId, context);
    const found = all.find(({ Name }) => Name?.toLowerCase() === serviceName);
    if (found === undefined || !isManagedByEcs(await tagsOf(found.Arn, context))) return;
    const name = discoveryServiceName({ serviceName, namespaceName });
    throw new QuaysideError(
      "discovery-name-taken",
      `Nothing was changed: Cloud Map service ${name} cannot have a DNS name: it is a name in Service Connect`,
      {
        facts: { name },
        fix: "Choose another name or namespace: .serviceDiscovery({ as, namespace }). To keep both, deploy once without .connect() and .serviceDiscovery(), and with .serviceDiscovery() once ECS has deleted the name, a few minutes later.",
      },
    );
  },

  async create({ serviceName, namespaceName, namespaceId, records, ttl, tags }, context) {
    const { Service = {} } = await context.aws.serviceDiscovery.createService({
      Name: serviceName,
      NamespaceId: namespaceId,
      CreatorRequestId: stableHash([serviceName, namespaceId, tags[OWNER_TAG], context.startedAt]).slice(
        0,
        64,
      ),
      DnsConfig: { RoutingPolicy: "MULTIVALUE", DnsRecords: [{ Type: records, TTL: ttl }] },
      // ECS reports the health of its tasks; it is not possible later.
      HealthCheckCustomConfig: { FailureThreshold: 1 },
      Tags: toTagList(tags),
    });
    return stateOf(Service, namespaceName);
  },

  alreadyExists: (error) => hasErrorCode(error, "ServiceAlreadyExists"),

  async update(desired, { state }, changes, context) {
    const { serviceDiscovery } = context.aws;
    const tags = changedTags(desired, changes);
    if (tags !== undefined)
      await serviceDiscovery.tagResource({ ResourceARN: state.arn, Tags: toTagList(tags) });
    if (!hasChanges(changes, "ttl")) return state;
    const { OperationId } = await serviceDiscovery.updateService({
      Id: state.id,
      Service: { DnsConfig: { DnsRecords: [{ Type: desired.records, TTL: desired.ttl }] } },
    });
    await succeeded(OperationId, `the records of ${discoveryServiceName(desired)} to be updated`, context);
    return state;
  },

  async delete(state, context) {
    const name = discoveryServiceName(state);
    const reportWait = waitReporter(context, "discovery-service", name);
    const began = context.clock.now();
    let instances: readonly InstanceSummary[] = [];
    await poll(
      {
        context,
        every: 5_000,
        timeout: RELEASE_TIMEOUT,
        what: `Cloud Map service ${name} to have no instances`,
        why: () => `instances are still registered: ${instances.map(({ Id }) => Id).join(", ")}`,
        fix: "Deregister these instances in AWS Cloud Map, then run it again.",
      },
      async () => {
        try {
          await ignoreNotFound(context.aws.serviceDiscovery.deleteService({ Id: state.id }));
          return true;
        } catch (error) {
          if (!hasErrorCode(error, "ResourceInUse")) throw error;
        }
        reportWait("ECS deregisters tasks that have stopped");
        instances = await instancesOf(state, context);
        if (context.clock.now() - began >= LEFT_AFTER) await deregisterStopped(state, instances, context);
        return undefined;
      },
    );
  },

  async findOwned(owner, context): Promise<readonly Found<DiscoveryServiceState>[]> {
    const owned = await ownedArns(context, owner, "servicediscovery", "service/");
    const found = await Promise.all(
      owned.map(async ({ rest: id, tags }) => {
        const answer = await ignoreNotFound(context.aws.serviceDiscovery.getService({ Id: id }));
        const { Service } = answer ?? {};
        if (Service === undefined) return [];
        const name = await namespaceNameOf(Service.NamespaceId, context);
        const state = stateOf(Service, name);
        return [{ name: discoveryServiceName(state), state, tags }];
      }),
    );
    return found.flat();
  },

  parentOwners: ({ state }) => [ownerOf.namespace(state.namespaceName)],
};

const stateOf = (
  { Id = "", Arn = "", Name = "" }: ServiceSummary,
  namespaceName: string,
): DiscoveryServiceState => ({ id: Id, arn: Arn, serviceName: Name.toLowerCase(), namespaceName });

async function tagsOf(ResourceARN: string | undefined, { aws }: AwsContext) {
  const answer = await ignoreNotFound(aws.serviceDiscovery.listTagsForResource({ ResourceARN }));
  return fromTags(answer?.Tags);
}

async function namespaceNameOf(id: string | undefined, { aws }: AwsContext): Promise<string> {
  const all = await paginate(
    "NextToken",
    (next) => aws.serviceDiscovery.listNamespaces(next),
    ({ Namespaces }) => Namespaces,
  );
  return all.find(({ Id, Arn }) => Id === id || Arn === id)?.Name ?? "";
}

const instancesOf = (
  { id }: DiscoveryServiceState,
  { aws }: AwsContext,
): Promise<readonly InstanceSummary[]> =>
  paginate(
    "NextToken",
    async (next) =>
      (await ignoreNotFound(aws.serviceDiscovery.listInstances({ ServiceId: id, ...next }))) ?? {},
    ({ Instances }) => Instances,
  );

/** Deregisters the instances that ECS has left. Those of tasks that run, and of others, stay. */
async function deregisterStopped(
  state: DiscoveryServiceState,
  instances: readonly InstanceSummary[],
  context: AwsContext,
): Promise<void> {
  const { ecs, serviceDiscovery } = context.aws;
  for (const { Id, Attributes = {} } of instances) {
    const cluster = Attributes["ECS_CLUSTER_NAME"];
    if (cluster === undefined || Id === undefined) continue;
    const answer = await ignoreNotFound(ecs.describeTasks({ cluster, tasks: [Id] }));
    if ((answer?.tasks ?? []).some(({ lastStatus }) => lastStatus !== "STOPPED")) continue;
    const deregistering = await serviceDiscovery
      .deregisterInstance({ ServiceId: state.id, InstanceId: Id })
      .catch((error: unknown) => {
        if (hasErrorCode(error, "InstanceNotFound")) return undefined;
        throw error;
      });
    await succeeded(deregistering?.OperationId, `instance ${Id} to be deregistered`, context);
  }
}
