import { page } from "../../core/page.js";
import { validationError } from "./service-errors.js";

interface PagedInput {
  readonly Marker?: string | undefined;
  readonly PageSize?: number | undefined;
}

/** ELB's pagination: Marker and NextMarker, at most 400 per page. */
export function elbPage<Item>(
  all: readonly Item[],
  input: PagedInput,
): { items: Item[]; next: { NextMarker?: string } } {
  const size = input.PageSize ?? 400;
  if (size < 1 || size > 400) throw validationError("PageSize must be between 1 and 400");
  const { items, nextToken } = page(all, input.Marker, size, () =>
    validationError("The marker is not valid"),
  );
  return { items, next: nextToken === undefined ? {} : { NextMarker: nextToken } };
}

/** Describe calls accept at most 20 ARNs or names. */
export function checkBatch(kind: string, ids: readonly string[] | undefined): void {
  if (ids !== undefined && ids.length > 20) {
    throw validationError(`The maximum number of ${kind} you can specify in a single request is '20'`);
  }
}
