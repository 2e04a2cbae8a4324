import type { Tag } from "@aws-sdk/client-ec2";
import { OWNER_TAG, fromTags } from "../../aws/tags.js";
import { ownerName } from "../../aws/owner.js";
import type { Tagged, Tags } from "../../engine/kind.js";

/*
 * The parts of a network have no names in AWS: they are found by the tags of their owner, and told apart by the tag
 * `Name`, as everybody names them.
 */

/** A part of a network. */
export interface PartDesired extends Tagged {
  /** Also its tag `Name`. */
  readonly name: string;
}

const NAME_TAG = "Name";

/** The user's tags, and the name by which the part is found. */
export const partTags = ({ tags }: Tagged, name: string): Tags => ({ ...tags, [NAME_TAG]: name });

/** The filter that finds the parts of a network. */
export const ofOwner = (owner: string | undefined): { Name: string; Values: string[] }[] => [
  { Name: `tag:${OWNER_TAG}`, Values: [owner ?? ""] },
];

/** True if the owner is a network: nothing else owns these kinds, and need not be asked for. */
export const isNetwork = (owner: string): boolean => ownerName(owner, "network") !== undefined;

interface TaggedPart {
  readonly Tags?: readonly Tag[] | undefined;
}

export const nameOfPart = ({ Tags }: TaggedPart): string => fromTags(Tags as Tag[])[NAME_TAG] ?? "";

export const tagsOfPart = ({ Tags }: TaggedPart): Tags => fromTags(Tags as Tag[]);

/** The part of that name that is used; two runs at the same moment can create two. */
export const namedPart = <Part extends TaggedPart>(
  parts: readonly Part[],
  name: string,
  idOf: (part: Part) => string | undefined,
  rankOf?: (part: Part) => number,
): Part | undefined => namedParts(parts, name, idOf, rankOf)[0];

/** The parts of that name, those first that are used. */
export function namedParts<Part extends TaggedPart>(
  parts: readonly Part[],
  name: string,
  idOf: (part: Part) => string | undefined,
  rankOf: (part: Part) => number = () => 0,
): readonly Part[] {
  return parts
    .filter((part) => nameOfPart(part) === name)
    .toSorted((a, b) => rankOf(b) - rankOf(a) || ((idOf(a) ?? "") < (idOf(b) ?? "") ? -1 : 1));
}
