import type { NamespaceSummary } from "@aws-sdk/client-servicediscovery";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { isUnknown } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

/** All namespaces of a name: one for API calls only, and those with DNS names, one for a VPC. */
export async function namespacesNamed(
  name: string,
  { aws }: AwsContext,
): Promise<readonly NamespaceSummary[]> {
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
  return all.filter((each) => each.Name === name);
}

/**
 * The namespace of a name.
 *
 * @param vpcId - the VPC in which its DNS names resolve; `undefined` for Service Connect, which needs no DNS and prefers a
 * namespace for API calls only
 */
export async function findNamespace(
  name: string,
  vpcId: string | undefined,
  context: AwsContext,
): Promise<NamespaceSummary | undefined> {
  const named = await namespacesNamed(name, context);
  if (vpcId === undefined) return named.find(({ Type }) => Type === "HTTP") ?? named[0];
  for (const each of named) if (await resolvesIn(each, vpcId, context)) return each;
  return undefined;
}

/** Throws if another namespace has the name, whose names do not resolve in the VPC. */
export async function refuseUnusable(name: string, context: AwsContext): Promise<void> {
  const [other] = await namespacesNamed(name, context);
  if (other === undefined) return;
  const why =
    other.Type === "HTTP"
      ? "it is for API calls and Service Connect only, without DNS names"
      : "its DNS names resolve in another VPC";
  throw new QuaysideError(
    "namespace-unusable",
    `Nothing was changed: namespace ${name} exists already, and cannot be used: ${why}`,
    {
      facts: { namespace: name, id: other.Id, type: other.Type },
      fix: "Choose another name: .serviceDiscovery({ namespace }). Or let the deployments in it leave it first: the last one that is deployed without .connect() or .serviceDiscovery() deletes a namespace that quayside has created.",
    },
  );
}

/** True if names of the namespace resolve in the VPC: its hosted zone is public, or associated with the VPC. */
async function resolvesIn(
  { Type, Properties }: NamespaceSummary,
  vpcId: string,
  { aws }: AwsContext,
): Promise<boolean> {
  if (Type === "HTTP" || isUnknown(vpcId)) return Type === "DNS_PUBLIC";
  const { HostedZoneId } = Properties?.DnsProperties ?? {};
  if (Type === "DNS_PUBLIC" || HostedZoneId === undefined) return true;
  const zone = await ignoreNotFound(aws.route53.getHostedZone({ Id: HostedZoneId }));
  // Some endpoints do not return the VPCs.
  const vpcs = zone?.VPCs ?? [];
  return vpcs.length === 0 || vpcs.some(({ VPCId }) => VPCId === vpcId);
}
