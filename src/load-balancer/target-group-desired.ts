import type { Tagged } from "../engine/kind.js";
import type { NetworkHealthCheckSpec } from "../spec/network-health-check.js";
import type { TargetHealthCheckSpec } from "../spec/target-health-check.js";

/** What is checked, as a chain describes it: only a Network Load Balancer has a choice of protocols. */
type HealthCheckDesired = TargetHealthCheckSpec | NetworkHealthCheckSpec;

export interface TargetGroupDesired extends Tagged {
  readonly name: string;
  /** `instance` for bridge mode with dynamic host ports, `ip` for awsvpc. */
  readonly targetType: "instance" | "ip";
  /** The last two: of a Network Load Balancer. */
  readonly protocol: "HTTP" | "TCP" | "UDP";
  /** `undefined`: HTTP/1.1, `HTTP1`. */
  readonly protocolVersion?: "HTTP2" | "GRPC" | undefined;
  readonly port: number;
  readonly vpcId: string;
  /** Its load balancer: a target group cannot serve two. */
  readonly loadBalancerArn: string;
  readonly healthCheck: HealthCheckDesired;
  /** Seconds. */
  readonly deregistrationDelay: number;
  /** Seconds that the load balancer's cookie lasts; `undefined`: no stickiness. */
  readonly stickiness: number | undefined;
  /** Seconds; `undefined`: off. */
  readonly slowStart?: number | undefined;
  /** As in AWS: `least_outstanding_requests`; `undefined`: `round_robin`. */
  readonly algorithm?: string | undefined;
  /** Only of a Network Load Balancer, like the two that follow. */
  readonly preserveClientIp?: boolean | undefined;
  readonly proxyProtocol?: boolean | undefined;
  readonly connectionTermination?: boolean | undefined;
}
