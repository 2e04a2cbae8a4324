import type { Tagged } from "../engine/kind.js";

export interface NetworkDesired extends Tagged {
  /** The number of zones that are needed: two for a load balancer. */
  readonly zones: number;
  /** The type of the instances; `undefined` if there are none. */
  readonly instanceType?: string | undefined;
  /** The resource in the network, for messages. */
  readonly subject?: string;
  /**
   * The kind of subnets to choose if none are named: `internet`, those with a route to an internet gateway;
   * `any`, private ones first.
   */
  readonly access?: "internet" | "any";
  /**
   * Whether its instances get public addresses: as they ask for them, as each subnet assigns them, or none.
   * @defaultValue `"asked"`
   */
  readonly publicAddresses?: "asked" | "by-subnet" | "none";
  /** The AWS services that the resource must reach, through endpoints if there is no other way. */
  readonly reaches?: readonly string[] | undefined;
  /** The VPC's id, or the value of its `Name` tag. */
  readonly vpc?: string | undefined;
  /** The VPC of another resource, which it has to share. */
  readonly vpcId?: string | undefined;
  readonly subnetIds?: readonly string[] | undefined;
  readonly subnetTags?: Readonly<Record<string, string>> | undefined;
}

export interface IsolatedSubnets {
  readonly subnetIds: readonly string[];
  /** Those of them whose route leads to an internet gateway, which serves no instance without a public address. */
  readonly unaddressed: readonly string[];
  /** The AWS services that the VPC has endpoints for. */
  readonly endpoints: readonly string[];
}

export interface NetworkState {
  readonly vpcId: string;
  /** One per zone, in the order of `zones`. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
  /** The subnets in whose zone the instance type is offered. */
  readonly capacitySubnetIds: readonly string[];
  /** True if one of its subnets has its route to an internet gateway, so that tasks need a public address. */
  readonly isPublic: boolean;
  /**
   * True if instances need to ask for a public IPv4 address: one of their subnets has its route to an internet
   * gateway, and does not assign public addresses.
   */
  readonly needsPublicIp: boolean;
  /** What subnets without a way out of the VPC lack; `undefined` if all have one, or if nothing is created. */
  readonly isolated: IsolatedSubnets | undefined;
}
