import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import type { NetworkInterface } from "./state.js";

export interface NetworkInterfaceToAttach {
  /** As AWS words it: `ELB app/<name>/<id>`; empty for an instance's own. */
  readonly description: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
  /** `amazon-elb`, `amazon-ecs`, or the account. */
  readonly requester: string;
  /** True if it gets a public IPv4 address. @defaultValue false */
  readonly isPublic?: boolean | undefined;
  /** @defaultValue "interface" */
  readonly type?: NetworkInterface["type"];
}

/**
 * Creates a network interface with a private address. It is in use from now on, and uses its security groups.
 */
export function attachNetworkInterface(account: Account, wanted: NetworkInterfaceToAttach): NetworkInterface {
  const subnet = account.ec2.subnets.get(wanted.subnetId);
  if (subnet === undefined) {
    throw new ServiceError("InvalidSubnetID.NotFound", `The subnet ID '${wanted.subnetId}' does not exist`);
  }
  const networkInterface: NetworkInterface = {
    id: `eni-${account.hex(17)}`,
    vpcId: subnet.vpcId,
    description: wanted.description,
    subnetId: wanted.subnetId,
    groupIds: [...wanted.groupIds],
    requester: wanted.requester,
    isPublic: wanted.isPublic ?? false,
    ...(wanted.type !== undefined && { type: wanted.type }),
    privateIp: freeAddress(account, subnet.id, subnet.cidr),
  };
  account.ec2.networkInterfaces.set(networkInterface.id, networkInterface);
  return networkInterface;
}

/**
 * Deletes a network interface: its address and its security groups are released. Does nothing if it does not
 * exist.
 */
export function detachNetworkInterface(account: Account, id: string): void {
  account.ec2.networkInterfaces.delete(id);
}

function freeAddress(account: Account, subnetId: string, cidr: string): string {
  const [network = "", prefix = "24"] = cidr.split("/");
  const base = network.split(".").reduce((value, part) => value * 256 + Number(part), 0);
  const taken = new Set<string>();
  for (const other of account.ec2.networkInterfaces.values()) {
    if (other.subnetId === subnetId) taken.add(other.privateIp);
  }
  const size = 2 ** (32 - Number(prefix));
  // AWS reserves the first four addresses of a subnet and the last one.
  for (let offset = 4; offset < size - 1; offset++) {
    const value = base + offset;
    const address = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".");
    if (!taken.has(address)) return address;
  }
  throw new ServiceError(
    "InsufficientFreeAddressesInSubnet",
    `There are not enough free addresses in subnet '${subnetId}'.`,
  );
}
