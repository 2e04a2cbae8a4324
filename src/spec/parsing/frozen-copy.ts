/** Stands in a copy for what cannot be copied. No option accepts it. */
export class Uncopied {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
    Object.freeze(this);
  }
}

const CYCLE = new Uncopied("an object that contains itself");
/** More than any option needs: a condition of a policy is seven deep. */
const MAX_DEPTH = 32;
const TOO_DEEP = new Uncopied(`an object nested more than ${MAX_DEPTH} deep`);

/**
 * Returns a deep, frozen copy of plain data. Later changes to the caller's objects do not affect a chain,
 * and a spec cannot be changed by its readers. Anything other than a plain object or an array (a function,
 * a class instance) is returned as is.
 */
export function frozenCopy<T>(value: T, ancestors: readonly unknown[] = []): T {
  const isArray = Array.isArray(value);
  if (!isArray && !isPlainObject(value)) return value;
  if (ancestors.includes(value)) return CYCLE as T;
  if (ancestors.length >= MAX_DEPTH) return TOO_DEEP as T;
  const path = [...ancestors, value];
  // Not `map`, which leaves the holes of an array, and no check would see them.
  if (isArray) return Object.freeze(Array.from(value, (item: unknown) => frozenCopy(item, path))) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value as object)) {
    // Not an assignment: that would set the prototype for a key named `__proto__`.
    Object.defineProperty(copy, key, { value: frozenCopy(item, path), enumerable: true });
  }
  return Object.freeze(copy) as T;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Tested by shape, not identity: objects from another realm (vm, Jest) are plain, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
