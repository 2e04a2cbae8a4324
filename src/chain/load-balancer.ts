import type { Plan } from "../engine/plan.js";
import {
  deployLoadBalancer,
  destroyLoadBalancer,
  loadBalancerStatus,
  planLoadBalancer,
  type LoadBalancerDeployed,
  type LoadBalancerStatus,
} from "../operations/load-balancer-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import { defaultLoadBalancerInput } from "../spec/default-input.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { LoadBalancerInput } from "../spec/input.js";
import type { Issues } from "../spec/parsing/issues.js";
import type { HttpsOptions } from "../spec/listeners.js";
import type { NetworkOptions } from "../spec/network.js";
import { parseLoadBalancer } from "../spec/load-balancer.js";
import { LOAD_BALANCER_INPUT } from "./chain-input.js";
import { Assembled, type AnyChain } from "./chain.js";
import { SharedChain } from "./shared-chain.js";

/**
 * An Application Load Balancer over one subnet per zone, shared by the deployments behind it.
 *
 * It is created by the first deployment that needs it, and kept as described; the last one's `destroy()`
 * removes it. AWS bills it by the hour and by what passes through. A load balancer of that name that
 * quayside did not make is refused with `OwnershipError` (code `not-owned`), unless the run is given
 * `adopt: true`.
 *
 * Immutable: every method returns a new load balancer. What is wrong is said by the deployment that uses
 * it, or by its own `plan`, `deploy`, `status` and `destroy`, in a `SpecError` with paths such as
 * `loadBalancer.name`.
 *
 * @example
 * ```ts
 * import { LoadBalancer } from "quayside";
 *
 * const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
 * ```
 */
export interface LoadBalancer extends AnyChain {
  /**
   * A listener for HTTP on this port, 1 to 65535. Several calls make several listeners, which all lead
   * to the same services. What no rule matches is answered with 404.
   *
   * On a load balancer that exists: the listener to use.
   *
   * @defaultValue 80, unless `https` is called
   */
  http(port?: number): LoadBalancer;

  /**
   * A listener for HTTPS on this port, 1 to 65535, with TLS 1.2 and 1.3. Its certificate is in ACM (or
   * IAM) already, in the load balancer's own region; a domain is looked up there at every run. On a load
   * balancer that exists: the listener to use, without options.
   *
   * @param port - @defaultValue 443
   * @throws QuaysideError `no-certificate`, `certificate-not-usable`, before anything is changed
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").https(443, {
   *   certificate: "talk.example.com",
   *   redirectHttp: true,
   * });
   * ```
   */
  https(port: number | undefined, options: HttpsOptions): LoadBalancer;
  https(port?: number): LoadBalancer;

  /**
   * Reachable from inside the VPC only, instead of from the internet. AWS cannot change this later: said of
   * a load balancer that is there, the next deploy of what is behind it makes a second one, named
   * `{load balancer}-internal` (or `-public`), with its own address, which the plan warns of. The old one goes
   * with its last user, and with it its address. Not for blue/green deployments, which are refused.
   */
  internal(): LoadBalancer;

  /**
   * Who may reach the listeners: IPv4 and IPv6 CIDR blocks, each written by its first address. Calls add
   * up.
   *
   * @defaultValue everybody, `0.0.0.0/0` and `::/0`
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("back-office").internal().allow("10.0.0.0/8", "2001:db8::/32");
   * ```
   */
  allow(...blocks: readonly [string, ...string[]]): LoadBalancer;

  /**
   * The name of its security group: 1 to 255 characters, unique in the VPC. Created if there is none.
   *
   * @defaultValue `{load balancer}-alb`
   */
  securityGroup(name: string): LoadBalancer;

  /**
   * Where it stands: one subnet a zone, in two zones at least. One that faces the internet needs public
   * subnets. A later call replaces this one.
   *
   * @defaultValue the VPC of the cluster behind it
   * @throws QuaysideError `no-vpc`, `no-subnets`, `too-few-zones`, `same-zone`, `no-internet-gateway`,
   * `different-vpcs`, before anything is changed
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").network({ vpc: "main", subnets: { Tier: "public" } });
   * ```
   */
  network(options: NetworkOptions): LoadBalancer;

  /**
   * What `deploy` would do. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Makes it, with its listeners and its security group, and waits until it is active. Listeners and
   * addresses that the description no longer has go, unless somebody still uses them.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<LoadBalancerDeployed>;

  /** Its state and the rules on its listeners. */
  status(options?: OperationOptions): Promise<LoadBalancerStatus>;

  /** Deletes it, unless a service is still behind it: then it is returned as kept. */
  destroy(options?: OperationOptions): Promise<Destroyed>;
}

export interface LoadBalancerConstructor {
  /**
   * @param name - 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with
   * `internal-`; unique in the region.
   */
  new (name: string): LoadBalancer;

  /**
   * A load balancer that exists, whoever made it: used and never changed or deleted. A deployment adds
   * its rules to its listeners, a target group, and an entry to its own tasks' or instances' security
   * group; its `destroy()` takes exactly these away.
   *
   * @param nameOrArn - its name or its ARN, in the region of the run
   * @throws QuaysideError `no-load-balancer`, `no-listener`
   * @example
   * ```ts
   * import { Deployment, LoadBalancer } from "quayside";
   *
   * const talk = new Deployment("talk-service").behindAlb(LoadBalancer.existing("shared-alb").http(80), {
   *   path: "/talk*",
   * });
   * ```
   */
  existing(nameOrArn: string): LoadBalancer;
  readonly prototype: LoadBalancer;
}

const acts = {
  plan: planLoadBalancer,
  deploy: deployLoadBalancer,
  status: loadBalancerStatus,
  destroy: destroyLoadBalancer,
};

const LoadBalancerChain = class LoadBalancer extends SharedChain<
  LoadBalancerInput,
  LoadBalancerSpec,
  LoadBalancerDeployed,
  LoadBalancerStatus
> {
  constructor(name: unknown) {
    super(name, defaultLoadBalancerInput);
    Object.freeze(this);
  }

  http(port: unknown = 80) {
    return this.with({ http: [...this.input.http, port] });
  }

  https(port?: unknown, options?: unknown) {
    return this.with({ https: [...this.input.https, { port, options: frozenCopy(options) }] });
  }

  internal() {
    return this.with({ internal: true });
  }

  allow(...blocks: readonly unknown[]) {
    return this.with({ allow: [...(this.input.allow ?? []), ...blocks] });
  }

  securityGroup(name: unknown) {
    return this.with({ securityGroup: { name } });
  }

  static existing(nameOrArn: unknown) {
    return new LoadBalancerChain(new Assembled({ ...defaultLoadBalancerInput(nameOrArn), existing: true }));
  }

  get [LOAD_BALANCER_INPUT](): LoadBalancerInput {
    return this.input;
  }

  protected get acts() {
    return acts;
  }

  protected get noun() {
    return "Load balancer";
  }

  protected read(issues: Issues): LoadBalancerSpec {
    return parseLoadBalancer({ described: this.input }, "", issues);
  }

  protected next(assembled: Assembled<LoadBalancerInput>): LoadBalancer {
    return new LoadBalancerChain(assembled);
  }
};

export const LoadBalancer: LoadBalancerConstructor = LoadBalancerChain;
