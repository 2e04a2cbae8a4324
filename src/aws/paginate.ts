import { hasErrorCode } from "./error-code.js";

/** The field of a request that asks for the next page, by the service's own spelling. */
export type TokenField = "nextToken" | "NextToken" | "PaginationToken" | "Marker";

/** The part of a request that asks for the next page: empty for the first page, then a token. */
export type PageRequest<Field extends TokenField> = { readonly [F in Field]?: string };

/**
 * The pages of a list, each requested only once the one before has been handled. A page that is
 * `undefined` (its list was not found) is the last one.
 *
 * @param field - the request's token; the answer has it under the same name, but for ELB's `NextMarker`
 */
export async function* pages<Field extends TokenField, Page extends object | undefined>(
  field: Field,
  read: (next: PageRequest<Field>) => Promise<Page>,
): AsyncGenerator<Page, void, void> {
  let token: string | undefined;
  do {
    const page = await read((token === undefined ? {} : { [field]: token }) as PageRequest<Field>);
    yield page;
    token = nextToken(field, page);
  } while (token !== undefined);
}

/** The items of all pages of a list. */
export async function paginate<Field extends TokenField, Page extends object | undefined, Item>(
  field: Field,
  read: (next: PageRequest<Field>) => Promise<Page>,
  itemsOf: (page: NonNullable<Page>) => readonly Item[] | undefined,
): Promise<Item[]> {
  for (let startsLeft = 3; ; startsLeft--) {
    const items: Item[] = [];
    try {
      for await (const page of pages(field, read)) {
        if (page !== undefined) items.push(...(itemsOf(page) ?? []));
      }
      return items;
    } catch (error) {
      // The tagging API's tokens are valid for 15 minutes only: the list is read from its first page again.
      if (startsLeft === 0 || !hasErrorCode(error, "PaginationTokenExpiredException")) throw error;
    }
  }
}

interface Answer {
  readonly [field: string]: unknown;
}

/** Some services end their lists with an empty token; IAM's may have a marker and be complete. */
function nextToken(field: TokenField, page: object | undefined): string | undefined {
  const answer = (page ?? {}) as Answer;
  const token =
    field === "Marker"
      ? (answer.NextMarker ?? (answer.IsTruncated === true && answer.Marker))
      : answer[field];
  return typeof token === "string" && token !== "" ? token : undefined;
}
