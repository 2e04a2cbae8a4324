import { nameProblem, type NameRule } from "../names.js";
import { DURATION_EXAMPLES, formatDuration, parseDuration } from "./duration.js";
import { formatValue } from "./format-value.js";
import { isPlainObject } from "./frozen-copy.js";
import type { Issues } from "./issues.js";
import { suggest } from "./suggest.js";

export interface Range {
  readonly min: number;
  /** Absent: no upper limit. */
  readonly max?: number;
}

/**
 * Reads one options object at the door. Every method answers `undefined` for what is absent or wrong,
 * and reports what is wrong; what nobody asked for by the time of `close()` is a typo.
 */
export class OptionsReader<Options> {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  readonly #path: string;
  readonly #issues: Issues;

  constructor(options: unknown, path: string, issues: Issues) {
    this.#path = path;
    this.#issues = issues;
    this.#values = isPlainObject(options) ? options : {};
    if (options !== undefined && !isPlainObject(options)) {
      issues.add(path, `must be an object of options; got ${formatValue(options)}`);
    }
  }

  pathOf(key: keyof Options & string): string {
    return `${this.#path}.${key}`;
  }

  issue(key: keyof Options & string, message: string): void {
    this.#issues.add(this.pathOf(key), message);
  }

  raw(key: keyof Options & string): unknown {
    this.#asked.add(key);
    return this.#values[key];
  }

  string(key: keyof Options & string, what = "a non-empty string"): string | undefined {
    return this.#read(key, (value) => typeof value === "string" && value !== "", `must be ${what}`);
  }

  name(key: keyof Options & string, rule: NameRule): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const problem = nameProblem(rule, value);
    if (problem === undefined) return value as string;
    this.issue(key, problem);
    return undefined;
  }

  boolean(key: keyof Options & string): boolean | undefined {
    return this.#read(key, (value) => typeof value === "boolean", "must be true or false");
  }

  integer(key: keyof Options & string, range: Range, unit = ""): number | undefined {
    const limits = range.max === undefined ? `of ${range.min} or more` : `from ${range.min} to ${range.max}`;
    return this.#read(
      key,
      (value) => Number.isSafeInteger(value) && isWithin(value as number, range),
      `must be a whole number ${limits}${unit}`,
    );
  }

  /** Seconds. */
  duration(key: keyof Options & string, range: Range): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const seconds = parseDuration(value);
    if (seconds !== undefined && isWithin(seconds, range)) return seconds;
    const { min, max } = range;
    const limits =
      max === undefined
        ? `of ${formatDuration(min)} or more`
        : `from ${formatDuration(min)} to ${formatDuration(max)}`;
    this.issue(
      key,
      `must be a duration ${limits}, written like ${DURATION_EXAMPLES}; got ${formatValue(value)}`,
    );
    return undefined;
  }

  /** The words of a command line. */
  words(key: keyof Options & string): readonly string[] | undefined {
    return this.#read(
      key,
      (value) => Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string"),
      'must be an array of strings, one per word: ["node", "server.mjs"]',
    );
  }

  /** One string or several. */
  oneOrMore(key: keyof Options & string, example: string): readonly string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > 0 && list.every((item) => typeof item === "string" && item !== "")) {
      return list as readonly string[];
    }
    this.issue(
      key,
      `must be one pattern or an array of patterns, such as ${example}; got ${formatValue(value)}`,
    );
    return undefined;
  }

  /** Reports the keys that nobody asked for. */
  close(): void {
    const known = [...this.#asked];
    for (const key of Object.keys(this.#values)) {
      if (!this.#asked.has(key)) this.#issues.add(`${this.#path}.${key}`, unknownOption(key, known));
    }
  }

  #read<T>(key: keyof Options & string, isRight: (value: unknown) => boolean, must: string): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (isRight(value)) return value as T;
    this.issue(key, `${must}; got ${formatValue(value)}`);
    return undefined;
  }
}

export function unknownOption(key: string, known: readonly string[]): string {
  const near = suggest(key, known);
  return near === undefined
    ? `unknown option; there are: ${known.join(", ")}`
    : `unknown option; did you mean ${near}?`;
}

function isWithin(value: number, range: Range): boolean {
  return value >= range.min && value <= (range.max ?? Infinity);
}
