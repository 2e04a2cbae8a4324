import type { Account } from "../../core/account.js";
import { scheduleCapacityCheck } from "../auto-scaling/capacity.js";

export interface CapacityPlace {
  /** @defaultValue all types */
  readonly instanceType?: string;
  /** @defaultValue all zones */
  readonly zone?: string;
  /** @defaultValue `false` */
  readonly available?: boolean;
}

/** The keys of `zonesWithoutCapacity`: a zone, a zone with a type, or a type in all zones. */
const keysOf = (account: Account, { instanceType, zone }: CapacityPlace): readonly string[] => {
  if (instanceType !== undefined) return [`${zone ?? "*"}/${instanceType}`];
  return zone === undefined ? [...account.ec2.subnets.values()].map((subnet) => subnet.zone) : [zone];
};

/** From now on EC2 has no capacity there, or has it again: Auto Scaling then balances its zones. */
export function changeCapacity(account: Account, where: CapacityPlace): void {
  const { zonesWithoutCapacity: without } = account.ec2;
  for (const key of keysOf(account, where)) {
    if (where.available === true) without.delete(key);
    else without.add(key);
  }
  if (where.available !== true) return;
  for (const group of account.autoScaling.groups.values()) {
    group.failedLaunches = 0;
    scheduleCapacityCheck(account, group);
  }
}
