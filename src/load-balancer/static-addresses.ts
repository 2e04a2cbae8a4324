import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isDeepStrictEqual } from "node:util";
import { QuaysideError } from "../errors.js";

/** The Elastic IP addresses of a Network Load Balancer: subnet -> allocation ID. */
export type StaticAddresses = Readonly<Record<string, string>>;

/** Gives each subnet the address at the same place. */
export const addressesIn = (
  subnetIds: readonly string[],
  allocationIds: readonly string[],
): StaticAddresses =>
  Object.fromEntries(allocationIds.map((id, index) => [subnetIds[index] ?? `subnet ${index + 1}`, id]));

/** Those that it has: as described, if the same subnets have the same addresses, whichever has which. */
export function presentAddresses(
  { AvailabilityZones = [] }: LoadBalancer,
  described: StaticAddresses | undefined,
): StaticAddresses | undefined {
  const present = AvailabilityZones.flatMap(({ SubnetId = "", LoadBalancerAddresses = [] }) =>
    LoadBalancerAddresses.flatMap(({ AllocationId }) =>
      AllocationId === undefined ? [] : [[SubnetId, AllocationId] as const],
    ),
  );
  if (present.length === 0) return undefined;
  const found = Object.fromEntries(present);
  return described !== undefined && isDeepStrictEqual(partsOf(found), partsOf(described)) ? described : found;
}

const partsOf = (addresses: StaticAddresses) => [
  Object.keys(addresses).sort(),
  Object.values(addresses).sort(),
];

/** Throws unless each subnet has one address. Source: ELB API reference, SubnetMapping. */
export function checkAddresses(
  name: string,
  subnetIds: readonly string[],
  addresses: StaticAddresses | undefined,
): void {
  const count = addresses === undefined ? undefined : Object.keys(addresses).length;
  if (count === undefined || count === subnetIds.length) return;
  throw new QuaysideError(
    "wrong-addresses",
    `Nothing was changed: load balancer ${name} has ${subnetIds.length} subnets and ${count} static addresses: each subnet needs one`,
    {
      facts: { loadBalancer: name, subnets: [...subnetIds], addresses: count },
      fix: 'Give as many addresses as subnets, or choose the subnets: .network({ vpc: "main", subnets: ["subnet-0a", "subnet-0b"] }).',
    },
  );
}
