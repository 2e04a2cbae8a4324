import type { Account } from "../../core/account.js";

/*
 * What a VPC of a new account has from the start. The ids are derived from the VPC's, so that no random number is drawn
 * and later identifiers stay the same.
 */

/** A NAT gateway that has been there for a while. */
export function addInitialNatGateway(account: Account, id: string, vpcId: string, subnetId: string): void {
  const own = id.slice("nat-".length);
  const digits = Number.parseInt(own.slice(-7), 16);
  const address = {
    id: `eipalloc-${own}`,
    publicIp: `52.${digits & 255}.${(digits >> 8) & 255}.${(digits >> 16) & 255}`,
    association: { id: `eipassoc-${own}`, networkInterfaceId: `eni-${own}`, privateIp: "10.0.255.4" },
    tags: new Map<string, string>(),
  };
  account.ec2.addresses.set(address.id, address);
  account.ec2.natGateways.set(id, {
    id,
    vpcId,
    subnetId,
    createdAt: new Date(account.clock.now()),
    isPublic: true,
    address,
    networkInterface: { id: `eni-${own}`, privateIp: "10.0.255.4" },
    state: "available",
    token: undefined,
    tags: new Map(),
  });
}

/** An endpoint that every subnet and route table of the VPC reaches; S3's is a gateway endpoint. */
export function addInitialEndpoint(account: Account, vpcId: string, service: string): void {
  const isGateway = service === "s3" || service === "dynamodb";
  const tables = [...account.ec2.routeTables.values()].filter((table) => table.vpcId === vpcId);
  const id = `vpce-${vpcId.slice("vpc-".length, -4)}${Buffer.from(service).toString("hex").slice(-4)}`;
  account.ec2.vpcEndpoints.set(id, {
    id,
    vpcId,
    service,
    type: isGateway ? "Gateway" : "Interface",
    createdAt: new Date(account.clock.now()),
    state: "available",
    routeTableIds: new Set(isGateway ? tables.map((table) => table.id) : []),
    networkInterfaces: new Map(),
    groupIds: new Set(),
    hasPrivateDns: !isGateway,
    policy: "",
    token: undefined,
    tags: new Map(),
  });
}
