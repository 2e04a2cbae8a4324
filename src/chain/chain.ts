import type { Cloud } from "../aws/cloud.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";

/** The methods that all chains have in common. */
export interface ChainMethods {
  /**
   * Adds tags to everything that it owns, in addition to quayside's four: at most 46, with keys of 1 to 128
   * and values of 0 to 256 letters, digits, spaces and `_.:/=+-@` (AWS's rule). Several calls are merged.
   */
  tags(tags: Readonly<Record<string, string>>): this;

  /**
   * Sets the cloud: `aws({ region, profile, credentials, endpoint })`, or the local cloud. The cloud of a
   * cluster or a load balancer also applies to deployments that use it and have no cloud of their own.
   *
   * @defaultValue `aws()`: the region and credentials that the AWS SDK finds in the environment
   */
  on(cloud: Cloud): this;
}

/** Passes input to the constructor of the next chain. Distinguishes it from the arguments of a user. */
export class Assembled<Input> {
  readonly input: Input;

  constructor(input: Input) {
    this.input = Object.freeze(input);
  }
}

/**
 * The base class of all chains. Methods copy their arguments and validate nothing until an operation starts.
 * Arguments are `unknown`, because users of JavaScript have no compiler.
 */
export abstract class Chain<Input extends { readonly tags: readonly unknown[]; readonly cloud: unknown }> {
  readonly #input: Input;

  /** @param given - the user's argument, or the input of the previous chain */
  constructor(given: unknown, emptyInput: (given: unknown) => Input) {
    this.#input = given instanceof Assembled ? (given.input as Input) : Object.freeze(emptyInput(given));
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
