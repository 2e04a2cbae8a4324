import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { suggest } from "../parsing/suggest.js";
import { UNSUPPORTED } from "./unsupported.js";

/** The path of what has no member to name. */
const ROOT = "taskDefinition";

/**
 * One object of a task definition's JSON. Members that are `null`, or an empty list, count as absent, as for ECS.
 * `close()` reports every member that was not read: nothing is dropped in silence.
 */
export class JsonReader {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #issues: Issues;
  readonly #read = new Set<string>();

  constructor(given: unknown, path: string, issues: Issues) {
    this.#values = isPlainObject(given) ? given : {};
    this.#path = path;
    this.#issues = issues;
    if (!isPlainObject(given))
      issues.add(path === "" ? ROOT : path, `must be an object; got ${formatValue(given)}`);
  }

  pathOf(key: string): string {
    return this.#path === "" && key !== "" ? key : `${this.#path === "" ? ROOT : this.#path}.${key}`;
  }

  issue(key: string, message: string): void {
    this.#issues.add(this.pathOf(key), message);
  }

  raw(key: string): unknown {
    this.#read.add(key);
    const value = this.#values[key];
    return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "string") return value;
    this.issue(key, `must be a string; got ${formatValue(value)}`);
    return undefined;
  }

  number(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "number") return value;
    this.issue(key, `must be a number; got ${formatValue(value)}`);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "boolean") return value;
    this.issue(key, `must be true or false; got ${formatValue(value)}`);
    return undefined;
  }

  /** A duration in seconds, as the chain writes it. */
  seconds(key: string): string | undefined {
    const value = this.number(key);
    return value === undefined ? undefined : `${value}s`;
  }

  texts(key: string): string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as string[];
    this.issue(key, `must be an array of strings; got ${formatValue(value)}`);
    return undefined;
  }

  map(key: string): Record<string, string> | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (isPlainObject(value) && Object.values(value).every((item) => typeof item === "string"))
      return Object.keys(value).length === 0 ? undefined : (value as Record<string, string>);
    this.issue(key, `must be an object of names and strings; got ${formatValue(value)}`);
    return undefined;
  }

  /** Reads an object with `read`, which must read every member that has a word. */
  object<T>(key: string, read: (reader: JsonReader) => T): T | undefined {
    const value = this.raw(key);
    if (value === undefined || (isPlainObject(value) && Object.keys(value).length === 0)) return undefined;
    return readWhole(new JsonReader(value, this.pathOf(key), this.#issues), read);
  }

  list<T>(key: string, read: (reader: JsonReader) => T): T[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.issue(key, `must be an array; got ${formatValue(value)}`);
      return [];
    }
    // Not `map`, which leaves the holes of an array.
    return Array.from(value, (item: unknown, index) =>
      readWhole(new JsonReader(item, `${this.pathOf(key)}.${index}`, this.#issues), read),
    );
  }

  /** Named items as a map; the chain has each name once. */
  named<T>(key: string, name: string, read: (reader: JsonReader) => T): Record<string, T> | undefined {
    const entries = this.list(key, (item) => [item.text(name), read(item)] as const);
    const all = new Map<string, T>();
    for (const [index, [each, value]] of entries.entries()) {
      const at = `${key}.${index}.${name}`;
      if (each === undefined) this.issue(at, "is required");
      else if (all.has(each)) this.issue(at, `must be unique: the chain has one ${JSON.stringify(each)}`);
      else all.set(each, value);
    }
    return all.size === 0 ? undefined : Object.fromEntries(all);
  }

  /** Leaves out members without a meaning for the description. */
  skip(...keys: readonly string[]): void {
    for (const key of keys) this.#read.add(key);
  }

  close(): void {
    const known = [...this.#read];
    for (const key of Object.keys(this.#values)) {
      if (this.#read.has(key) || this.raw(key) === undefined) continue;
      const path = this.pathOf(key);
      const member = path.replace(/\.\d+(?=\.|$)/g, "");
      const reason = Object.hasOwn(UNSUPPORTED, member) ? UNSUPPORTED[member] : undefined;
      const near = suggest(key, known);
      this.issue(
        key,
        reason ?? `is not a member that quayside knows${near === undefined ? "" : `; did you mean ${near}?`}`,
      );
    }
  }
}

function readWhole<T>(reader: JsonReader, read: (reader: JsonReader) => T): T {
  const value = read(reader);
  reader.close();
  return value;
}
