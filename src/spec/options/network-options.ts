/** Where a cluster or a load balancer stands: at least one of the two. */
export interface NetworkOptions {
  /** The VPC's id, such as `"vpc-0123456789abcdef0"`, or the value of its `Name` tag. @defaultValue the VPC that `subnets` are in */
  readonly vpc?: string | undefined;
  /**
   * Subnets by their ids, or tags that all of them carry, such as `{ Tier: "private" }`.
   * @defaultValue one per zone of the VPC: public ones (with a route to an internet gateway) for a load
   * balancer that faces the internet, otherwise private ones with a way out where there are any
   */
  readonly subnets?: readonly string[] | Readonly<Record<string, string>> | undefined;
}
