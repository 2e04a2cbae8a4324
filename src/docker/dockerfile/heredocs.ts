import { expandWords } from "./shell-words.js";

export interface Heredoc {
  /** The line that ends it. */
  readonly name: string;
  /** True for `<<-`: tabs before the last line are ignored. */
  readonly isIndented: boolean;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** The heredocs that a line of RUN, COPY or ADD opens: only whole shell words outside of quotes. */
export function heredocsOf(line: string): Heredoc[] {
  let words: string[];
  try {
    words = expandWords(line, { escape: "\\", variables: NONE, verbatim: true, keepUnset: true });
  } catch {
    // The line is for the shell: BuildKit takes one that it cannot split as it is.
    return [];
  }
  return words.flatMap((word) => heredocOf(word) ?? []);
}

/** The heredoc that a word opens: `<<EOF`, `<<-EOF`, `<< EOF`, `3<<"EOF"`. */
export function heredocOf(word: string): Heredoc | undefined {
  const [, dash, written = ""] = /^\d*<<(-?)\s*([^<]*)$/u.exec(word) ?? [];
  if (written === "") return undefined;
  const [name, ...others] = expandWords(written, { escape: "\\", variables: NONE, keepUnset: true });
  return name === undefined || others.length > 0 ? undefined : { name, isIndented: dash === "-" };
}
