import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { addInitialEndpoint, addInitialNatGateway } from "./initial-network.js";
import type { RouteTarget, SecurityGroup, Subnet, Vpc } from "./state.js";

/** A VPC that the account has from the start. */
export interface VpcOptions {
  /** True for the account's default VPC, with default subnets. @defaultValue false */
  readonly default?: boolean;
  /** @defaultValue a distinct /16 */
  readonly cidr?: string;
  /** The letters of the zones that have a subnet. @defaultValue a, b and c */
  readonly zones?: readonly string[];
  /** Individual subnets, instead of `zones`. */
  readonly subnets?: readonly SubnetOptions[];
  /** Its tags; `Name` is what the console shows. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * The AWS services that the VPC has endpoints for, such as `"ecs-agent"`, `"ecr.api"` or `"s3"` (a gateway
   * endpoint in every route table). @defaultValue none
   */
  readonly endpoints?: readonly string[];
}

export interface SubnetOptions {
  /** The letter of its zone. */
  readonly zone: string;
  /**
   * The target of its default route: public subnets lead to the internet, private ones to a NAT gateway or
   * nowhere. @defaultValue "internet"
   */
  readonly egress?: "internet" | "nat" | "none";
  /**
   * True if its instances get a public IPv4 address, unless they ask otherwise (`MapPublicIpOnLaunch`).
   * @defaultValue true in the default VPC, false in others, as on AWS
   */
  readonly publicIps?: boolean;
  /** Its tags; `Name` is what the console shows. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Creates the VPCs of a new account, with their subnets, route tables and default security groups. */
export function createNetwork(account: Account, vpcs: readonly VpcOptions[]): void {
  vpcs.forEach((options, index) => {
    const isDefault = options.default ?? false;
    const cidr = options.cidr ?? (isDefault ? "172.31.0.0/16" : `10.${index}.0.0/16`);
    const id = `vpc-${account.hex(17)}`;
    account.ec2.vpcs.set(id, {
      id,
      cidr,
      isDefault,
      tags: new Map(Object.entries(options.tags ?? {})),
    });
    const [first, second] = cidr.split(".");
    const subnets: readonly SubnetOptions[] =
      options.subnets ?? (options.zones ?? ["a", "b", "c"]).map((zone) => ({ zone }));
    const ids = subnets.map(({ zone, tags, publicIps = isDefault }, position) => {
      const { id: subnetId } = addSubnet(account, {
        vpcId: id,
        letter: zone,
        cidr: `${first}.${second}.${position * 16}.0/20`,
        isDefault,
        mapsPublicIp: publicIps,
        tags: new Map(Object.entries(tags ?? {})),
      });
      return subnetId;
    });
    const group = defaultSecurityGroup(account, id);
    account.ec2.securityGroups.set(group.id, group);
    createRouteTables(account, id, subnets, ids);
    for (const service of options.endpoints ?? []) addInitialEndpoint(account, id, service);
  });
}

/**
 * Creates the main route table, which applies to every subnet without an explicit association, and one for each
 * other egress.
 */
function createRouteTables(
  account: Account,
  vpcId: string,
  subnets: readonly SubnetOptions[],
  ids: readonly string[],
): void {
  for (const [number, egress] of (["internet", "nat", "none"] as const).entries()) {
    const subnetIds = ids.filter((_, index) => (subnets[index]?.egress ?? "internet") === egress);
    const isMain = egress === "internet";
    if (subnetIds.length === 0 && !isMain) continue;
    // Derived from the VPC's id, so that no random number is drawn and later identifiers stay the same.
    const own = `${vpcId.slice("vpc-".length, -1)}${number}`;
    const id = `rtb-${own}`;
    const gatewayId = `${egress === "nat" ? "nat" : "igw"}-${own}`;
    const routes = new Map<string, RouteTarget>(
      egress === "none" ? [] : [["0.0.0.0/0", { to: egress, gatewayId }]],
    );
    account.ec2.routeTables.set(id, { id, vpcId, isMain, subnetIds, routes, tags: new Map() });
    if (egress === "internet")
      account.ec2.internetGateways.set(gatewayId, { id: gatewayId, vpcId, tags: new Map() });
    if (egress === "nat") addInitialNatGateway(account, gatewayId, vpcId, subnetIds[0] ?? "");
  }
}

/** A VPC of one's own has a main route table that leads nowhere, and a default security group. */
export function addVpc(
  account: Account,
  { cidr, tags }: { readonly cidr: string; readonly tags: Map<string, string> },
): Vpc {
  const id = `vpc-${account.hex(17)}`;
  const vpc: Vpc = { id, cidr, isDefault: false, visibleAt: visibleFrom(account), tags };
  account.ec2.vpcs.set(id, vpc);
  const group = defaultSecurityGroup(account, id);
  account.ec2.securityGroups.set(group.id, group);
  const table = `rtb-${account.hex(17)}`;
  account.ec2.routeTables.set(table, {
    ...{ id: table, vpcId: id, isMain: true, subnetIds: [], routes: new Map(), tags: new Map() },
  });
  return vpc;
}

/** The clock time from which EC2's other operations find what is created now. */
export const visibleFrom = (account: Account): number =>
  account.clock.now() + untilConsistent(account, "networkVisible");

export interface SubnetToAdd {
  readonly vpcId: string;
  /** The letter of its zone. */
  readonly letter: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly mapsPublicIp: boolean;
  readonly visibleAt?: number | undefined;
  readonly tags: Map<string, string>;
}

export function addSubnet(
  account: Account,
  { vpcId, letter, cidr, isDefault, mapsPublicIp, visibleAt, tags }: SubnetToAdd,
): Subnet {
  const subnet: Subnet = {
    id: `subnet-${account.hex(17)}`,
    vpcId,
    zone: `${account.region}${letter}`,
    zoneId: zoneIdOf(account.region, letter),
    cidr,
    defaultForAz: isDefault,
    mapsPublicIp,
    ...(visibleAt !== undefined && { visibleAt }),
    tags,
  };
  account.ec2.subnets.set(subnet.id, subnet);
  return subnet;
}

function defaultSecurityGroup(account: Account, vpcId: string): SecurityGroup {
  const id = `sg-${account.hex(17)}`;
  const inside = `sgr-${account.hex(17)}`;
  const outside = `sgr-${account.hex(17)}`;
  const all = { protocol: "-1", fromPort: -1, toPort: -1, tags: new Map<string, string>() };
  return {
    id,
    name: "default",
    description: "default VPC security group",
    vpcId,
    rules: new Map([
      [inside, { ...all, id: inside, isEgress: false, sourceGroupId: id }],
      [outside, { ...all, id: outside, isEgress: true, cidrIpv4: "0.0.0.0/0" }],
    ]),
    tags: new Map(),
    visibleAt: 0,
  };
}

/** The id of the zone with this letter: `euw1-az1`. */
export const zoneIdOf = (region: string, letter: string): string =>
  `${zoneIdPrefix(region)}-az${letter.charCodeAt(0) - 96}`;

/** `eu-west-1` -> `euw1`, as in zone ids. */
function zoneIdPrefix(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  const short = direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0));
  return `${area}${short}${number}`;
}
