import type { FilterLogEventsCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsContext } from "../../aws/context.js";
import { messageIncludes } from "../../aws/error-code.js";
import { toBatches } from "../../aws/in-batches.js";
import { ignoreNotFound, isNotFound } from "../../aws/not-found.js";
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
  /** The prefix of the streams' names, or the names: more may be added at any time. */
  readonly streams: { readonly prefix: string } | { readonly names: ReadonlySet<string> };
  /** CloudWatch Logs' filter pattern. */
  readonly filter?: string | undefined;
}

/** How late a line may appear, after one that was written later. */
const OVERLAP = 60_000;
/**
 * How late a line may appear in rare cases: the driver buffers lines (`non-blocking`, ECS's default mode), and an
 * agent may have lost its connection. So far back is read once a minute only.
 */
const LONG_OVERLAP = 5 * 60_000;
const LONG_EVERY = 60_000;
/** FilterLogEvents takes a hundred names. */
const BATCH = 100;

type Streams = Pick<FilterLogEventsCommandInput, "logStreamNamePrefix" | "logStreamNames">;

/**
 * Reads many streams as one, in order of time. CloudWatch Logs shows lines seconds after they were written,
 * and not in order: every read overlaps the one before, and leaves out the lines that were already returned,
 * by their ids.
 */
export class LogReader {
  readonly #source: LogSource;
  readonly #context: AwsContext;
  readonly #since: number;
  /** AWS's time at the last read. */
  #readAt: number | undefined;
  #longReadAt = -Infinity;
  readonly #seen = new Map<string, number>();
  #buffered: LogLine[] = [];
  /** Streams that were found: a container's stream is created when the container starts. */
  readonly #existing = new Set<string>();

  constructor(source: LogSource, since: number, context: AwsContext) {
    this.#source = source;
    this.#since = since;
    this.#context = context;
  }

  /**
   * The new lines that were written by `until`; later ones are kept for the next read. `undefined` if the log
   * group does not exist.
   */
  async read(until: number): Promise<readonly LogLine[] | undefined> {
    const now = this.#context.awsTime();
    const isLong = now - this.#longReadAt >= LONG_EVERY;
    const from = this.#from(isLong ? LONG_OVERLAP : OVERLAP);
    if (!(await this.#readStreams(from)))
      return this.#buffered.length > 0 ? this.#takeUntil(until) : undefined;
    this.#readAt = now;
    if (isLong) this.#longReadAt = now;
    // A line whose id is forgotten is never read again.
    const kept = this.#from(LONG_OVERLAP);
    for (const [id, at] of this.#seen) if (at < kept) this.#seen.delete(id);
    return this.#takeUntil(until);
  }

  /** Yields the lines of each page since the start, in order of time; `undefined` if there is no log group. */
  async *pages(): AsyncGenerator<readonly LogLine[] | undefined, void, void> {
    const { streams } = this.#source;
    const requests: Streams[] =
      "prefix" in streams
        ? [{ logStreamNamePrefix: streams.prefix }]
        : toBatches([...streams.names], BATCH).map((logStreamNames) => ({ logStreamNames }));
    for (const request of requests)
      for await (const page of this.#pagesOf(request, this.#since))
        yield page && inOrderOfTime(page.map(({ line }) => line));
  }

  /** In whole milliseconds, like the events. */
  #from(overlap: number): number {
    return Math.floor(Math.max(this.#since, (this.#readAt ?? -Infinity) - overlap));
  }

  /** Returns false if the log group does not exist. */
  async #readStreams(from: number): Promise<boolean> {
    const { streams } = this.#source;
    if ("prefix" in streams) return this.#keep({ logStreamNamePrefix: streams.prefix }, from);
    const names = [...streams.names];
    const existing = names.filter((name) => this.#existing.has(name));
    const others = names.filter((name) => !this.#existing.has(name));
    for (const batch of [...toBatches(existing, BATCH), ...toBatches(others, BATCH)])
      if (!(await this.#readNamed(batch, from))) return false;
    return true;
  }

  /** CloudWatch Logs refuses the whole request if one of the streams does not exist: the others are read without it. */
  async #readNamed(names: readonly string[], from: number): Promise<boolean> {
    try {
      const isRead = await this.#keep({ logStreamNames: [...names] }, from);
      if (isRead) for (const name of names) this.#existing.add(name);
      return isRead;
    } catch (error) {
      if (!isMissingStream(error)) throw error;
      if (names.length === 1) return true;
      const half = Math.ceil(names.length / 2);
      return (
        (await this.#readNamed(names.slice(0, half), from)) &&
        (await this.#readNamed(names.slice(half), from))
      );
    }
  }

  async #keep(streams: Streams, from: number): Promise<boolean> {
    for await (const page of this.#pagesOf(streams, from)) {
      if (page === undefined) return false;
      for (const { id, line } of page) {
        if (this.#seen.has(id)) continue;
        this.#seen.set(id, line.time.getTime());
        this.#buffered.push(line);
      }
    }
    return true;
  }

  /** A page may be empty and not the last one. */
  async *#pagesOf(streams: Streams, from: number) {
    const { group: logGroupName, filter } = this.#source;
    const { logs } = this.#context.aws;
    const request = {
      logGroupName,
      ...streams,
      startTime: Math.floor(from),
      ...(filter !== undefined && { filterPattern: filter }),
    };
    for await (const page of pages("nextToken", (next) =>
      unlessMissingGroup(logs.filterLogEvents({ ...request, ...next })),
    )) {
      yield (
        page &&
        (page.events ?? []).map(({ eventId = "", timestamp = 0, logStreamName = "", message = "" }) => {
          const line: LogLine = {
            time: new Date(timestamp),
            stream: logStreamName,
            ...writerOf(logStreamName, this.#source, message),
          };
          return { id: eventId, line };
        })
      );
    }
  }

  #takeUntil(until: number): LogLine[] {
    const inOrder = inOrderOfTime(this.#buffered);
    this.#buffered = inOrder.filter(({ time }) => time.getTime() > until);
    return inOrder.filter(({ time }) => time.getTime() <= until);
  }
}

/**
 * The container and the task of a line: from `{prefix}/{container}/{task}` of the driver `awslogs`, or from
 * `{prefix}{container}-firelens-{task}` of a log router, whose record has the line in its member `log`.
 */
function writerOf(
  stream: string,
  { streams }: LogSource,
  message: string,
): Pick<LogLine, "container" | "task" | "message"> {
  const prefix = "prefix" in streams ? streams.prefix : "";
  const [, routed, taskOfRouted] = /^(.+)-firelens-([0-9a-f]+)$/.exec(stream.slice(prefix.length)) ?? [];
  if (routed !== undefined && taskOfRouted !== undefined)
    return { container: routed, task: taskOfRouted, message: lineOfRecord(message) };
  const [container = "", task = ""] = stream.split("/").slice(-2);
  return { container, task, message };
}

function lineOfRecord(message: string): string {
  try {
    const record = JSON.parse(message) as { readonly log?: unknown } | null;
    return typeof record?.log === "string" ? record.log : message;
  } catch {
    return message;
  }
}

const inOrderOfTime = (lines: readonly LogLine[]): LogLine[] =>
  [...lines].sort((one, other) => one.time.getTime() - other.time.getTime());

/** CloudWatch Logs has one code for a missing group and a missing stream; only the message tells them apart. */
const isMissingStream = (error: unknown): boolean =>
  isNotFound(error) && messageIncludes(error, "log stream");

async function unlessMissingGroup<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissingStream(error)) throw error;
    return ignoreNotFound(Promise.reject(error as Error));
  }
}
