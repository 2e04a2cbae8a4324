import type { NamespaceSummary, ServiceSummary } from "@aws-sdk/client-servicediscovery";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { discoveryServices, isManagedByEcs, namespaceMembers } from "../aws/namespace-members.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { findNamespace, namespacesNamed, refuseUnusable } from "./find-namespace.js";
import { OPERATION_TIMEOUT, succeeded } from "./operation.js";

export interface NamespaceDesired extends Tagged {
  readonly namespaceName: string;
  /** The VPC in which its DNS names resolve. @defaultValue it needs no DNS names */
  readonly vpcId?: string | undefined;
}

export interface NamespaceState {
  readonly id: string;
  readonly arn: string;
  readonly namespaceName: string;
}

/** ECS deletes the Cloud Map services of a deleted service by itself, later. */
const RELEASE_TIMEOUT = 10 * 60_000;

/** A Cloud Map namespace, in which services find each other, by Service Connect or by DNS: shared, like a cluster. */
export const namespaceKind: Kind<NamespaceDesired, NamespaceState, AwsContext> = {
  kind: "namespace",
  unknown: { id: UNKNOWN, arn: UNKNOWN, namespaceName: UNKNOWN },
  immutable: ["namespaceName"],

  async read({ namespaceName, vpcId }, context) {
    const found = await findNamespace(namespaceName, vpcId, context);
    if (found === undefined) return undefined;
    return {
      state: stateOf(found),
      current: { namespaceName: found.Name, vpcId },
      tags: await tagsOf(found, context),
    };
  },

  preflight: ({ namespaceName, vpcId }, context) =>
    vpcId === undefined ? Promise.resolve() : refuseUnusable(namespaceName, context),

  async create({ namespaceName, vpcId, tags }, context) {
    const { serviceDiscovery } = context.aws;
    const request = {
      Name: namespaceName,
      // Another one for each attempt of another run: one that failed may be tried again.
      CreatorRequestId: stableHash([namespaceName, tags[OWNER_TAG], context.startedAt]).slice(0, 64),
      Tags: toTagList(tags),
    };
    try {
      const { OperationId } = await (vpcId === undefined
        ? serviceDiscovery.createHttpNamespace(request)
        : serviceDiscovery.createPrivateDnsNamespace({ ...request, Vpc: vpcId }));
      await succeeded(OperationId, `namespace ${namespaceName} to be created`, context);
    } catch (error) {
      // Another run, or an earlier request whose answer was lost, is creating it.
      if (hasErrorCode(error, "DuplicateRequest")) await visible(namespaceName, vpcId, context);
      throw error;
    }
    return stateOf(await visible(namespaceName, vpcId, context));
  },

  /** One for API calls only and one with DNS names can have the same name. */
  identity: ({ id }) => id,

  async update(desired, { state }, changes, context) {
    const tags = changedTags(desired, changes);
    if (tags !== undefined)
      await context.aws.serviceDiscovery.tagResource({ ResourceARN: state.arn, Tags: toTagList(tags) });
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "NamespaceAlreadyExists", "DuplicateRequest"),

  async delete({ id, namespaceName }, context) {
    let inUse = "services of Cloud Map are still in it";
    const reportWait = waitReporter(context, "namespace", namespaceName);
    const deleting = await poll(
      {
        context,
        every: 5_000,
        timeout: RELEASE_TIMEOUT,
        what: `namespace ${namespaceName} to have no services`,
        why: () => inUse,
        fix: "Delete these services in AWS Cloud Map, then run it again.",
      },
      async () => {
        try {
          const answer = await ignoreNotFound(context.aws.serviceDiscovery.deleteNamespace({ Id: id }));
          return { operationId: answer?.OperationId };
        } catch (error) {
          // Another run, or an earlier request whose answer was lost, is deleting it.
          if (hasErrorCode(error, "DuplicateRequest")) return { operationId: undefined };
          if (!hasErrorCode(error, "ResourceInUse")) throw error;
        }
        const services = await discoveryServices(id, context);
        inUse = `services of Cloud Map are still in it: ${services.map(({ Name }) => Name).join(", ")}`;
        reportWait("ECS deletes the Cloud Map services of deleted services");
        return undefined;
      },
    );
    await succeeded(deleting.operationId, `namespace ${namespaceName} to be deleted`, context);
    await poll(
      {
        context,
        every: 3_000,
        timeout: OPERATION_TIMEOUT,
        what: `namespace ${namespaceName} to be deleted`,
      },
      async () =>
        (await namespacesNamed(namespaceName, context)).some((each) => each.Id === id) ? undefined : true,
    );
  },

  /** The owner's name is the namespace's, so that there is only one to look for. */
  async findOwned(owner, context): Promise<readonly Found<NamespaceState>[]> {
    const name = ownerName(owner, "namespace");
    if (name === undefined) return [];
    const all = await Promise.all(
      (await namespacesNamed(name, context)).map(async (found) => ({
        name,
        state: stateOf(found),
        tags: await tagsOf(found, context),
      })),
    );
    return all.filter(({ tags }) => tags[OWNER_TAG] === owner);
  },

  async usedBy({ state: { id, arn, namespaceName } }, pending, context) {
    const [members, services] = await Promise.all([
      namespaceMembers(arn, pending, context),
      discoveryServices(id, context),
    ]);
    if (members.length > 0) return members;
    const others = await Promise.all(
      services
        .filter(({ Name = "" }) => !pending.has("discovery-service", `${Name}.${namespaceName}`))
        .map(async (service) => ((await isOfEcs(service, context)) ? [] : [service])),
    );
    return others.flat().map(({ Name }) => `Cloud Map service ${Name}`);
  },
};

const stateOf = ({ Id = "", Arn = "", Name = "" }: NamespaceSummary): NamespaceState => ({
  id: Id,
  arn: Arn,
  namespaceName: Name,
});

async function tagsOf({ Arn }: NamespaceSummary, { aws }: AwsContext) {
  const answer = await ignoreNotFound(aws.serviceDiscovery.listTagsForResource({ ResourceARN: Arn }));
  return fromTags(answer?.Tags);
}

/** ECS marks the Cloud Map services that it creates for Service Connect. */
async function isOfEcs({ Arn }: ServiceSummary, { aws }: AwsContext): Promise<boolean> {
  const answer = await ignoreNotFound(aws.serviceDiscovery.listTagsForResource({ ResourceARN: Arn }));
  return answer === undefined || isManagedByEcs(fromTags(answer.Tags));
}

const visible = (name: string, vpcId: string | undefined, context: AwsContext): Promise<NamespaceSummary> =>
  poll(
    {
      context,
      every: 3_000,
      timeout: OPERATION_TIMEOUT,
      what: `namespace ${name} to be visible`,
    },
    () => findNamespace(name, vpcId, context),
  );
