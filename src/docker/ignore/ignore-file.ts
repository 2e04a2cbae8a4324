import { posix, sep } from "node:path";
import { QuaysideError } from "../../errors.js";
import { compilePattern, type IgnorePattern } from "./ignore-pattern.js";

/** What a directory's patterns have matched, for the paths in it. */
export type Matched = readonly boolean[];

/** The patterns of a `.dockerignore`. Paths are relative to the context, with slashes. */
export class IgnoreFile {
  readonly #patterns: readonly IgnorePattern[];
  /** True if every exception is a plain path, except for its end. */
  readonly #hasPlainExceptions: boolean;

  private constructor(patterns: readonly IgnorePattern[]) {
    this.#patterns = patterns;
    this.#hasPlainExceptions = patterns.every(
      ({ text, isException }) => !isException || !/[*[\]?^\\]/.test(withoutLastWildcard(text)),
    );
  }

  /**
   * Parses a `.dockerignore` as BuildKit does.
   *
   * @param path - for the message
   * @throws QuaysideError `invalid-dockerignore`
   */
  static parse(text: string, path: string): IgnoreFile {
    const patterns = text
      .replace(/^\uFEFF/, "")
      .split("\n")
      .flatMap((line, index) => {
        // Only a line that begins with # is a comment, and only before blanks are removed.
        if (line.startsWith("#") || line.trim() === "") return [];
        const isException = line.trim().startsWith("!");
        const pattern = (isException ? line.trim().slice(1) : line).trim();
        try {
          if (pattern === "") throw new SyntaxError("an exception without a pattern");
          return [compilePattern(cleaned(pattern), isException)];
        } catch (error) {
          throw invalidPattern(path, index + 1, line.trim(), error);
        }
      });
    return new IgnoreFile(patterns);
  }

  /** True if the path is not part of the context, with what its patterns matched, for the paths below it. */
  match(path: string, parent: Matched | undefined): { ignored: boolean; matched: Matched } {
    let ignored = false;
    const matched = this.#patterns.map(({ isException, matches }, index) => {
      // What matches a directory matches everything in it.
      const found = parent?.[index] === true || (isException === ignored && matches(path));
      if (found) ignored = !isException;
      return found;
    });
    return { ignored, matched };
  }

  /** True if an exception may apply to something below the ignored directory. */
  mayInclude(directory: string): boolean {
    const exceptions = this.#patterns.filter(({ isException }) => isException);
    if (exceptions.length === 0 || !this.#hasPlainExceptions) return exceptions.length > 0;
    return exceptions.some(({ text }) => `${withoutLastWildcard(text)}/`.startsWith(`${directory}/`));
  }
}

const withoutLastWildcard = (pattern: string): string => pattern.replace(/\/\*\*$/, "").replace(/\/\*$/, "");

/** The shortest path that means the same, relative to the context. */
function cleaned(pattern: string): string {
  // On Windows, a backslash separates folders and escapes nothing.
  const normal = posix.normalize(sep === "\\" ? pattern.replaceAll("\\", "/") : pattern);
  const path = normal.length > 1 ? normal.replace(/\/$/, "") : normal;
  return path.length > 1 && path.startsWith("/") ? path.slice(1) : path;
}

const invalidPattern = (path: string, line: number, pattern: string, cause: unknown): QuaysideError =>
  new QuaysideError(
    "invalid-dockerignore",
    `Docker cannot read line ${line} of ${path}: ${pattern} is not a valid pattern (${(cause as Error).message})`,
    {
      cause,
      facts: { path, line, pattern },
      fix: "Correct the pattern. A backslash before a bracket makes the bracket an ordinary character: \\[.",
    },
  );
