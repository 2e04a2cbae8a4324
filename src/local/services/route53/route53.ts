import type { HostedZone as HostedZoneOutput } from "@aws-sdk/client-route-53";
import type * as Route53 from "@aws-sdk/client-route-53";
import type { Route53Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { durations } from "../../core/durations.js";
import { untilConsistent } from "../../core/consistency.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { addZone } from "./hosted-zones.js";
import { dnsName } from "./names.js";
import { applyBatch, orderOf, sortedRecords } from "./record-sets.js";
import type { HostedZone } from "./state.js";

/** Route 53: hosted zones and their records, which all regions of an account share. */
export const createRoute53 = (account: Account) => ({
  ...createHandlers(account),
  ...createZoneHandlers(account),
});

const createHandlers = (account: Account): Route53Api => ({
  async listHostedZones({ Marker, MaxItems = 100 }) {
    const { items, nextToken } = page(
      [...account.route53.zones.values()],
      Marker,
      Number(MaxItems),
      () => new ServiceError("InvalidInput", "The marker is not valid"),
    );
    return {
      HostedZones: items.map(describe),
      Marker: Marker ?? "",
      IsTruncated: nextToken !== undefined,
      ...(nextToken !== undefined && { NextMarker: nextToken }),
      MaxItems: Number(MaxItems),
    };
  },

  async getHostedZone({ Id }) {
    const zone = findZone(account, Id);
    return {
      HostedZone: describe(zone),
      ...(zone.isPrivate
        ? { VPCs: zone.vpcs.map(({ id, region }) => ({ VPCId: id, VPCRegion: region as never })) }
        : { DelegationSet: { NameServers: [...zone.nameServers] } }),
    };
  },

  async listResourceRecordSets({
    HostedZoneId,
    StartRecordName,
    StartRecordType,
    StartRecordIdentifier,
    MaxItems = 300,
  }) {
    const all = sortedRecords(findZone(account, HostedZoneId));
    if (StartRecordType !== undefined && StartRecordName === undefined)
      throw new ServiceError(
        "InvalidInput",
        "The start record name must be specified with the start record type",
      );
    const start =
      StartRecordName === undefined
        ? ""
        : orderOf({
            Name: StartRecordName,
            ...(StartRecordType !== undefined && { Type: StartRecordType }),
            ...(StartRecordIdentifier !== undefined && { SetIdentifier: StartRecordIdentifier }),
          }).trimEnd();
    const from = all.filter((set) => orderOf(set) >= start);
    const count = Math.min(300, Number(MaxItems));
    const next = from[count];
    return {
      ResourceRecordSets: structuredClone(from.slice(0, count)),
      IsTruncated: next !== undefined,
      ...(next !== undefined && { NextRecordName: next.Name, NextRecordType: next.Type }),
      MaxItems: count,
    };
  },

  async changeResourceRecordSets({ HostedZoneId, ChangeBatch }) {
    const zone = findZone(account, HostedZoneId);
    const changes = ChangeBatch?.Changes ?? [];
    if (changes.length === 0)
      throw new ServiceError("InvalidInput", "A change batch must have at least one change");
    const now = account.clock.now();
    const insyncAt = now + untilConsistent(account, "recordsInsync");
    applyBatch(account, zone, changes, insyncAt);
    const id = `C${String(account.route53.changes.size + 1).padStart(12, "0")}`;
    account.route53.changes.set(id, { at: now, insyncAt });
    for (const notify of account.events.recordsChanged) notify();
    return { ChangeInfo: changeInfo(account, id) };
  },

  async getChange({ Id = "" }) {
    return { ChangeInfo: changeInfo(account, Id.replace(/^\/change\//, "")) };
  },
});

/** What quayside itself does not call. */
const createZoneHandlers = (account: Account) => ({
  async createHostedZone(
    input: Route53.CreateHostedZoneCommandInput,
  ): Answer<Route53.CreateHostedZoneCommandOutput> {
    const { Name = "", CallerReference = "", HostedZoneConfig, VPC } = input;
    const zones = [...account.route53.zones.values()];
    if (zones.some(({ callerReference }) => callerReference === CallerReference))
      throw new ServiceError(
        "HostedZoneAlreadyExists",
        `A hosted zone has already been created with the specified caller reference.`,
        409,
      );
    if (VPC?.VPCId !== undefined && !account.ec2.vpcs.has(VPC.VPCId))
      throw new ServiceError("InvalidVPCId", "The VPC ID is invalid.");
    const zone = addZone(account, {
      name: dnsName(Name),
      callerReference: CallerReference,
      comment: HostedZoneConfig?.Comment,
      isPrivate: VPC !== undefined,
      vpcs: VPC?.VPCId === undefined ? [] : [{ id: VPC.VPCId, region: VPC.VPCRegion ?? account.region }],
      isDelegated: true,
    });
    const id = `C${String(account.route53.changes.size + 1).padStart(12, "0")}`;
    const at = account.clock.now();
    account.route53.changes.set(id, { at, insyncAt: at + durations.recordsInsync });
    return {
      HostedZone: describe(zone),
      ChangeInfo: changeInfo(account, id),
      DelegationSet: { NameServers: [...zone.nameServers] },
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
    };
  },

  async deleteHostedZone(
    input: Route53.DeleteHostedZoneCommandInput,
  ): Answer<Route53.DeleteHostedZoneCommandOutput> {
    const zone = findZone(account, input.Id);
    if (zone.records.size > 2)
      throw new ServiceError(
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      );
    account.route53.zones.delete(zone.id);
    const id = `C${String(account.route53.changes.size + 1).padStart(12, "0")}`;
    const at = account.clock.now();
    account.route53.changes.set(id, { at, insyncAt: at });
    return { ChangeInfo: changeInfo(account, id) };
  },
});

function findZone(account: Pick<Account, "route53">, id = ""): HostedZone {
  const found = account.route53.zones.get(id.replace(/^\/hostedzone\//, ""));
  if (found !== undefined) return found;
  throw new ServiceError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404);
}

const describe = (zone: HostedZone): HostedZoneOutput => ({
  Id: `/hostedzone/${zone.id}`,
  Name: zone.name,
  CallerReference: zone.callerReference,
  Config: {
    PrivateZone: zone.isPrivate,
    ...(zone.comment !== undefined && { Comment: zone.comment }),
  },
  ResourceRecordSetCount: zone.records.size,
});

function changeInfo(account: Pick<Account, "route53" | "clock">, id: string) {
  const change = account.route53.changes.get(id);
  if (change === undefined) throw new ServiceError("NoSuchChange", `No change found with ID: ${id}`, 404);
  return {
    Id: `/change/${id}`,
    Status: account.clock.now() >= change.insyncAt ? ("INSYNC" as const) : ("PENDING" as const),
    SubmittedAt: new Date(change.at),
  };
}
