import type { ServiceError } from "./service-error.js";

export interface Page<Item> {
  readonly items: Item[];
  readonly nextToken: string | undefined;
}

/** One page of a list. The token is opaque to callers: it encodes where the next page starts. */
export function page<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
  badToken: () => ServiceError,
): Page<Item> {
  const start = token === undefined ? 0 : readToken(token);
  if (start === undefined) throw badToken();
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? writeToken(end) : undefined };
}

const writeToken = (offset: number): string => Buffer.from(`page:${offset}`).toString("base64url");

function readToken(token: string): number | undefined {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
