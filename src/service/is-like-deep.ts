/** True if every described member is reported with the same value; lists may have more items. */
export function isLikeDeep(described: unknown, reported: unknown): boolean {
  if (Array.isArray(described) && Array.isArray(reported))
    return described.every((item) => reported.some((one) => isLikeDeep(item, one)));
  if (typeof described !== "object" || described === null) return described === reported;
  return Object.entries(described).every(([key, value]) =>
    isLikeDeep(value, (reported as Record<string, unknown> | undefined)?.[key]),
  );
}
