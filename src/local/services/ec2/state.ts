import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { MachineImage } from "./machine-images.js";

/** The state of EC2. Keys of the maps are the resources' ids. */
export interface Ec2State {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly routeTables: Map<string, RouteTable>;
  readonly internetGateways: Map<string, InternetGateway>;
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
  /** The AWS services that it has endpoints for: `ecs-agent`, `s3`. */
  readonly endpoints: readonly string[];
  /** @defaultValue `isDefault` */
  dnsHostnames?: boolean | undefined;
  readonly tags: TagMap;
}

export interface InternetGateway {
  readonly id: string;
  /** The VPC that it is attached to. */
  vpcId: string | undefined;
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
  readonly tags: TagMap;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** True for the main route table of its VPC: it applies to every subnet without an explicit association. */
  readonly isMain: boolean;
  subnetIds: readonly string[];
  /** The target of the route 0.0.0.0/0. */
  egress: "internet" | "nat" | "none";
  gatewayId: string;
  /** @defaultValue none */
  readonly tags?: TagMap;
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
