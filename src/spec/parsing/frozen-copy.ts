/** Stands in a copy where the value contains itself: nothing that an option may be. */
export const CYCLE: object = Object.freeze(new (class Cycle {})());

/**
 * A deep, frozen copy of plain data. What the caller does to his own objects afterwards cannot reach
 * a chain, and nobody who reads a spec can change it. Anything that is not a plain object or an array
 * (a function, a class instance) is passed through as it is.
 */
export function frozenCopy<T>(value: T, inside: readonly unknown[] = []): T {
  if (inside.includes(value)) return CYCLE as T;
  if (Array.isArray(value)) {
    const around = [...inside, value];
    return Object.freeze(value.map((item: unknown) => frozenCopy(item, around))) as T;
  }
  if (!isPlainObject(value)) return value;
  const around = [...inside, value];
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // Not by assignment: a key named `__proto__` is a key like any other.
    Object.defineProperty(copy, key, { value: frozenCopy(item, around), enumerable: true });
  }
  return Object.freeze(copy) as T;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // By its shape rather than by identity: objects from another realm (vm, Jest) are plain, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
