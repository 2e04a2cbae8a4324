import { page } from "../../core/page.js";
import { badToken, invalidParameter } from "./service-errors.js";

/** ECS's pagination: `maxResults` and `nextToken`. */
export function ecsPage<Item>(
  all: readonly Item[],
  input: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
  size = 100,
): { readonly items: Item[]; readonly next: { readonly nextToken?: string } } {
  const { maxResults = size } = input;
  if (maxResults < 1 || maxResults > 100) throw invalidParameter("maxResults must be between 1 and 100.");
  const { items, nextToken } = page(all, input.nextToken, maxResults, badToken);
  return { items, next: nextToken === undefined ? {} : { nextToken } };
}
