/**
 * Appends to a record that must not grow without end, as a local cloud may run for days: at least the newest `most`
 * items are kept. The oldest go several at a time, as each removal moves the rest.
 */
export function appendBounded<T>(record: T[], item: T, most: number): void {
  record.push(item);
  if (record.length >= most + Math.max(1, most / 4)) record.splice(0, record.length - most);
}

/** How much of each record is kept at least. AWS keeps scaling activities for six weeks, and rollouts for 90 days. */
export const RECORDED = {
  calls: 50_000,
  logLinesOfStream: 100_000,
  activities: 1_000,
  serviceDeployments: 1_000,
  invocations: 1_000,
} as const;
