export interface LoadBalancerState {
  readonly tags: Readonly<Record<string, string>>;
  readonly scheme: string;
  readonly type?: "network";
  readonly state: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** The ARN of its web ACL; absent without one. */
  readonly webAcl?: string | undefined;
}
