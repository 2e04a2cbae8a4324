import type { NamespaceSummary, Operation, ServiceSummary } from "@aws-sdk/client-servicediscovery";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { discoveryServices, namespaceMembers } from "../aws/namespace-members.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { poll, waitReporter } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { QuaysideError } from "../errors.js";

export interface NamespaceDesired extends Tagged {
  readonly namespaceName: string;
}

export interface NamespaceState {
  readonly id: string;
  readonly arn: string;
  readonly namespaceName: string;
}

/** Namespaces are created and deleted by operations, which take seconds. */
const OPERATION_TIMEOUT = 5 * 60_000;
/** ECS deletes the Cloud Map services of a deleted service by itself, later. */
const RELEASE_TIMEOUT = 10 * 60_000;

/** A Cloud Map namespace, in which the services of Service Connect find each other: shared, like a cluster. */
export const namespaceKind: Kind<NamespaceDesired, NamespaceState, AwsContext> = {
  kind: "namespace",
  unknown: { id: UNKNOWN, arn: UNKNOWN, namespaceName: UNKNOWN },
  immutable: ["namespaceName"],

  async read({ namespaceName }, context) {
    const found = await find(namespaceName, context);
    if (found === undefined) return undefined;
    return {
      state: stateOf(found),
      current: { namespaceName: found.Name },
      tags: await tagsOf(found, context),
    };
  },

  async create({ namespaceName, tags }, context) {
    try {
      const { OperationId } = await context.aws.serviceDiscovery.createHttpNamespace({
        Name: namespaceName,
        // Another one for each attempt of another run: one that failed may be tried again.
        CreatorRequestId: stableHash([namespaceName, tags[OWNER_TAG], context.startedAt]).slice(0, 64),
        Tags: toTagList(tags),
      });
      await succeeded(OperationId, `namespace ${namespaceName} to be created`, context);
    } catch (error) {
      // Another run, or an earlier request whose answer was lost, is creating it.
      if (hasErrorCode(error, "DuplicateRequest")) await visible(namespaceName, context);
      throw error;
    }
    return stateOf(await visible(namespaceName, context));
  },

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
      async () => ((await find(namespaceName, context))?.Id === id ? undefined : true),
    );
  },

  /** The owner's name is the namespace's, so that there is only one to look for. */
  async findOwned(owner, context): Promise<readonly Found<NamespaceState>[]> {
    const name = ownerName(owner, "namespace");
    const found = name === undefined ? undefined : await find(name, context);
    if (name === undefined || found === undefined) return [];
    const tags = await tagsOf(found, context);
    return tags[OWNER_TAG] === owner ? [{ name, state: stateOf(found), tags }] : [];
  },

  async usedBy({ state: { id, arn } }, pending, context) {
    const [members, services] = await Promise.all([
      namespaceMembers(arn, pending, context),
      discoveryServices(id, context),
    ]);
    if (members.length > 0) return members;
    const others = await Promise.all(
      services.map(async (service) => ((await isOfEcs(service, context)) ? [] : [service])),
    );
    return others.flat().map(({ Name }) => `Cloud Map service ${Name}`);
  },
};

const stateOf = ({ Id = "", Arn = "", Name = "" }: NamespaceSummary): NamespaceState => ({
  id: Id,
  arn: Arn,
  namespaceName: Name,
});

/** The namespace of a name: one for API calls only before one with DNS names. */
async function find(name: string, { aws }: AwsContext): Promise<NamespaceSummary | undefined> {
  const all = await paginate(
    "NextToken",
    (next) =>
      aws.serviceDiscovery.listNamespaces({
        Filters: [{ Name: "NAME", Values: [name], Condition: "EQ" }],
        ...next,
      }),
    ({ Namespaces }) => Namespaces,
  );
  // Not every endpoint filters.
  const named = all.filter((each) => each.Name === name);
  return named.find(({ Type }) => Type === "HTTP") ?? named[0];
}

async function tagsOf({ Arn }: NamespaceSummary, { aws }: AwsContext) {
  const answer = await ignoreNotFound(aws.serviceDiscovery.listTagsForResource({ ResourceARN: Arn }));
  return fromTags(answer?.Tags);
}

/** ECS marks the Cloud Map services that it creates for Service Connect. */
async function isOfEcs({ Arn }: ServiceSummary, { aws }: AwsContext): Promise<boolean> {
  const answer = await ignoreNotFound(aws.serviceDiscovery.listTagsForResource({ ResourceARN: Arn }));
  return answer === undefined || (answer.Tags ?? []).some(({ Key }) => Key === "AmazonECSManaged");
}

const visible = (name: string, context: AwsContext): Promise<NamespaceSummary> =>
  poll(
    {
      context,
      every: 3_000,
      timeout: OPERATION_TIMEOUT,
      what: `namespace ${name} to be visible`,
    },
    () => find(name, context),
  );

/** Waits until an operation of Cloud Map has succeeded. */
async function succeeded(id: string | undefined, what: string, context: AwsContext): Promise<void> {
  if (id === undefined) return;
  const { aws } = context;
  const operation = await poll(
    { context, every: 3_000, timeout: OPERATION_TIMEOUT, what },
    async (): Promise<Operation | undefined> => {
      const answer = await aws.serviceDiscovery.getOperation({ OperationId: id });
      const { Status } = answer.Operation ?? {};
      return Status === "SUCCESS" || Status === "FAIL" ? answer.Operation : undefined;
    },
  );
  if (operation.Status === "SUCCESS") return;
  const { ErrorCode, ErrorMessage } = operation;
  throw new QuaysideError(
    "namespace-failed",
    `AWS Cloud Map did not finish the operation: it waited for ${what}, and got ${ErrorCode}: ${ErrorMessage}`,
    {
      facts: { operation: id, code: ErrorCode, message: ErrorMessage },
      fix: "Fix the problem that AWS reports, then run again. Completed steps are kept.",
    },
  );
}
