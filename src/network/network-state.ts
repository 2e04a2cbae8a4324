import type { Tagged } from "../engine/kind.js";

export interface NetworkDesired extends Tagged {
  /** How many zones are needed: a load balancer wants two. */
  readonly zones: number;
  /** What the instances are; `undefined` where there are none. */
  readonly instanceType?: string | undefined;
  /** For messages: what stands in it. */
  readonly whose?: string;
  /** Of subnets that nobody named: `internet`, those with a route to an internet gateway; `any`, private ones first. */
  readonly access?: "internet" | "any";
  /** Its id, or the value of its `Name` tag. */
  readonly vpc?: string | undefined;
  /** The VPC of something else that it shares it with. */
  readonly vpcId?: string | undefined;
  readonly subnetIds?: readonly string[] | undefined;
  readonly subnetTags?: Readonly<Record<string, string>> | undefined;
}

export interface NetworkState {
  readonly vpcId: string;
  /** One a zone, in the order of `zones`. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
  /** Of these, the ones in whose zone the instance type is offered. */
  readonly capacitySubnetIds: readonly string[];
  /** All of its subnets have a route to an internet gateway. */
  readonly isPublic: boolean;
}
