export interface InternetGatewayState {
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: string | undefined;
}

export interface RouteTableState {
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Destination -> `internet`, `nat` or `elsewhere`. */
  readonly routes: Readonly<Record<string, string>>;
}

/** An Elastic IP address. */
export interface AddressState {
  readonly tags: Readonly<Record<string, string>>;
  readonly isAssociated: boolean;
}

export interface NatGatewayState {
  readonly tags: Readonly<Record<string, string>>;
  readonly subnetId: string;
  readonly state: string;
}

export interface VpcEndpointState {
  readonly tags: Readonly<Record<string, string>>;
  readonly vpcId: string;
  /** As in its service's name, after the region: `ecr.api`. */
  readonly service: string;
  readonly type: "Interface" | "Gateway";
  readonly state: string;
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  /** The number of route tables of a gateway endpoint. */
  readonly routeTables: number;
}

/** What clients have made of networks besides VPCs and subnets. A list that would be empty is absent. */
export interface NetworkPartsState {
  readonly internetGateways?: readonly InternetGatewayState[];
  readonly routeTables?: readonly RouteTableState[];
  readonly addresses?: readonly AddressState[];
  /** Without those that were deleted, which AWS describes for an hour. */
  readonly natGateways?: readonly NatGatewayState[];
  readonly vpcEndpoints?: readonly VpcEndpointState[];
}
