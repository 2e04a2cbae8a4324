/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The seed of a region, so that the regions of one account have different identifiers. */
export const regionalSeed = (seed: number, region: string): number =>
  [...region].reduce(
    (mixed, letter) => Math.imul(mixed ^ letter.charCodeAt(0), 16777619) >>> 0,
    seed + 2166136261,
  );

/** Fresh lower-case hexadecimal identifiers, drawn from `random`. */
export function hexIds(random: () => number): (length: number) => string {
  return (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
}
