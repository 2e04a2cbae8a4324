/** No option has a name of this length, and the distance takes the product of both. */
const MAX_LENGTH = 100;

/** Returns the known word closest to a typo, or `undefined` if none is close enough. */
export function suggest(typo: string, words: readonly string[]): string | undefined {
  if (typo.length > MAX_LENGTH) return undefined;
  const wanted = typo.toLowerCase();
  const sameWords = words.find((word) => wordsIn(word) === wordsIn(typo));
  if (sameWords !== undefined) return sameWords;
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(wanted, word.toLowerCase());
    if (distance <= Math.max(1, Math.floor(word.length / 3)) && distance < (best?.distance ?? Infinity)) {
      best = { word, distance };
    }
  }
  return best?.word;
}

/** The words of a name in alphabetical order: `checkHealth` has those of `healthCheck`. */
const wordsIn = (name: string): string =>
  name
    .split(/(?=[A-Z])|[-_ ]/)
    .map((word) => word.toLowerCase())
    .sort()
    .join(" ");

/** The Levenshtein distance, in which two letters that have changed places count as one mistake. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1, swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
}
