import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, messageIncludes } from "../aws/error-code.js";
import { ownedArns } from "../aws/owned-arns.js";
import { ownerName } from "../aws/owner.js";
import { ADOPTED_TAG, OWNER_TAG } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { OwnershipError } from "../errors.js";
import { zoneIdOf, zonesOf } from "./hosted-zone.js";
import { changeRecords, markerName, recordSetsOf, textRecord, textsOf, untilInsync } from "./record-sets.js";

export interface DnsRecordDesired extends Tagged {
  readonly domain: string;
  readonly zoneId: string;
  /** The DNS name of the load balancer. */
  readonly target: string;
  /** The ID of the load balancer's own hosted zone. */
  readonly targetZoneId: string;
  /** The types of the alias records. */
  readonly types: "A AAAA";
}

export interface DnsRecordState {
  readonly domain: string;
  readonly zoneId: string;
  readonly owner: string;
  /** The last change of this run. */
  readonly changeId?: string | undefined;
}

/** The time for which resolvers keep an alias record of a load balancer. Source: Route 53 Developer Guide, "Alias records". */
const TTL = 60_000;

/**
 * The records of a domain that lead to a load balancer: A and AAAA aliases, and a TXT record that says whose they are,
 * because records carry no tags. Other records of the name are left alone.
 */
export const dnsRecordKind: Kind<DnsRecordDesired, DnsRecordState, AwsContext> = {
  kind: "dns-record",
  unknown: { domain: UNKNOWN, zoneId: UNKNOWN, owner: UNKNOWN },

  async read(desired, context) {
    const { domain, zoneId, tags } = desired;
    if (isUnknown(zoneId)) return undefined;
    const [sets, marker] = await readDomain(zoneId, domain, context);
    const leading = sets.filter(isLeading);
    if (leading.length === 0 && marker === undefined) return undefined;
    if (leading.some(({ SetIdentifier }) => SetIdentifier !== undefined)) throw hasRoutingPolicy(domain);
    const own = marker?.owner === tags[OWNER_TAG] ? marker : undefined;
    return {
      state: { domain, zoneId, owner: marker?.owner ?? "" },
      current: {
        domain,
        zoneId,
        target: targetOf(leading),
        types: leading
          .map(({ Type }) => Type)
          .sort()
          .join(" "),
      },
      tags: own
        ? { ...tags, ...(own.isAdopted && { [ADOPTED_TAG]: "true" }) }
        : marker === undefined
          ? {}
          : { [OWNER_TAG]: marker.owner },
      ...(own !== undefined &&
        own.region !== context.region && {
          elsewhere: {
            place: `region ${own.region}`,
            fix: `Use another domain in this region, or destroy the deployment in ${own.region} first: a domain leads to one load balancer.`,
          },
        }),
    };
  },

  async create(desired, context) {
    const changeId = await changeRecords(
      desired.zoneId,
      recordsOf(desired, context).map((set) => ["CREATE", set] as const),
      context,
    );
    return { ...stateOf(desired), changeId };
  },

  async update(desired, { current }, changes, context) {
    const { domain, zoneId } = desired;
    const sets = await recordSetsOf(zoneId, domain, context);
    const changeId = await changeRecords(
      zoneId,
      [
        // A name with a CNAME record has no others.
        ...sets.filter(({ Type }) => Type === "CNAME").map((set) => ["DELETE", set] as const),
        ...recordsOf(desired, context).map((set) => ["UPSERT", set] as const),
      ],
      context,
    );
    if (hasChanges(changes, "target") && current.target !== undefined) {
      await untilInsync(changeId, { kind: "dns-record", name: domain }, context);
      // Until then, clients reach the load balancer before.
      await context.clock.sleep(TTL, context.signal);
    }
    return { ...stateOf(desired), changeId };
  },

  async ready(state, { domain }, context) {
    await untilInsync(state.changeId, { kind: "dns-record", name: domain }, context);
    return state;
  },

  async delete({ domain, zoneId, owner }, context) {
    const [sets, marker, markers] = await readDomain(zoneId, domain, context);
    // It has been taken over meanwhile.
    if (marker === undefined || marker.owner !== owner) return;
    const own = [...sets.filter(({ AliasTarget }) => AliasTarget !== undefined), ...markers];
    const changeId = await changeRecords(
      zoneId,
      own.map((set) => ["DELETE", set] as const),
      context,
    );
    await untilInsync(changeId, { kind: "dns-record", name: domain }, context);
    await context.clock.sleep(TTL, context.signal);
  },

  keptAlone: "change or delete it: what it leads to may be deleted",

  foreignFix: ({ domain }, owner) => {
    const deployment = ownerName(owner, "deployment");
    if (deployment === undefined) return undefined;
    return `Use .behindAlb(alb, { host: "${domain}" }) to serve a part of the domain beside deployment ${deployment}, which keeps the records and the certificate; or use another domain. { adopt: true } takes the records from ${deployment}, whose next deploy is then refused.`;
  },

  alreadyExists: (error) =>
    hasErrorCode(error, "InvalidChangeBatch") && messageIncludes(error, "already exists"),
  dependsOn: ["load-balancer", "listener"],

  /** A domain can have records in a public and in a private zone: those of the zone that was left lead nowhere. */
  elsewhere: ({ zoneId }, desired) => (zoneId === desired.zoneId ? undefined : zoneId),

  /** The task definitions of the owner name its domains, also those that it has left. */
  async findOwned(owner, context) {
    if (ownerName(owner, "deployment") === undefined) return [];
    const definitions = await ownedArns(context, owner, "ecs", "task-definition/");
    const places = definitions.flatMap(({ tags }) => (tags["quayside:places"] ?? "").split(" "));
    const domains = new Set(places.flatMap((place) => ownerName(place, "domain") ?? []));
    const found = await Promise.all(
      [...domains].map((domain) => ownedDomain(domain.replace("@", "*"), owner, context)),
    );
    return found.flat();
  },
};

async function ownedDomain(
  domain: string,
  owner: string,
  context: AwsContext,
): Promise<Found<DnsRecordState>[]> {
  const found = await Promise.all(
    (await zonesOf(domain, context)).map(async (zone) => {
      const zoneId = zoneIdOf(zone);
      const [, marker] = await readDomain(zoneId, domain, context);
      const isOwn = marker?.owner === owner && marker.region === context.region;
      return isOwn && !marker.isAdopted
        ? [{ name: domain, state: { domain, zoneId, owner }, tags: { [OWNER_TAG]: owner } }]
        : [];
    }),
  );
  return found.flat();
}

interface Marker {
  readonly owner: string;
  readonly region: string;
  readonly isAdopted: boolean;
}

async function readDomain(
  zoneId: string,
  domain: string,
  context: AwsContext,
): Promise<
  [sets: readonly ResourceRecordSet[], marker: Marker | undefined, markers: readonly ResourceRecordSet[]]
> {
  const [sets, markers] = await Promise.all([
    recordSetsOf(zoneId, domain, context),
    recordSetsOf(zoneId, markerName(domain), context),
  ]);
  const texts = markers.filter(({ Type }) => Type === "TXT");
  const [marker] = textsOf(texts).flatMap((text) => {
    const [, owner, region, adopted] = /^quayside owner=(\S+) region=(\S+)( adopted)?$/.exec(text) ?? [];
    return owner === undefined ? [] : [{ owner, region: region!, isAdopted: adopted !== undefined }];
  });
  return [sets, marker, texts];
}

/** True for a record that decides where the name leads. */
const isLeading = ({ Type }: ResourceRecordSet): boolean => ["A", "AAAA", "CNAME"].includes(Type ?? "");

function targetOf(sets: readonly ResourceRecordSet[]): string | undefined {
  const targets = sets.map(({ AliasTarget, ResourceRecords }) =>
    (AliasTarget?.DNSName ?? ResourceRecords?.[0]?.Value ?? "")
      .toLowerCase()
      .replace(/\.$/, "")
      .replace(/^dualstack\./, ""),
  );
  return targets.length === 0 ? undefined : [...new Set(targets)].join(" and ");
}

function recordsOf(desired: DnsRecordDesired, { region }: AwsContext): ResourceRecordSet[] {
  const { domain, target, targetZoneId, tags } = desired;
  const AliasTarget = { DNSName: target, HostedZoneId: targetZoneId, EvaluateTargetHealth: false };
  const adopted = tags[ADOPTED_TAG] === "true" ? " adopted" : "";
  return [
    { Name: domain, Type: "A", AliasTarget },
    { Name: domain, Type: "AAAA", AliasTarget },
    textRecord(markerName(domain), [`quayside owner=${tags[OWNER_TAG]} region=${region}${adopted}`]),
  ];
}

const stateOf = ({ domain, zoneId, tags }: DnsRecordDesired): DnsRecordState => ({
  domain,
  zoneId,
  owner: tags[OWNER_TAG] ?? "",
});

const hasRoutingPolicy = (domain: string): OwnershipError =>
  new OwnershipError(
    `Nothing was changed: the records of ${domain} have a routing policy and are not managed by quayside`,
    {
      facts: { domain },
      fix: `Use another domain, or delete the records of ${domain} that have a routing policy (weighted, latency, failover …).`,
    },
  );
