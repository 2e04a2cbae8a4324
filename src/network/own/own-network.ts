import type { AwsContext } from "../../aws/context.js";
import type { Kind, Tagged } from "../../engine/kind.js";
import type { NetworkState } from "../network-state.js";
import { networkKind } from "../network.js";

export interface OwnNetworkDesired extends Tagged, NetworkState {}

/** The subnets of a network that quayside creates, for what is in them: made of the network's parts. */
export const ownNetworkKind: Kind<OwnNetworkDesired, NetworkState, AwsContext> = {
  kind: networkKind.kind,
  unknown: networkKind.unknown,
  derive: stateOf,
  read: async (desired) => ({ state: stateOf(desired), current: desired, tags: {} }),
};

function stateOf({ tags: _tags, ...state }: OwnNetworkDesired): NetworkState {
  return state;
}
