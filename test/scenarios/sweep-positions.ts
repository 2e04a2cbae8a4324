import type { RecordedCall } from "../../src/local/index.js";

/** For a read only the end of the run matters: retries of reads have no effect to repeat. */
const READ_FAULTS = ["refused", "aborted before"] as const;
const WRITE_FAULTS = [
  ...READ_FAULTS,
  "throttled",
  "failed after the effect",
  "response lost",
  "aborted after",
  "killed after",
] as const;
export type FaultName = (typeof WRITE_FAULTS)[number];

/** One fault at one call of a run. */
export interface Position {
  readonly fault: FaultName;
  readonly operation: string;
  readonly write: boolean;
  /** Among all calls of the run, from 0. */
  readonly index: number;
  /** Among the run's calls of this operation, from 1. */
  readonly nth: number;
}

export interface SweptCalls {
  /** True for calls that meet faults; `nth` counts the run's calls of the operation, from 1. @defaultValue all */
  readonly only?: (call: RecordedCall, nth: number) => boolean;
  /**
   * Which reads meet faults. Runs that end between the same two writes leave the same account behind:
   * `"telling"` is the last read of each such stretch, and the first of each operation after the first write.
   *
   * @defaultValue `"all"`
   */
  readonly reads?: "all" | "telling";
}

/** Every fault at every call that the sweep is about. */
export function positionsOf(calls: readonly RecordedCall[], { only, reads }: SweptCalls): Position[] {
  const telling = tellingReads(calls);
  const counts = new Map<string, number>();
  return calls.flatMap((call, index): Position[] => {
    const { operation, write } = call;
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    // Who calls is asked beside everything else, and a run does without the answer: see credentials.test.ts.
    if (call.service === "sts") return [];
    if (only?.(call, nth) === false) return [];
    if (reads === "telling" && !write && !telling.has(index)) return [];
    return (write ? WRITE_FAULTS : READ_FAULTS).map((fault) => ({ fault, operation, write, index, nth }));
  });
}

function tellingReads(calls: readonly RecordedCall[]): ReadonlySet<number> {
  const firstWrite = calls.findIndex(({ write }) => write);
  const seen = new Set<string>();
  return new Set(
    calls.flatMap(({ write, operation }, index) => {
      if (write || index < firstWrite - 1) return [];
      const isLast = calls.slice(index + 1).find(({ service }) => service !== "sts")?.write !== false;
      const isNew = !seen.has(operation);
      seen.add(operation);
      return isLast || isNew ? [index] : [];
    }),
  );
}
