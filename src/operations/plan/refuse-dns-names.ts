import type { AwsContext } from "../../aws/context.js";
import { discoveryServices, isManagedByEcs } from "../../aws/namespace-members.js";
import { ownerOf } from "../../aws/owner.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import type { NamespaceState } from "../../discovery/namespace.js";
import { QuaysideError } from "../../errors.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { PlannedGraph } from "./plan-graph.js";

/**
 * Refuses a name in Service Connect that a Cloud Map service with a DNS name has: ECS creates a Cloud Map service of its
 * own for it, and takes over none. That of the deployment itself is deleted only once its new tasks run.
 *
 * @throws QuaysideError `discovery-name-taken`
 */
export async function refuseDnsNames(
  specs: readonly DeploymentSpec[],
  { observations, steps }: PlannedGraph,
  context: AwsContext,
): Promise<void> {
  for (const { name: deployment, connect } of specs) {
    const owner = ownerOf.deployment(deployment);
    const isNamed = steps.some(
      ({ node, action, change }) =>
        node.kind.kind === "service" &&
        node.owner === owner &&
        (action === "create" ||
          change.fields.some(({ path }) => path.split(".")[0] === "serviceConnectConfiguration")),
    );
    if (connect === undefined || connect.endpoints.length === 0 || !isNamed) continue;
    const found = observations.get(`namespace/${connect.namespace}`)?.observed?.state;
    if (found === undefined) continue;
    const names = connect.endpoints.map(({ as }) => as);
    for (const { Name = "", Arn } of await discoveryServices((found as NamespaceState).id, context)) {
      if (!names.includes(Name)) continue;
      const answer = await ignoreNotFound(
        context.aws.serviceDiscovery.listTagsForResource({ ResourceARN: Arn }),
      );
      const tags = fromTags(answer?.Tags);
      if (answer === undefined || isManagedByEcs(tags)) continue;
      throw taken(deployment, `${Name}.${connect.namespace}`, tags[OWNER_TAG] === owner, tags[OWNER_TAG]);
    }
  }
}

function taken(deployment: string, name: string, isOwn: boolean, owner: string | undefined): QuaysideError {
  const whose = owner === undefined ? "" : ` of ${owner}`;
  return new QuaysideError(
    "discovery-name-taken",
    `Nothing was changed: deployment ${deployment} cannot have a name in Service Connect that Cloud Map service ${name}${whose} has for DNS`,
    {
      facts: { deployment, name, ...(owner !== undefined && { owner }) },
      fix: isOwn
        ? "Choose another name or namespace: .connect({ as, namespace }). To keep both, deploy once without .serviceDiscovery() and .connect(), which deletes the DNS name, then with .connect()."
        : "Choose another name or namespace: .connect({ as, namespace }).",
    },
  );
}
