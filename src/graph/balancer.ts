import type { Ref } from "../engine/graph.js";
import type { ListenerState } from "../load-balancer/owned-listeners.js";
import type { LoadBalancerState } from "../load-balancer/load-balancer.js";
import type { SecurityGroupRuleState } from "../network/security-group-rule.js";
import type { ListenerSpec } from "../spec/listeners.js";

export interface LoadBalancerRefs {
  readonly loadBalancer: Ref<LoadBalancerState>;
  /** The listeners that forward to services. */
  readonly listeners: readonly ListenerRef[];
}

export interface ListenerRef {
  readonly name: string;
  readonly protocol: ListenerSpec["protocol"];
  readonly ref: Ref<ListenerState>;
}

export type Balancer = LoadBalancerRefs & {
  /** The security group that tasks accept traffic from. */
  readonly securityGroup: Ref<{ readonly groupId: string }>;
  /** The name of that security group: rules are known by the group that they really refer to. */
  readonly securityGroupName: string;
  readonly vpc: Ref<{ readonly vpcId: string }>;
  /** The rules that admit clients to the load balancer. */
  readonly entrances: readonly Ref<SecurityGroupRuleState>[];
  /** The VPC of a load balancer that the chain only names, and that exists. */
  readonly presentVpcId?: string | undefined;
  /** The listener of the URL that users get; `undefined` if the chain describes the listeners. */
  readonly address: Pick<ListenerSpec, "protocol" | "port" | "certificate"> | undefined;
};
