import type { AwsContext } from "../aws/context.js";
import { reported } from "../engine/apply.js";
import type { Observations } from "../engine/observe.js";
import { isAdopted, isOwnedBy } from "../engine/ownership.js";

interface Named {
  readonly resource: string;
  readonly name: string;
}

/** What a deploy creates in a resource, and AWS deletes with it. It has the same name. */
const PARTS: Readonly<Record<string, string>> = {
  "auto-scaling-group": "instance-bounds",
  "ecr-repository": "image",
};

/** The parts that are deleted together with the resources. */
export const partsOf = (resources: readonly Named[], { deleteImages }: AwsContext): Named[] =>
  resources.flatMap(({ resource, name }) => {
    const part = PARTS[resource];
    // A repository that is deleted without its images has none.
    return part === undefined || (part === "image" && !deleteImages) ? [] : [{ resource: part, name }];
  });

/** The parts of what is kept, unless quayside did not create it. */
export const keptPartsOf = <Kept extends Named>(
  kept: readonly Kept[],
  observations: Observations<AwsContext>,
): Kept[] =>
  kept.flatMap((one) => {
    const part = PARTS[one.resource];
    const { node, observed } = observations.get(`${one.resource}/${one.name}`) ?? {};
    const isForeign =
      observed !== undefined && (!isOwnedBy(observed.tags, node?.owner ?? "") || isAdopted(observed.tags));
    return part === undefined || isForeign ? [] : [{ ...one, resource: part }];
  });

/** Reports that the parts were deleted. */
export async function reportParts(parts: readonly Named[], context: AwsContext): Promise<void> {
  for (const { resource, name } of parts)
    await reported({ kind: { kind: resource }, name }, "delete", context, () => Promise.resolve());
}
