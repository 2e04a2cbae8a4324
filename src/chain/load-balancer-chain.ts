import { defaultLoadBalancerInput } from "../spec/default-input.js";
import type { AnswerInput, LoadBalancerInput } from "../spec/input.js";
import { parseLoadBalancer, type LoadBalancerSpec } from "../spec/load-balancer.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { Issues } from "../spec/parsing/issues.js";
import { BalancerChain } from "./balancer-chain.js";
import { LOAD_BALANCER_INPUT } from "./chain-input.js";
import { Assembled } from "./chain.js";

/** The class behind `LoadBalancer`, whose type is its interface. */
class LoadBalancer extends BalancerChain<LoadBalancerInput> {
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

  waf(webAcl: unknown) {
    return this.with({ waf: { webAcl } });
  }

  redirect(requests: unknown, to: unknown) {
    return this.withAnswer({ by: "redirect", requests: frozenCopy(requests), options: frozenCopy(to) });
  }

  respond(requests: unknown, response: unknown) {
    return this.withAnswer({ by: "respond", requests: frozenCopy(requests), options: frozenCopy(response) });
  }

  private withAnswer(answer: AnswerInput) {
    return this.with({ answers: [...(this.input.answers ?? []), answer] });
  }

  static existing(nameOrArn: unknown) {
    return new LoadBalancer(new Assembled({ ...defaultLoadBalancerInput(nameOrArn), existing: true }));
  }

  get [LOAD_BALANCER_INPUT](): LoadBalancerInput {
    return this.input;
  }

  protected parse(issues: Issues): LoadBalancerSpec {
    return parseLoadBalancer({ described: this.input }, "", issues);
  }

  protected next(assembled: Assembled<LoadBalancerInput>): LoadBalancer {
    return new LoadBalancer(assembled);
  }
}

export { LoadBalancer as LoadBalancerChain };
