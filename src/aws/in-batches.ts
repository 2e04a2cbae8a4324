/** The items in lists of at most `size`, in their order. */
export function toBatches<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}

/** Calls once for each batch of items, one call after the other, and returns all results as one list. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  call: (batch: Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const batch of toBatches(items, size)) results.push(...(await call(batch)));
  return results;
}
