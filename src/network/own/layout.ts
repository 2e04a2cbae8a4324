import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { QuaysideError } from "../../errors.js";
import type { OwnNetworkSpec } from "../../spec/own-network.js";
import { zonesOf } from "../offered-zones.js";
import { ownSubnets } from "./subnet.js";

/** A zone of a network, with the blocks of its two subnets. */
export interface ZoneLayout {
  readonly zone: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
}

/** The network's block is divided into 16: the first eight are for public subnets, the others for private ones. */
const PARTS = 16;

/**
 * The zones of a network, and how its block is divided: the zones that it has, then the first others of the region,
 * those first that offer the instance type.
 */
export async function networkLayout(
  { name, cidr, zones: count }: OwnNetworkSpec,
  instanceType: string | undefined,
  context: AwsContext,
): Promise<readonly ZoneLayout[]> {
  const present = await presentZones(name, cidr, context);
  const kept = present.slice(0, count);
  const missing = count - kept.length;
  const added = missing > 0 ? await otherZones(present, instanceType, context) : [];
  // Nothing is known of the account yet.
  if (missing > 0 && added.length === 0 && present.length === 0) return [];
  if (added.length < missing) throw tooFewZones(name, count, [...kept.map(({ zone }) => zone), ...added]);
  const free = Array.from({ length: PARTS / 2 }, (_, index) => index).filter(
    (index) => !present.some((each) => each.index === index),
  );
  return [
    ...kept,
    ...added.slice(0, missing).map((zone, position) => ({ zone, index: free[position]! })),
  ].map(({ zone, index }) => ({
    zone,
    publicCidr: partOf(cidr, index),
    privateCidr: partOf(cidr, index + PARTS / 2),
  }));
}

interface PresentZone {
  readonly zone: string;
  /** Which part of the block its subnets have. */
  readonly index: number;
}

/** The zones in which the network has subnets, in the order of their blocks. */
async function presentZones(
  name: string,
  cidr: string,
  context: AwsContext,
): Promise<readonly PresentZone[]> {
  const subnets = await ownSubnets(ownerOf.network(name), context);
  const zones = new Map<string, PresentZone>();
  for (const { AvailabilityZone: zone = "", CidrBlock = "" } of subnets)
    zones.set(zone, { zone, index: indexOf(cidr, CidrBlock) % (PARTS / 2) });
  return [...zones.values()].sort((a, b) => a.index - b.index);
}

async function otherZones(
  present: readonly PresentZone[],
  instanceType: string | undefined,
  context: AwsContext,
): Promise<readonly string[]> {
  const [{ AvailabilityZones = [] }, offering] = await Promise.all([
    context.aws.ec2.describeAvailabilityZones({
      Filters: [
        { Name: "state", Values: ["available"] },
        { Name: "zone-type", Values: ["availability-zone"] },
      ],
    }),
    instanceType === undefined ? ([] as readonly string[]) : zonesOf(instanceType, context),
  ]);
  const rankOf = (zone: string) => (instanceType === undefined || offering.includes(zone) ? 0 : 1);
  return AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? [])
    .filter((zone) => !present.some((each) => each.zone === zone))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

const numberOf = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function sizeOf(cidr: string): { readonly base: number; readonly size: number; readonly prefix: number } {
  const [address = "", length] = cidr.split("/");
  const prefix = Number(length) + Math.log2(PARTS);
  return { base: numberOf(address), size: 2 ** (32 - prefix), prefix };
}

function partOf(cidr: string, index: number): string {
  const { base, size, prefix } = sizeOf(cidr);
  const first = base + index * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

function indexOf(cidr: string, part: string): number {
  const { base, size } = sizeOf(cidr);
  return Math.max(0, Math.floor((numberOf(part.split("/")[0] ?? "") - base) / size));
}

const tooFewZones = (name: string, needed: number, zones: readonly string[]): QuaysideError =>
  new QuaysideError(
    "too-few-zones",
    `Nothing was changed: network ${name} needs ${needed} Availability Zones, but this region has only: ${zones.join(", ")}`,
    {
      facts: { network: name, zones, needed },
      fix: `Describe fewer: new Network("${name}").zones(${zones.length}).`,
    },
  );
