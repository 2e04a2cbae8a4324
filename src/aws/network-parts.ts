/** The kinds of a network's parts that what runs in it needs until it has stopped. */
export const NETWORK_PARTS: readonly string[] = Object.freeze([
  "vpc-endpoint",
  "route-table",
  "nat-gateway",
  "internet-gateway",
  "subnet",
]);
