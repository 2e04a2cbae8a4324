import type { AwsContext } from "../../aws/context.js";
import { LogReader, type LogLine, type LogSource } from "./log-reader.js";

/** By then, CloudWatch Logs usually shows a written line. */
export const SETTLED_AFTER = 5_000;
const EVERY = 2_000;

/** Yields lines in order of time until the signal fires. Waits for a log group that does not exist yet. */
export async function* followLogs(
  source: LogSource,
  since: number,
  context: AwsContext,
): AsyncGenerator<LogLine, void, void> {
  const { awsTime, clock, signal } = context;
  const reader = new LogReader(source, since, context);
  try {
    for (;;) {
      yield* (await reader.read(awsTime() - SETTLED_AFTER)) ?? [];
      await clock.sleep(EVERY, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
