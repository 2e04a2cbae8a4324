import type { LoadBalancerDeployed, LoadBalancerStatus } from "../operations/load-balancer-operations.js";
import type { NetworkLoadBalancerInput } from "../spec/input.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import { loadOperations } from "./load-operations.js";
import { NetworkedChain } from "./networked-chain.js";

/** What the inputs of both types of load balancers have. */
type BalancerInput = Omit<NetworkLoadBalancerInput, "listeners" | "addresses">;

/** The base class of load balancers, Application and Network. */
export abstract class BalancerChain<Input extends BalancerInput> extends NetworkedChain<
  Input,
  LoadBalancerSpec,
  LoadBalancerDeployed,
  LoadBalancerStatus
> {
  internal() {
    return this.#with({ internal: true });
  }

  allow(...blocks: readonly unknown[]) {
    return this.#with({ allow: [...(this.input.allow ?? []), ...blocks] });
  }

  securityGroup(name: unknown) {
    return this.#with({ securityGroup: { name } });
  }

  attributes(options: unknown) {
    return this.#with({ attributes: [...(this.input.attributes ?? []), frozenCopy(options)] });
  }

  protected async loadOperations() {
    const operations = await loadOperations();
    return {
      plan: operations.planLoadBalancer,
      deploy: operations.deployLoadBalancer,
      status: operations.loadBalancerStatus,
      destroy: operations.destroyLoadBalancer,
    };
  }

  protected get resourceType() {
    return "Load balancer";
  }

  protected scopeOf(spec: LoadBalancerSpec) {
    return { loadBalancers: [spec] };
  }

  #with(described: Partial<BalancerInput>) {
    return this.with(described as unknown as Partial<Input>);
  }
}
