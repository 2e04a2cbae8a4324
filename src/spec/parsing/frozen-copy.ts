/** The placeholder for a circular reference in a copy. No option accepts it. */
export const CYCLE: object = Object.freeze(new (class Cycle {})());

/**
 * Returns a deep, frozen copy of plain data. Later changes to the caller's objects do not affect a chain,
 * and a spec cannot be changed by its readers. Anything other than a plain object or an array (a function,
 * a class instance) is returned as is.
 */
export function frozenCopy<T>(value: T, ancestors: readonly unknown[] = []): T {
  if (ancestors.includes(value)) return CYCLE as T;
  if (Array.isArray(value)) {
    const path = [...ancestors, value];
    return Object.freeze(value.map((item: unknown) => frozenCopy(item, path))) as T;
  }
  if (!isPlainObject(value)) return value;
  const path = [...ancestors, value];
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
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
