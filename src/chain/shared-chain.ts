import type { Cloud } from "../aws/cloud.js";
import type { Plan } from "../engine/plan.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import { Issues } from "../spec/parsing/issues.js";
import { checkActOptions } from "../spec/operation-options.js";
import { Chain } from "./chain.js";
import { cloudOf } from "./cloud-of.js";

export interface SharedInput {
  readonly name: unknown;
  readonly network: { readonly options: unknown } | undefined;
  readonly tags: readonly unknown[];
  readonly cloud: unknown;
}

/** What is done with it, whatever it is. */
interface Acts<Spec, Deployed, Status> {
  plan(described: Described<Spec>, options?: OperationOptions): Promise<Plan>;
  deploy(described: Described<Spec>, options?: OperationOptions): Promise<Deployed>;
  status(described: Described<Spec>, options?: OperationOptions): Promise<Status>;
  destroy(described: Described<Spec>, options?: OperationOptions): Promise<Destroyed>;
}

interface Described<Spec> {
  readonly spec: Spec;
  readonly cloud: Cloud;
}

/** Behind what deployments share: a cluster, a load balancer. */
export abstract class SharedChain<
  Input extends SharedInput,
  Spec extends { readonly name: string },
  Deployed,
  Status,
> extends Chain<Input> {
  protected abstract get acts(): Acts<Spec, Deployed, Status>;

  /** What messages call it, such as `Cluster`. */
  protected abstract get noun(): string;

  protected abstract read(issues: Issues): Spec;

  network(options: unknown): this {
    return this.with({ network: { options: frozenCopy(options) } } as Partial<Input>);
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    return this.acts.plan(this.#describe(options), options);
  }

  async deploy(options?: OperationOptions): Promise<Deployed> {
    return this.acts.deploy(this.#describe(options), options);
  }

  async status(options?: OperationOptions): Promise<Status> {
    return this.acts.status(this.#describe(options), options);
  }

  async destroy(options?: OperationOptions): Promise<Destroyed> {
    return this.acts.destroy(this.#describe(options), options);
  }

  #describe(options: unknown): Described<Spec> {
    const issues = new Issues();
    const spec = frozenCopy(this.read(issues));
    checkActOptions(options, issues);
    const cloud = cloudOf([this.input.cloud], issues);
    issues.throwIfAny(`${this.noun} ${spec.name}`);
    return { spec, cloud };
  }
}
