import { nameProblem, type NameRule } from "../names.js";
import { DURATION_EXAMPLES, formatDuration, parseDuration } from "./duration.js";
import { formatValue, oneOf } from "./format-value.js";
import { isPlainObject } from "./frozen-copy.js";
import type { Issues } from "./issues.js";
import { suggest } from "./suggest.js";
import { toPath } from "./to-path.js";

export interface Range {
  readonly min: number;
  /** `undefined`: no upper limit. */
  readonly max?: number;
}

/**
 * Validates one options object. Every method returns `undefined` for an option that is absent or invalid,
 * and reports an invalid one. `close()` reports the options that were never read as unknown.
 */
export class OptionsReader<Options> {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();
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
    this.#read.add(key);
    return this.#values[key];
  }

  string(key: keyof Options & string, what = "a non-empty string"): string | undefined {
    return this.#check(key, (value) => typeof value === "string" && value !== "", `must be ${what}`);
  }

  /** The path of a file or a directory; a `file:` URL is one, too. */
  path(key: keyof Options & string, what = "a path"): string | undefined {
    const value = this.raw(key);
    const path = toPath(value);
    if (value === undefined) return undefined;
    if (typeof path === "string" && path !== "" && !path.includes("\0")) return path;
    this.issue(key, `must be ${what}; got ${formatValue(value)}`);
    return undefined;
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
    return this.#check(key, (value) => typeof value === "boolean", "must be true or false");
  }

  integer(key: keyof Options & string, range: Range, unit = ""): number | undefined {
    const limits = range.max === undefined ? `of ${range.min} or more` : `from ${range.min} to ${range.max}`;
    return this.#check(
      key,
      (value) => Number.isSafeInteger(value) && isWithin(value as number, range),
      `must be a whole number ${limits}${unit}`,
    );
  }

  /** A finite number; `above` is excluded. */
  number(
    key: keyof Options & string,
    { min, above }: { readonly min?: number; readonly above?: number },
  ): number | undefined {
    const limits = above !== undefined ? ` above ${above}` : min === undefined ? "" : ` of ${min} or more`;
    const isValid = (value: unknown) =>
      Number.isFinite(value) &&
      (value as number) >= (min ?? -Infinity) &&
      (value as number) > (above ?? -Infinity);
    return this.#check(key, isValid, `must be a number${limits}`);
  }

  /** An array of non-empty strings. */
  list(key: keyof Options & string, what: string): readonly string[] | undefined {
    const isText = (item: unknown) => typeof item === "string" && item !== "";
    return this.#check(
      key,
      (value) => Array.isArray(value) && value.every(isText),
      `must be an array of strings, the ${what}`,
    );
  }

  /** Returns seconds. */
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
    this.issue(key, `must be a duration ${limits}, such as ${DURATION_EXAMPLES}; got ${formatValue(value)}`);
    return undefined;
  }

  /** One of a few words. */
  oneOf<const Word extends string>(key: keyof Options & string, words: readonly Word[]): Word | undefined {
    return this.#check(
      key,
      (value) => words.includes(value as Word),
      `must be ${oneOf(words.map((word) => `"${word}"`))}`,
    );
  }

  /** A list of non-empty strings, which may be empty. */
  strings(key: keyof Options & string): readonly string[] | undefined {
    return this.#check(
      key,
      (value) => Array.isArray(value) && value.every((item) => typeof item === "string" && item !== ""),
      "must be an array of non-empty strings",
    );
  }

  /** An object, whose values the caller checks. */
  object(key: keyof Options & string): Readonly<Record<string, unknown>> | undefined {
    return this.#check(key, isPlainObject, "must be an object");
  }

  /** A map of non-empty names and strings. */
  map(key: keyof Options & string): Readonly<Record<string, string>> | undefined {
    return this.#check(
      key,
      (value) =>
        isPlainObject(value) &&
        Object.entries(value).every(([name, text]) => name !== "" && typeof text === "string"),
      "must be an object of names and strings",
    );
  }

  /** A command line as an array of words. */
  words(key: keyof Options & string): readonly string[] | undefined {
    return this.#check(
      key,
      (value) => Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string"),
      'must be an array of strings, one per word: ["node", "server.mjs"]',
    );
  }

  /** One pattern or several. */
  patterns(key: keyof Options & string, example: string): readonly string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const wrong = list.findIndex((item) => typeof item !== "string" || item === "");
    if (list.length > 0 && wrong < 0) return list as readonly string[];
    const got =
      Array.isArray(value) && wrong >= 0 ? `an array with ${formatValue(list[wrong])}` : formatValue(value);
    this.issue(key, `must be one pattern or an array of patterns, such as ${example}; got ${got}`);
    return undefined;
  }

  /** Reports unknown options: those that were never read. */
  close(): void {
    const known = [...this.#read];
    for (const key of Object.keys(this.#values)) {
      if (!this.#read.has(key)) this.#issues.add(`${this.#path}.${key}`, unknownOption(key, known));
    }
  }

  #check<T>(key: keyof Options & string, isValid: (value: unknown) => boolean, must: string): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (isValid(value)) return value as T;
    this.issue(key, `${must}; got ${formatValue(value)}`);
    return undefined;
  }
}

export function unknownOption(key: string, known: readonly string[]): string {
  const near = suggest(key, known);
  return near === undefined
    ? `unknown option; valid options: ${known.join(", ")}`
    : `unknown option; did you mean ${near}?`;
}

function isWithin(value: number, range: Range): boolean {
  return value >= range.min && value <= (range.max ?? Infinity);
}
