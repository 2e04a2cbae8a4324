import { defaultNetworkLoadBalancerInput } from "../spec/default-input.js";
import type { NetworkLoadBalancerInput } from "../spec/input.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { parseNetworkLoadBalancer } from "../spec/network-load-balancer.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { Issues } from "../spec/parsing/issues.js";
import { BalancerChain } from "./balancer-chain.js";
import { NETWORK_LOAD_BALANCER_INPUT } from "./chain-input.js";
import { Assembled } from "./chain.js";

/** The class behind `NetworkLoadBalancer`, whose type is its interface. */
class NetworkLoadBalancer extends BalancerChain<NetworkLoadBalancerInput> {
  constructor(name: unknown) {
    super(name, defaultNetworkLoadBalancerInput);
    Object.freeze(this);
  }

  tcp(port: unknown) {
    return this.#listen("tcp", port);
  }

  tls(port: unknown = 443, options?: unknown) {
    return this.#listen("tls", port, options);
  }

  udp(port: unknown) {
    return this.#listen("udp", port);
  }

  addresses(...allocationIds: readonly unknown[]) {
    return this.with({ addresses: [...(this.input.addresses ?? []), ...allocationIds] });
  }

  static existing(nameOrArn: unknown) {
    return new NetworkLoadBalancer(
      new Assembled({ ...defaultNetworkLoadBalancerInput(nameOrArn), existing: true }),
    );
  }

  get [NETWORK_LOAD_BALANCER_INPUT](): NetworkLoadBalancerInput {
    return this.input;
  }

  protected parse(issues: Issues): LoadBalancerSpec {
    return parseNetworkLoadBalancer(this.input, issues);
  }

  protected next(assembled: Assembled<NetworkLoadBalancerInput>): NetworkLoadBalancer {
    return new NetworkLoadBalancer(assembled);
  }

  #listen(protocol: "tcp" | "tls" | "udp", port: unknown, options?: unknown) {
    return this.with({
      listeners: [...this.input.listeners, { protocol, port, options: frozenCopy(options) }],
    });
  }
}

export { NetworkLoadBalancer as NetworkLoadBalancerChain };
