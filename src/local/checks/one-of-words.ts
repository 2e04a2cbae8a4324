import { formatValue, oneOf } from "../../spec/parsing/format-value.js";
import type { OptionsReader } from "../../spec/parsing/options-reader.js";

type Options = Readonly<Record<string, unknown>>;

/** Reads one of several words, and reports any other value. */
export function oneOfWords(
  options: OptionsReader<Options>,
  key: string,
  words: readonly string[],
): string | undefined {
  const value = options.raw(key);
  if (value === undefined || words.includes(value as string)) return value as string | undefined;
  const wanted = oneOf(words.map((word) => `"${word}"`));
  options.issue(key, `must be ${wanted}; got ${formatValue(value)}`);
  return undefined;
}
