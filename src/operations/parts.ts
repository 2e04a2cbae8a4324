import type { AwsContext } from "../aws/context.js";
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

/** The context in which the deletion of a resource is followed by that of its parts. */
export function withParts(context: AwsContext): AwsContext {
  const { emit } = context;
  return {
    ...context,
    emit: (event) => {
      emit(event);
      if (event.type !== "finished" || event.action !== "delete") return;
      const needs = [`${event.resource}/${event.name}`];
      for (const part of partsOf([event], context)) {
        const step = { at: event.at, ...part, action: "delete" as const };
        emit({ type: "started", ...step, needs });
        emit({ type: "finished", ...step, seconds: 0 });
      }
    },
  };
}
