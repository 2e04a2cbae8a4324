import { ownerOf } from "../aws/owner.js";
import type { NetworkUseInput } from "../spec/input.js";
import { textOf } from "../spec/parsing/format-value.js";
import { networkInput } from "./chain-input.js";
import { SharedChain, type SharedInput } from "./shared-chain.js";

interface NetworkedInput extends SharedInput {
  readonly network: NetworkUseInput | undefined;
}

/** The base class of what is in a network: clusters and load balancers. */
export abstract class NetworkedChain<
  Input extends NetworkedInput,
  Spec extends { readonly name: string },
  Deployed,
  Status,
> extends SharedChain<Input, Spec, Deployed, Status> {
  network(given: unknown): this {
    return this.with({ network: networkInput(given) } as Partial<Input>);
  }

  protected override get clouds(): readonly unknown[] {
    const { cloud } = this.input;
    return cloud === undefined ? networkClouds(this.input.network) : [cloud];
  }

  protected override get usedOverrides(): ReadonlyMap<string, readonly unknown[]> {
    return networkOverrides(this.input.network);
  }
}

/** The cloud of a network, for what uses it. */
export const networkClouds = (network: NetworkUseInput | undefined): readonly unknown[] =>
  network !== undefined && "described" in network ? [network.described.cloud] : [];

/** The overrides of a network that is described, by its owner. */
export const networkOverrides = (
  network: NetworkUseInput | undefined,
): ReadonlyMap<string, readonly unknown[]> =>
  network === undefined || !("described" in network) || network.described.overrides.length === 0
    ? new Map<string, readonly unknown[]>()
    : new Map([[ownerOf.network(textOf(network.described.name)), network.described.overrides]]);
