import type { TagSpecification } from "@aws-sdk/client-ec2";
import { page, type Page } from "../../core/page.js";
import { requireMembers } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";

/** The parts that EC2's requests share: the validation of members, tags and pages. */

export const invalidValue = (message: string): ServiceError =>
  new ServiceError("InvalidParameterValue", message);

export function requireEc2<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
): void {
  requireMembers(
    input,
    names,
    (name) => new ServiceError("MissingParameter", `The request must contain the parameter ${name}`),
  );
}

/** The tags for the resource that is created; rejects a specification for any other type. */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  type: string,
): Map<string, string> {
  const tags = (specifications ?? []).flatMap((specification) => {
    if (specification.ResourceType !== type) {
      throw invalidValue(
        `'${specification.ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    return specification.Tags ?? [];
  });
  if (specifications !== undefined && specifications.length > 0 && tags.length === 0) {
    throw new ServiceError("InvalidParameterValue", "Tag specification must have at least one tag");
  }
  return readTags(tags, invalidValue);
}

export interface PageLimits {
  readonly min: number;
  readonly max: number;
}

export function ec2Page<Item>(
  all: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
  limits: PageLimits = { min: 5, max: 1000 },
): Page<Item> {
  const size = input.MaxResults;
  if (size !== undefined && (size < limits.min || size > limits.max)) {
    throw invalidValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${limits.min} and ${limits.max}.`,
    );
  }
  return page(
    all,
    input.NextToken,
    size ?? limits.max,
    () => new ServiceError("InvalidNextToken", "The specified NextToken is not valid"),
  );
}

/** The resources with the given ids, in that order; all of them if no id is given. Rejects an unknown id. */
export function byIds<Resource>(
  resources: ReadonlyMap<string, Resource>,
  ids: readonly string[] | undefined,
  createError: (id: string) => ServiceError,
): Resource[] {
  if (ids === undefined || ids.length === 0) return [...resources.values()];
  return [...new Set(ids)].map((id) => {
    const resource = resources.get(id);
    if (resource === undefined) throw createError(id);
    return resource;
  });
}
