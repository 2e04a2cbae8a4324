import type { Listener, Target, TargetGroup } from "../services/elb/state.js";

/** The data plane of the load balancers: simulated, or over real HTTP on loopback. */
export interface Traffic {
  /** A listener exists from now on; it answers as soon as its load balancer is active. */
  open(listener: Listener): void | Promise<void>;
  close(listener: Listener): void;
  /** Where a listener answers: `http://127.0.0.1:43123`; `undefined` if it serves no real traffic. */
  address(listener: Listener): string | undefined;
  /** One health check; never throws. */
  check(group: TargetGroup, target: Target): Promise<HealthCheckResult>;
  /** How many requests a target group has got so far, where there are real ones. */
  requestCount?(targetGroupArn: string): number;
  /** Ends every server and connection. */
  end(): Promise<void>;
}

export interface HealthCheckResult {
  readonly healthy: boolean;
  /** AWS's code: `Target.Timeout`. */
  readonly reason?: string;
  readonly description?: string;
  /** The answer will not change by itself: no need to check this target again (and again, on a virtual clock). */
  readonly steady?: true;
}
