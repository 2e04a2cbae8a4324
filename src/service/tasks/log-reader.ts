import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { pages } from "../../aws/paginate.js";

/** A line that a container has written. */
export interface LogLine {
  readonly time: Date;
  readonly stream: string;
  readonly container: string;
  /** The task's id. */
  readonly task: string;
  readonly message: string;
}

export interface LogSource {
  readonly group: string;
  /** The prefix of the streams' names, or the names, 100 at most. */
  readonly streams: { readonly prefix: string } | { readonly names: readonly string[] };
  /** CloudWatch Logs' filter pattern. */
  readonly filter?: string | undefined;
}

/** How late a line may appear, after one that was written later. */
const OVERLAP = 60_000;

/**
 * Reads many streams as one, in order of time. CloudWatch Logs shows lines seconds after they were written,
 * and not in order: every read overlaps the one before, and leaves out the lines that were already returned,
 * by their ids.
 */
export class LogReader {
  readonly #source: LogSource;
  readonly #context: AwsContext;
  readonly #since: number;
  #from: number;
  readonly #seen = new Map<string, number>();
  #buffered: LogLine[] = [];

  constructor(source: LogSource, since: number, context: AwsContext) {
    this.#source = source;
    this.#since = since;
    this.#from = since;
    this.#context = context;
  }

  /**
   * The new lines that were written by `until`; later ones are kept for the next read. `undefined` if the log
   * group does not exist.
   */
  async read(until: number): Promise<readonly LogLine[] | undefined> {
    const { group, streams, filter } = this.#source;
    const now = this.#context.awsTime();
    const request = {
      logGroupName: group,
      ...("prefix" in streams
        ? { logStreamNamePrefix: streams.prefix }
        : { logStreamNames: [...streams.names] }),
      startTime: Math.floor(this.#from),
      ...(filter !== undefined && { filterPattern: filter }),
    };
    const { logs } = this.#context.aws;
    // A page may be empty and not the last one.
    for await (const page of pages("nextToken", (next) =>
      ignoreNotFound(logs.filterLogEvents({ ...request, ...next })),
    )) {
      if (page === undefined) return this.#buffered.length > 0 ? this.#takeUntil(until) : undefined;
      for (const { eventId = "", timestamp = 0, logStreamName = "", message = "" } of page.events ?? []) {
        if (this.#seen.has(eventId)) continue;
        this.#seen.set(eventId, timestamp);
        const [container = "", task = ""] = logStreamName.split("/").slice(-2);
        this.#buffered.push({ time: new Date(timestamp), stream: logStreamName, container, task, message });
      }
    }
    // In whole milliseconds, like the events: a line whose id is forgotten is never read again.
    this.#from = Math.floor(Math.max(this.#since, now - OVERLAP));
    for (const [id, at] of this.#seen) if (at < this.#from) this.#seen.delete(id);
    return this.#takeUntil(until);
  }

  #takeUntil(until: number): LogLine[] {
    const inOrder = [...this.#buffered].sort((one, other) => one.time.getTime() - other.time.getTime());
    this.#buffered = inOrder.filter(({ time }) => time.getTime() > until);
    return inOrder.filter(({ time }) => time.getTime() <= until);
  }
}
