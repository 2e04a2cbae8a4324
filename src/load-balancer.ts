import { Assembled, LOAD_BALANCER_INPUT } from "./chain-input.js";
import { frozenCopy } from "./spec/frozen-copy.js";
import type { LoadBalancerInput } from "./spec/input.js";

/**
 * An Application Load Balancer over one subnet per zone, shared by the deployments behind it.
 *
 * It is created by the first deployment that needs it, and kept as described; the last one's `destroy()`
 * removes it. AWS bills it by the hour and by what passes through. A load balancer of that name that
 * quayside did not make is refused with `OwnershipError` (code `not-owned`), unless the run is given
 * `adopt: true`.
 *
 * Immutable: every method returns a new load balancer. What is wrong is said by the deployment that uses
 * it, in a `SpecError` with paths such as `loadBalancer.name`.
 *
 * @example
 * ```ts
 * import { LoadBalancer } from "quayside";
 *
 * const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
 * ```
 */
export interface LoadBalancer {
  /**
   * A listener for HTTP on this port, 1 to 65535. Several calls make several listeners, which all lead
   * to the same services. What no rule matches is answered with 404.
   *
   * @defaultValue 80
   */
  http(port?: number): LoadBalancer;

  /**
   * Reachable from inside the VPC only, instead of from the internet. AWS cannot change this later: the
   * load balancer would have to be replaced.
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
   * Tags of your own on everything that the load balancer owns, beside quayside's four: at most 46, keys
   * of 1 to 128 and values of 0 to 256 letters, digits, spaces and `_.:/=+-@` (AWS's rule). Calls merge.
   */
  tags(tags: Readonly<Record<string, string>>): LoadBalancer;
}

export interface LoadBalancerConstructor {
  /**
   * @param name - 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with
   * `internal-`; unique in the region.
   */
  new (name: string): LoadBalancer;
  readonly prototype: LoadBalancer;
}

const fresh = (name: unknown): LoadBalancerInput => ({
  name,
  http: [],
  internal: false,
  allow: undefined,
  securityGroup: undefined,
  tags: [],
});

const LoadBalancerChain = class LoadBalancer {
  readonly #input: LoadBalancerInput;

  constructor(name: unknown) {
    this.#input = name instanceof Assembled ? (name.input as LoadBalancerInput) : Object.freeze(fresh(name));
    Object.freeze(this);
  }

  http(port: unknown = 80) {
    return this.#with({ http: [...this.#input.http, port] });
  }

  internal() {
    return this.#with({ internal: true });
  }

  allow(...blocks: readonly unknown[]) {
    return this.#with({ allow: [...(this.#input.allow ?? []), ...blocks] });
  }

  securityGroup(name: unknown) {
    return this.#with({ securityGroup: { name } });
  }

  tags(tags: unknown) {
    return this.#with({ tags: [...this.#input.tags, frozenCopy(tags)] });
  }

  get [LOAD_BALANCER_INPUT](): LoadBalancerInput {
    return this.#input;
  }

  #with(change: Partial<LoadBalancerInput>): LoadBalancer {
    return new LoadBalancerChain(new Assembled({ ...this.#input, ...change }));
  }
};

export const LoadBalancer: LoadBalancerConstructor = LoadBalancerChain;
