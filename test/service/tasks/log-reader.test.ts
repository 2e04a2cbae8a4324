import { describe, expect, test } from "vitest";
import { createContext } from "../../../src/aws/create-context.js";
import { localCloud, type LocalCloud } from "../../../src/local/index.js";
import { followLogs } from "../../../src/service/tasks/follow-logs.js";
import { putLogLine } from "../../../src/local/services/logs/put-log-line.js";
import { LogReader, type LogLine } from "../../../src/service/tasks/log-reader.js";

const logGroupName = "talk-service";
const MINUTE = 60_000;

interface Written {
  readonly stream: string;
  readonly message: string;
  /** Milliseconds from the start, by the container's clock. */
  readonly at: number;
  /** So much later, in milliseconds, it can be read. */
  readonly lag: number;
}

/** Writes the lines when their time comes, follows the group meanwhile, and returns what it gave. */
async function follow(lines: readonly Written[], filter?: string): Promise<LogLine[]> {
  const cloud = localCloud({ clock: "virtual" });
  await cloud.ports.logs.createLogGroup({ logGroupName });
  const start = Math.floor(cloud.clock.now());
  for (const line of lines) schedule(cloud, line, start);
  const abort = new AbortController();
  const context = await createContext(cloud, { signal: abort.signal, emit: () => {} });
  const read: LogLine[] = [];
  const source = { group: logGroupName, streams: { prefix: "web/" }, filter };
  const following = (async () => {
    for await (const line of followLogs([source], start, context)) read.push(line);
  })();
  await cloud.clock.sleep(5 * MINUTE);
  abort.abort();
  await following;
  await cloud.close();
  return read;
}

function schedule({ account }: LocalCloud, { stream, message, at, lag }: Written, start: number): void {
  // The local cloud itself shows a line two seconds after it was written.
  account.clock.schedule(
    at + Math.max(0, lag - 2_000),
    () => {
      const { streams } = account.logs.groups.get(logGroupName)!;
      const events = streams.get(stream) ?? [];
      streams.set(stream, [...events, { id: account.hex(56), timestamp: start + at, message }]);
    },
    "background",
  );
}

/** Without chance, and yet no two alike for a while. */
const scattered = (index: number, below: number): number => (index * 7919) % below;

const messagesOf = (lines: readonly { readonly message: string }[]) => lines.map(({ message }) => message);

describe("following many streams", () => {
  test("gives every line once, in order of time, although each can be read at another moment", async () => {
    // More than a page of the local cloud's, several in each millisecond.
    const lines = Array.from({ length: 3_000 }, (_, index) => ({
      stream: `web/web/${index % 3}`,
      message: `line ${index}`,
      at: Math.floor(index / 5) * 40,
      lag: 2_000 + scattered(Math.floor(index / 5), 3_000),
    }));
    const read = await follow(lines);
    expect(read).toHaveLength(3_000);
    const times = read.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    // Of one millisecond, only what one stream says has an order.
    for (const name of ["web/web/0", "web/web/1", "web/web/2"])
      expect(messagesOf(read.filter(({ stream }) => stream === name))).toEqual(
        messagesOf(lines.filter(({ stream }) => stream === name)),
      );
  });

  test("loses no line that comes late, and gives none twice", async () => {
    const lines = Array.from({ length: 600 }, (_, index) => ({
      stream: `web/web/${index % 3}`,
      message: `line ${index}`,
      at: index * 100,
      lag: 2_000 + scattered(index, 55_000),
    }));
    expect(messagesOf(await follow(lines)).sort()).toEqual(messagesOf(lines).sort());
  });

  test("looks through pages that hold nothing that was asked for", async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => ({
      stream: "web/web/1",
      message: index === 2_400 ? "ERROR here" : `line ${index}`,
      at: index,
      lag: 2_000,
    }));
    expect(messagesOf(await follow(lines, "ERROR"))).toEqual(["ERROR here"]);
  });

  test("leaves other tasks' streams alone, and names container and task", async () => {
    const line = { message: "hello", at: 0, lag: 2_000 };
    const read = await follow([
      { ...line, stream: "web/app/0123" },
      { ...line, stream: "website/app/4567" },
    ]);
    expect(read).toMatchObject([{ container: "app", task: "0123", stream: "web/app/0123" }]);
  });
});

test("a line that CloudWatch Logs shows minutes late is not lost", async () => {
  const late = { stream: "web/talk/a", message: "late", at: 1_000, lag: 150_000 };
  expect(messagesOf(await follow([late]))).toEqual(["late"]);
});

test("the names of streams that do not exist hide no other stream's lines", async () => {
  const cloud = localCloud({ clock: "virtual" });
  await cloud.ports.logs.createLogGroup({ logGroupName });
  const context = await createContext(cloud, { signal: new AbortController().signal, emit: () => {} });
  const names = Array.from({ length: 150 }, (_, index) => `web/talk/${index}`);
  for (const name of names) if (name.endsWith("7")) putLogLine(cloud.account, logGroupName, name, name);
  await cloud.clock.sleep(MINUTE);
  const reader = new LogReader({ group: logGroupName, streams: { names: new Set(names) } }, 0, context);
  const written = names.filter((name) => name.endsWith("7"));
  expect(messagesOf((await reader.read(Infinity)) ?? []).sort()).toEqual(written.sort());
  await cloud.close();
});

test("the lines of days are given page by page, and not read all at once", async () => {
  const cloud = localCloud({ clock: "virtual" });
  await cloud.ports.logs.createLogGroup({ logGroupName });
  const context = await createContext(cloud, { signal: new AbortController().signal, emit: () => {} });
  for (let index = 0; index < 3_000; index++)
    putLogLine(cloud.account, logGroupName, "web/talk/a", String(index));
  await cloud.clock.sleep(MINUTE);
  const source = { group: logGroupName, streams: { prefix: "web/" } };
  for await (const page of new LogReader(source, 0, context).pages()) {
    expect(page?.length).toBe(1_000);
    break;
  }
  expect(cloud.calls.filter(({ operation }) => operation === "filterLogEvents").length).toBe(1);
  await cloud.close();
});
