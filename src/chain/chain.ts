import type { Cloud } from "../aws/cloud.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";

/** What every chain can be told. */
export interface AnyChain {
  /**
   * Tags of your own on everything that it owns, beside quayside's four: at most 46, keys of 1 to 128 and
   * values of 0 to 256 letters, digits, spaces and `_.:/=+-@` (AWS's rule). Calls merge.
   */
  tags(tags: Readonly<Record<string, string>>): this;

  /**
   * Where AWS is: `aws({ region, profile, credentials, endpoint })`, or the local cloud. Said of a cluster
   * or a load balancer it counts for what uses them and does not say.
   *
   * @defaultValue `aws()`: what the AWS SDK finds in the environment
   */
  on(cloud: Cloud): this;
}

/** How a chain's method hands the constructor of the next chain what it has; users' arguments are never one. */
export class Assembled<Input> {
  readonly input: Input;

  constructor(input: Input) {
    this.input = Object.freeze(input);
  }
}

/**
 * What is behind the interfaces of all chains: methods that copy what they are given and look at nothing,
 * until something is to be done. They take `unknown`, because JavaScript's users have no compiler.
 */
export abstract class Chain<Input extends { readonly tags: readonly unknown[]; readonly cloud: unknown }> {
  readonly #input: Input;

  /** @param given - what the user's `new` was given, or what a chain's method has assembled */
  constructor(given: unknown, fresh: (given: unknown) => Input) {
    this.#input = given instanceof Assembled ? (given.input as Input) : Object.freeze(fresh(given));
  }

  tags(tags: unknown): this {
    return this.with({ tags: [...this.#input.tags, frozenCopy(tags)] } as unknown as Partial<Input>);
  }

  on(cloud: unknown): this {
    return this.with({ cloud } as Partial<Input>);
  }

  protected get input(): Input {
    return this.#input;
  }

  protected with(change: Partial<Input>): this {
    return this.next(new Assembled({ ...this.#input, ...change })) as this;
  }

  protected abstract next(assembled: Assembled<Input>): Chain<Input>;
}
