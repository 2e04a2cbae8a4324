import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { dnsName, isInZone, zoneOrder } from "./names.js";
import type { HostedZone, StoredRecord } from "./state.js";

/** Source: Route 53 Developer Guide, "Quotas": characters of a TXT record's string. */
const MAX_TEXT = 255;

/** What identifies a record set. */
interface RecordKey {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly SetIdentifier?: string | undefined;
}

export const keyOf = ({ Name = "", Type = "", SetIdentifier = "" }: RecordKey): string =>
  `${dnsName(Name)} ${Type} ${SetIdentifier}`;

/** The record sets of a zone in the order of Route 53. */
export const sortedRecords = (zone: HostedZone): ResourceRecordSet[] =>
  [...zone.records.values()]
    .map(({ set }) => set)
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));

export const orderOf = ({ Name = "", Type = "", SetIdentifier = "" }: RecordKey): string =>
  `${zoneOrder(dnsName(Name))} ${Type} ${SetIdentifier}`;

/** Makes all changes, or none: a batch is atomic. */
export function applyBatch(
  account: Account,
  zone: HostedZone,
  changes: readonly Change[],
  visibleAt: number,
): void {
  const records = new Map(zone.records);
  const problems = changes.flatMap((change) => applyChange(account, zone, records, change, visibleAt) ?? []);
  problems.push(...conflicts(records, zone));
  if (problems.length > 0) throw new ServiceError("InvalidChangeBatch", `[${problems.join(", ")}]`);
  zone.records.clear();
  for (const [key, record] of records) zone.records.set(key, record);
}

function applyChange(
  account: Account,
  zone: HostedZone,
  records: Map<string, StoredRecord>,
  { Action, ResourceRecordSet: given }: Change,
  visibleAt: number,
): string | undefined {
  if (given?.Name === undefined || given.Type === undefined)
    return "Missing field 'Name' or 'Type' in Change";
  const set: ResourceRecordSet = { ...structuredClone(given), Name: dnsName(given.Name), Type: given.Type };
  const what = `type='${set.Type}', name='${set.Name}'`;
  if (!isInZone(set.Name!, zone.name))
    return `RRSet with DNS name ${set.Name} is not permitted in zone ${zone.name}`;
  const key = keyOf(set);
  const present = records.get(key);
  if (Action === "DELETE") {
    if (present === undefined)
      return `Tried to delete resource record set [name='${set.Name}', type='${set.Type}'] but it was not found`;
    if (!sameValues(present.set, set))
      return `Tried to delete resource record set [name='${set.Name}', type='${set.Type}'] but the values provided do not match the current values`;
    if (set.Name === zone.name && (set.Type === "NS" || set.Type === "SOA"))
      return `A HostedZone must contain at least one NS record and exactly one SOA record`;
    records.delete(key);
    return undefined;
  }
  const problem = valueProblem(account, set);
  if (problem !== undefined) return `Invalid Resource Record: ${problem} (${what})`;
  if (Action === "CREATE" && present !== undefined)
    return `Tried to create resource record set [name='${set.Name}', type='${set.Type}'] but it already exists`;
  records.set(key, { set, visibleAt });
  return undefined;
}

function valueProblem(account: Account, { AliasTarget, ResourceRecords = [], TTL, Type }: ResourceRecordSet) {
  if (AliasTarget !== undefined) {
    if (TTL !== undefined || ResourceRecords.length > 0)
      return "an alias record has neither a TTL nor ResourceRecords";
    return aliasProblem(account, AliasTarget);
  }
  if (TTL === undefined || ResourceRecords.length === 0) return "Missing field 'TTL' or 'ResourceRecords'";
  if (Type === "CNAME" && ResourceRecords.length > 1) return "a CNAME record has one value";
  for (const { Value = "" } of ResourceRecords) {
    if (Type === "TXT" && !/^"(?:[^"\\]|\\.)*"$/.test(Value))
      return `'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '${Value}''`;
    if (Type === "TXT" && Value.length - 2 > MAX_TEXT)
      return `'FATAL problem: CharacterStringTooLong (Value is too long) encountered with '${Value}''`;
  }
  return undefined;
}

function aliasProblem(
  { elb }: Account,
  { DNSName = "", HostedZoneId = "" }: NonNullable<ResourceRecordSet["AliasTarget"]>,
): string | undefined {
  if (!/\.elb\.amazonaws\.com(\.cn)?\.?$/.test(DNSName)) return undefined;
  if (HostedZoneId === "") return "Missing field 'HostedZoneId'";
  const target = dnsName(DNSName).replace(/^dualstack\./, "");
  const found = [...elb.loadBalancers.values()].some((each) => dnsName(each.dnsName) === target);
  // Load balancers of other regions are not known here.
  const isOfThisRegion = !/\.[a-z]{2}(-[a-z]+)+-\d\.elb\./.test(target) || found;
  return found || !isOfThisRegion
    ? undefined
    : `Tried to create an alias that targets ${DNSName}, type A in zone ${HostedZoneId}, but the alias target name does not lie within the target zone`;
}

/** A name with a CNAME record has no other records. */
function conflicts(records: ReadonlyMap<string, StoredRecord>, zone: HostedZone): string[] {
  const all = [...records.values()].map(({ set }) => set);
  return all
    .filter(({ Type }) => Type === "CNAME")
    .flatMap(({ Name = "" }) => {
      if (Name === zone.name)
        return [`RRSet of type CNAME with DNS name ${Name} is not permitted at apex in zone ${zone.name}`];
      const others = all.some((other) => other.Name === Name && other.Type !== "CNAME");
      return others
        ? [
            `RRSet of type CNAME with DNS name ${Name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
          ]
        : [];
    });
}

function sameValues(one: ResourceRecordSet, other: ResourceRecordSet): boolean {
  const text = ({ AliasTarget, ResourceRecords = [], TTL }: ResourceRecordSet): string =>
    JSON.stringify([
      AliasTarget && [
        dnsName(AliasTarget.DNSName ?? ""),
        AliasTarget.HostedZoneId,
        AliasTarget.EvaluateTargetHealth,
      ],
      ResourceRecords.map(({ Value }) => Value).sort(),
      TTL,
    ]);
  return text(one) === text(other);
}
