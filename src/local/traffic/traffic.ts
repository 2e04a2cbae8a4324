import type { Rollout } from "../services/ecs/state.js";
import type { Listener, Target, TargetGroup } from "../services/elb/state.js";

/** The data plane of the load balancers: simulated, or over real HTTP on loopback. */
export interface Traffic {
  /** Opens a new listener; it answers as soon as its load balancer is active. */
  open(listener: Listener): void | Promise<void>;
  close(listener: Listener): void;
  /** The protocol or the certificate of a listener has changed: it answers so at the same address. */
  change(listener: Listener): void | Promise<void>;
  /** The rules of a listener have changed: each host that one of them names exactly has a port of its own. */
  changeRules(listener: Listener): void | Promise<void>;
  /**
   * The address of a listener: `http://127.0.0.1:43123`; `undefined` if it serves no real traffic.
   *
   * @param host - a host that a rule names exactly: requests to its own port are requests for it
   */
  address(listener: Listener, host?: string): string | undefined;
  /** Answers a request, where no address serves it. Rejects as `fetch` does. */
  answer?(
    request: Request,
    loadBalancer: { readonly dnsName: string; readonly port: number },
  ): Promise<Response>;
  /** Runs one health check; never throws. */
  check(group: TargetGroup, target: Target): Promise<HealthCheckResult>;
  /** The number of requests that a target group has received so far, where traffic is real. */
  requestCount?(targetGroupArn: string): number;
  /**
   * Opens the proxies of Service Connect for a deployment, and returns the ports of this computer by the names that its
   * tasks know (`orders:8080`); absent where traffic is not real.
   */
  connect?(rollout: Rollout): Promise<ReadonlyMap<string, number>>;
  /** No task of the deployment runs any more. */
  disconnect?(rollout: Rollout): void;
  /** The certificate of the authority of HTTPS listeners, as PEM. */
  certificateAuthority(): Promise<string>;
  /** Ends every server and connection. */
  end(): Promise<void>;
}

export interface HealthCheckResult {
  readonly healthy: boolean;
  /** AWS's code: `Target.Timeout`. */
  readonly reason?: string;
  readonly description?: string;
  /**
   * True if the result will not change by itself: the target need not be checked again (which would never end
   * on a virtual clock).
   */
  readonly isSteady?: true;
  /** True for a steady result that another request may change: it is checked again whenever time passes. */
  readonly mayChange?: boolean;
}
