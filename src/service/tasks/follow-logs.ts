import type { AwsContext } from "../../aws/context.js";
import { LogReader, type LogLine, type LogSource } from "./log-reader.js";

/** By then, CloudWatch Logs usually shows a written line. */
export const SETTLED_AFTER = 5_000;
const EVERY = 2_000;

/** Yields the lines of all sources in order of time until the signal fires. Waits for a log group that does not exist yet. */
export async function* followLogs(
  sources: readonly LogSource[],
  since: number,
  context: AwsContext,
): AsyncGenerator<LogLine, void, void> {
  const { awsTime, clock, signal } = context;
  const readers = sources.map((source) => new LogReader(source, since, context));
  try {
    for (;;) {
      const until = awsTime() - SETTLED_AFTER;
      const read = await Promise.all(readers.map((reader) => reader.read(until)));
      yield* inOrder(read.flatMap((lines) => lines ?? []));
      await clock.sleep(EVERY, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const inOrder = (lines: readonly LogLine[]): LogLine[] =>
  [...lines].sort((one, other) => one.time.getTime() - other.time.getTime());

/** Yields the lines of all sources since a time, in order; `undefined` for a source without a log group. */
export async function* mergedLogs(
  sources: readonly LogSource[],
  since: number,
  context: AwsContext,
): AsyncGenerator<LogLine | undefined, void, void> {
  // Page by page: the lines of days do not fit into memory.
  const open = sources.map((source) => linesOf(new LogReader(source, since, context)));
  const heads = await Promise.all(open.map((lines) => lines.next()));
  for (;;) {
    let first = -1;
    heads.forEach((head, index) => {
      const best = heads[first];
      if (head.done !== true && (best === undefined || timeOf(head.value) < timeOf(best.value)))
        first = index;
    });
    const head = heads[first];
    if (head === undefined) return;
    yield head.value as LogLine | undefined;
    heads[first] = await open[first]!.next();
  }
}

async function* linesOf(reader: LogReader): AsyncGenerator<LogLine | undefined, void, void> {
  for await (const page of reader.pages()) {
    if (page === undefined) yield undefined;
    else yield* page;
  }
}

const timeOf = (line: LogLine | undefined | void): number => line?.time.getTime() ?? -Infinity;
