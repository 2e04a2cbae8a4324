import type { HostedZone } from "@aws-sdk/client-route-53";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface HostedZoneDesired extends Tagged {
  readonly domain: string;
  /** For an internal load balancer: the VPC whose private zones are preferred. */
  readonly vpcId?: string | undefined;
}

export interface HostedZoneState {
  /** Without the prefix `/hostedzone/`. */
  readonly zoneId: string;
  /** `example.com` */
  readonly zone: string;
}

/** A hosted zone in Route 53: looked up, never created. */
export const hostedZoneKind: Kind<HostedZoneDesired, HostedZoneState, AwsContext> = {
  kind: "hosted-zone",
  unknown: { zoneId: UNKNOWN, zone: UNKNOWN },

  async read(desired, context) {
    const { domain, vpcId } = desired;
    const zones = await zonesOf(domain, context);
    // A VPC that does not exist yet has no private zone.
    const hasPrivate = vpcId !== undefined && !isUnknown(vpcId);
    const own = hasPrivate ? await privateZone(zones, vpcId, context) : undefined;
    const found = own ?? zones.find(({ Config }) => Config?.PrivateZone !== true);
    if (found === undefined && zones.length > 0) throw isPrivateOnly(desired);
    return found && { state: stateOf(found), current: desired, tags: {} };
  },

  notFoundError: ({ domain }) =>
    new QuaysideError("no-hosted-zone", `Nothing was changed: Route 53 has no hosted zone for ${domain}`, {
      facts: { domain },
      fix: `Create a hosted zone for the domain in this account, and let its registrar name the zone's name servers; or use .behindAlb(alb, { host: "${domain}" }) and keep its DNS records elsewhere.`,
    }),
};

/** The zones of the domain are private, and none of them is one that the records can be in. */
function isPrivateOnly({ domain, vpcId }: HostedZoneDesired): QuaysideError {
  const isOfVpc = vpcId !== undefined && !isUnknown(vpcId);
  return new QuaysideError(
    "no-hosted-zone",
    isOfVpc
      ? `Nothing was changed: Route 53 has a private hosted zone for ${domain}, which is not associated with ${vpcId}, and no public one`
      : `Nothing was changed: Route 53 has only a private hosted zone for ${domain}: ACM validates certificates, and clients find a public load balancer, by the records of a public one`,
    {
      facts: { domain, ...(isOfVpc && { vpc: vpcId }) },
      fix: isOfVpc
        ? `Associate the private hosted zone with ${vpcId}, or create a public hosted zone for the domain.`
        : 'With an internal load balancer, name a certificate, .https(443, { certificate: "arn:…" }), which an authority of your own has issued, or use .http(80). Otherwise create a public hosted zone for the domain.',
    },
  );
}

/** All zones that a domain may be in, the one with the longest suffix first. */
export async function zonesOf(domain: string, context: AwsContext): Promise<readonly HostedZone[]> {
  const name = `${domain.replace(/^\*\./, "")}.`;
  return (await allZones(context))
    .filter(({ Name = "" }) => name === Name || name.endsWith(`.${Name}`))
    .sort((one, other) => (other.Name?.length ?? 0) - (one.Name?.length ?? 0));
}

export const zoneIdOf = ({ Id = "" }: HostedZone): string => Id.replace(/^\/hostedzone\//, "");

const stateOf = (zone: HostedZone): HostedZoneState => ({
  zoneId: zoneIdOf(zone),
  zone: (zone.Name ?? "").replace(/\.$/, ""),
});

/** The private zone that the VPC sees: the longest one of its own. */
async function privateZone(
  zones: readonly HostedZone[],
  vpcId: string,
  { aws }: AwsContext,
): Promise<HostedZone | undefined> {
  for (const zone of zones.filter(({ Config }) => Config?.PrivateZone === true)) {
    const { VPCs = [] } = await aws.route53.getHostedZone({ Id: zoneIdOf(zone) });
    if (VPCs.some(({ VPCId }) => VPCId === vpcId)) return zone;
  }
  return undefined;
}

/** The zones of the account, read once per run. */
function allZones(context: AwsContext): Promise<readonly HostedZone[]> {
  const key = "hosted zones";
  const known = context.runCache.get(key) as Promise<readonly HostedZone[]> | undefined;
  if (known !== undefined) return known;
  const reading = paginate(
    "Marker",
    (next) => context.aws.route53.listHostedZones(next),
    ({ HostedZones }) => HostedZones,
  );
  context.runCache.set(key, reading);
  // Failures are not cached, so that the next call retries.
  reading.catch(() => context.runCache.delete(key));
  return reading;
}
