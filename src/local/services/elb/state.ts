import type { Action, IpAddressType, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** The first two are those of Application Load Balancers. */
export type ListenerProtocol = "HTTP" | "HTTPS" | "TCP" | "TLS" | "UDP" | "TCP_UDP";

/** Keys of the maps are ARNs. */
export interface ElbState {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly targetGroups: Map<string, TargetGroup>;
  readonly listeners: Map<string, Listener>;
  readonly rules: Map<string, Rule>;
  /** Names that remain taken for a while after a delete -> until when. */
  readonly reservedNames: Map<string, number>;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: "internet-facing" | "internal";
  readonly type: "application" | "network";
  readonly vpcId: string;
  ipAddressType: IpAddressType;
  /** Those that differ from their defaults. */
  readonly attributes: Map<string, string>;
  readonly createdAt: Date;
  subnetIds: string[];
  securityGroupIds: string[];
  networkInterfaceIds: string[];
  state: "provisioning" | "active" | "failed";
  /** True once its DNS name resolves. */
  isNameVisible: boolean;
  readonly tags: Map<string, string>;
}

export interface Target {
  /** An instance id, or an IP address. */
  readonly id: string;
  readonly port: number;
  state: "initial" | "healthy" | "unhealthy" | "unused" | "draining";
  reason: string | undefined;
  description: string | undefined;
  passed: number;
  failed: number;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: "instance" | "ip";
  readonly protocolVersion: string;
  readonly ipAddressType: "ipv4" | "ipv6";
  healthCheck: {
    path: string;
    protocol: string;
    port: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
    httpCode: string;
  };
  readonly attributes: Map<string, string>;
  /** Keyed by `id:port`. */
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
  /**
   * Until this clock time, a delete still fails because the group is in use (its last rule was just deleted).
   */
  inUseUntil: number;
  /** From this clock time on, ECS sees that a listener or rule refers to it; `undefined` while none does. */
  attachedSince: number | undefined;
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  port: number;
  protocol: ListenerProtocol;
  /** HTTPS and TLS only. */
  certificateArn: string | undefined;
  sslPolicy: string | undefined;
  /** The ARNs of its certificates besides the default one. */
  readonly additionalCertificates: Set<string>;
  /** Those that differ from their defaults. */
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
}

/** The default rule of a listener has priority "default". */
export interface Rule {
  readonly arn: string;
  readonly listenerArn: string;
  priority: number | "default";
  conditions: RuleCondition[];
  actions: Action[];
  readonly tags: Map<string, string>;
}
