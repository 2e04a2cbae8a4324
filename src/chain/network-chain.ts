import type { NetworkDeployed, NetworkStatus } from "../operations/network-operations.js";
import { defaultNetworkInput } from "../spec/default-input.js";
import type { NetworkInput } from "../spec/input.js";
import { parseOwnNetwork, type OwnNetworkSpec } from "../spec/own-network.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { Issues } from "../spec/parsing/issues.js";
import { NETWORK_INPUT } from "./chain-input.js";
import { Assembled } from "./chain.js";
import { loadOperations } from "./load-operations.js";
import { SharedChain } from "./shared-chain.js";

/** The class behind `Network`, whose type is its interface. */
class Network extends SharedChain<NetworkInput, OwnNetworkSpec, NetworkDeployed, NetworkStatus> {
  constructor(name: unknown) {
    super(name, defaultNetworkInput);
    Object.freeze(this);
  }

  zones(count: unknown) {
    return this.with({ zones: count });
  }

  nat(gateways: unknown) {
    return this.with({ nat: gateways });
  }

  cidr(block: unknown) {
    return this.with({ cidr: block });
  }

  endpoints(...services: readonly unknown[]) {
    return this.with({ endpoints: [...this.input.endpoints, ...services] });
  }

  static existing(options: unknown) {
    const input = { ...defaultNetworkInput(undefined), existing: { options: frozenCopy(options) } };
    return new Network(new Assembled(input));
  }

  get [NETWORK_INPUT](): NetworkInput {
    return this.input;
  }

  protected async loadOperations() {
    const operations = await loadOperations();
    return {
      plan: operations.planNetwork,
      deploy: operations.deployNetwork,
      status: operations.networkStatus,
      destroy: operations.destroyNetwork,
    };
  }

  protected get resourceType() {
    return "Network";
  }

  protected scopeOf(spec: OwnNetworkSpec) {
    return { networks: [spec] };
  }

  protected parse(issues: Issues): OwnNetworkSpec {
    if (this.input.existing !== undefined)
      issues.add(
        "network",
        "Network.existing(...) has no operations, because quayside never changes it: pass it to .network(...) of a cluster or a load balancer",
      );
    return parseOwnNetwork(
      this.input.existing === undefined ? this.input : defaultNetworkInput("network"),
      issues,
    );
  }

  protected next(assembled: Assembled<NetworkInput>): Network {
    return new Network(assembled);
  }
}

export { Network as NetworkChain };
