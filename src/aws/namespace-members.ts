import type { ServiceSummary } from "@aws-sdk/client-servicediscovery";
import type { PendingDeletions } from "../engine/kind.js";
import { serviceNames } from "./arn.js";
import type { AwsContext } from "./context.js";
import { isUnsupportedOperation } from "./error-code.js";
import { isNotFound } from "./not-found.js";
import { paginate } from "./paginate.js";

/** The ECS services in a Service Connect namespace that are not deleted in this run, in all clusters. */
export async function namespaceMembers(
  namespace: string,
  pending: PendingDeletions,
  context: Pick<AwsContext, "aws">,
): Promise<readonly string[]> {
  const arns = await namespaceServices(namespace, context);
  return arns
    .map((arn) => serviceNames(arn))
    .filter(({ cluster, service }) => !pending.has("service", `${cluster}/${service}`))
    .map(({ cluster, service }) => `service ${service} in ${cluster}`);
}

/** The ARNs of the ECS services in a Service Connect namespace. */
export async function namespaceServices(
  namespace: string,
  { aws }: Pick<AwsContext, "aws">,
): Promise<readonly string[]> {
  try {
    return await paginate(
      "nextToken",
      (next) => aws.ecs.listServicesByNamespace({ namespace, maxResults: 100, ...next }),
      ({ serviceArns }) => serviceArns,
    );
  } catch (error) {
    // An endpoint may not know the operation.
    if (isUnsupportedOperation(error) || isNotFound(error)) return [];
    throw error;
  }
}

/** The Cloud Map services of a namespace: with Service Connect, one for each name. */
export async function discoveryServices(
  namespaceId: string,
  { aws }: Pick<AwsContext, "aws">,
): Promise<readonly ServiceSummary[]> {
  const all = await paginate(
    "NextToken",
    (next) =>
      aws.serviceDiscovery.listServices({
        Filters: [{ Name: "NAMESPACE_ID", Values: [namespaceId], Condition: "EQ" }],
        ...next,
      }),
    ({ Services }) => Services,
  );
  // An endpoint that does not filter may say the namespace.
  return all.filter((each) => {
    const { NamespaceId = namespaceId } = each as { readonly NamespaceId?: string };
    return NamespaceId === namespaceId;
  });
}

/** True if ECS has created the Cloud Map service for a name in Service Connect: it marks these. */
export const isManagedByEcs = (tags: Readonly<Record<string, string>>): boolean => "AmazonECSManaged" in tags;
