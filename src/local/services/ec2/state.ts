import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { MachineImage } from "./machine-images.js";

/** The state of EC2. Keys of the maps are the resources' ids. */
export interface Ec2State {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly routeTables: Map<string, RouteTable>;
  readonly internetGateways: Map<string, InternetGateway>;
  readonly addresses: Map<string, Address>;
  readonly natGateways: Map<string, NatGateway>;
  readonly vpcEndpoints: Map<string, VpcEndpoint>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly keyPairs: Map<string, KeyPair>;
  readonly launchTemplates: Map<string, LaunchTemplate>;
  readonly instances: Map<string, Instance>;
  /** The images that exist now, with the parameters that lead to them: AWS publishes new ones every few weeks. */
  machineImages: readonly MachineImage[];
  /** Where EC2 has no capacity for another instance: a zone, or `zone/type` with `*` for all zones. */
  readonly zonesWithoutCapacity: Set<string>;
}

type TagMap = Map<string, string>;

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  /** @defaultValue `isDefault` */
  dnsHostnames?: boolean | undefined;
  /** @defaultValue true */
  dnsSupport?: boolean | undefined;
  /** From this clock time on, it is `available`, and EC2's other operations find it. @defaultValue always */
  readonly visibleAt?: number | undefined;
  readonly tags: TagMap;
}

export interface InternetGateway {
  readonly id: string;
  /** The VPC that it is attached to. */
  vpcId: string | undefined;
  /** From this clock time on, EC2's other operations find it. @defaultValue always */
  readonly visibleAt?: number | undefined;
  readonly tags: TagMap;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly cidr: string;
  readonly defaultForAz: boolean;
  mapsPublicIp: boolean;
  /** From this clock time on, it is `available`, and EC2's other operations find it. @defaultValue always */
  readonly visibleAt?: number | undefined;
  readonly tags: TagMap;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** True for the main route table of its VPC: it applies to every subnet without an explicit association. */
  readonly isMain: boolean;
  subnetIds: readonly string[];
  /** Destination -> target, beside the local route. */
  readonly routes: Map<string, RouteTarget>;
  /** From this clock time on, EC2's other operations find it. @defaultValue always */
  readonly visibleAt?: number | undefined;
  readonly tags: TagMap;
}

/** The target of a route: an internet gateway, a NAT gateway, or what this cloud does not have. */
export type RouteTarget =
  | { readonly to: "internet"; readonly gatewayId: string }
  | { readonly to: "nat"; readonly gatewayId: string }
  | { readonly to: "elsewhere" };

/** An Elastic IP address. */
export interface Address {
  /** Its allocation id. */
  readonly id: string;
  readonly publicIp: string;
  /** What it is associated with. */
  association:
    { readonly id: string; readonly networkInterfaceId: string; readonly privateIp: string } | undefined;
  readonly tags: TagMap;
}

export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly createdAt: Date;
  readonly isPublic: boolean;
  /** The Elastic IP address; `undefined` if it is private, or if there is no such address. */
  readonly address: Address | undefined;
  readonly networkInterface: { readonly id: string; readonly privateIp: string } | undefined;
  state: "pending" | "available" | "failed" | "deleting" | "deleted";
  failure?: { readonly code: string; readonly message: string } | undefined;
  deletedAt?: Date | undefined;
  readonly token: string | undefined;
  readonly tags: TagMap;
}

export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** As in its service's name, after the region: `ecr.api`. */
  readonly service: string;
  readonly type: "Interface" | "Gateway";
  readonly createdAt: Date;
  state: "pending" | "available" | "deleting";
  /** Of a gateway endpoint. */
  readonly routeTableIds: Set<string>;
  /** Of an interface endpoint: subnet -> network interface. */
  readonly networkInterfaces: Map<string, string>;
  readonly groupIds: Set<string>;
  hasPrivateDns: boolean;
  policy: string;
  readonly token: string | undefined;
  readonly tags: TagMap;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly isEgress: boolean;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly sourceGroupId?: string;
  readonly description?: string;
  readonly tags: TagMap;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly rules: Map<string, SecurityGroupRule>;
  readonly tags: TagMap;
  /** From this clock time on, EC2's own describe operations and other services see it. */
  readonly visibleAt: number;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly description: string;
  readonly subnetId: string;
  readonly groupIds: string[];
  /** `amazon-elb`, `amazon-ecs`, or the account. */
  readonly requester: string;
  /** @defaultValue "interface" */
  readonly type?: "nat_gateway" | "vpc_endpoint" | undefined;
  readonly privateIp: string;
  /** True if it has a public IPv4 address. */
  readonly isPublic: boolean;
}

export interface KeyPair {
  readonly id: string;
  readonly createdAt: Date;
  readonly name: string;
  readonly fingerprint: string;
  readonly type: "rsa" | "ed25519";
  readonly tags: TagMap;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly tags: TagMap;
  defaultVersion: number;
  /** In order: version n is at index n - 1. The data is the SDK's `RequestLaunchTemplateData`. */
  readonly versions: LaunchTemplateVersion[];
  /** ClientTokens of past calls -> what they created, so that a repeated call creates nothing new. */
  readonly tokens: Map<string, { readonly version: number; readonly request: string }>;
}

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdAt: Date;
  readonly description: string | undefined;
  readonly data: LaunchTemplateData;
}

export type LaunchTemplateData = RequestLaunchTemplateData;

export interface Instance {
  readonly id: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly privateIp: string;
  readonly groupIds: string[];
  readonly keyName: string | undefined;
  readonly profileName: string | undefined;
  /** Decoded. */
  readonly userData: string;
  autoScalingGroup: string | undefined;
  /** The capacity provider of ECS Managed Instances for which ECS has launched it. */
  readonly managedInstancesProvider?: string | undefined;
  readonly launchedAt: Date;
  readonly networkInterfaceId: string;
  readonly isSpot: boolean;
  readonly detailedMonitoring: boolean;
  readonly tags: TagMap;
  state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";
}
