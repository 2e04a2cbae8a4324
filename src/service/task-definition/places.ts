import { parseOwner } from "../../aws/owner.js";
import type { Tags } from "../../engine/kind.js";

/**
 * The owners of the clusters and load balancers that a deployment or job uses, in a tag of its task definition:
 * after a move also those that it has left, until nothing of them is to be deleted any more. A run that was
 * interrupted is so continued by the next one, even if nothing else leads to what was left.
 */
const PLACES_TAG = "quayside:places";

/** ECS API reference, Tag: at most 256 characters. */
const MAX_LENGTH = 256;
/** An empty value would be no difference to a tag that is missing. */
const NONE = "none";

export function placesTag(places: readonly string[]): Tags {
  const value = [...new Set(places)].reduce((joined, place) => {
    const longer = joined === "" ? place : `${joined} ${place}`;
    return longer.length <= MAX_LENGTH ? longer : joined;
  }, "");
  return { [PLACES_TAG]: value === "" ? NONE : value };
}

export const placesOf = (tags: Tags): readonly string[] =>
  (tags[PLACES_TAG] ?? "").split(" ").filter((place) => parseOwner(place) !== undefined);

/** The described tags, with the places of the present ones: what was left is known until it is deleted. */
export const withPlacesLeft = (described: Tags, present: Tags): Tags =>
  described[PLACES_TAG] === undefined
    ? described
    : { ...described, ...placesTag([...placesOf(described), ...placesOf(present)]) };
