import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { terminalReporter } from "../../src/report/terminal-reporter.js";
import { runOnTerminal, Terminal } from "./terminal.js";

const planned: QuaysideEvent = {
  type: "planned",
  at: 0,
  account: "123456789012",
  region: "eu-west-1",
  create: 3,
  update: 0,
  delete: 0,
  none: 0,
};
const waiting = (name: string, why = "it is provisioning"): QuaysideEvent => ({
  type: "waiting",
  at: 0,
  resource: "load-balancer",
  name,
  why,
});
const ended: QuaysideEvent = { type: "ended", at: 0, seconds: 3, code: undefined };
const SPINNING = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━]/;

beforeEach(() => {
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR"]) vi.stubEnv(name, "");
  vi.stubEnv("TERM", "xterm-256color");
  // xterm.js has timers of its own.
  vi.useFakeTimers({ now: 0, toFake: ["Date", "setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe("what others write while work in progress is drawn", () => {
  test("stays above it, in its order, and no row is left when the run ends", async () => {
    const terminal = new Terminal(60, 8);
    const report = terminalReporter({ stream: terminal });
    report(planned);
    for (let count = 0; count < 40; count++) {
      report(waiting(`alb-${count % 7}`, `it is provisioning for the ${count}th time, which takes its time`));
      terminal.write(`line ${count}\n`);
      vi.advanceTimersByTime(100);
    }
    const during = await terminal.lines();
    expect(during.at(-1)).toMatch(/━ 0 of 3, 4\.0 s; waiting for load-b/);
    report(ended);
    const lines = await terminal.lines();
    expect(lines).toEqual([
      "3 to create (account 123456789012, eu-west-1)",
      ...Array.from({ length: 40 }, (_, count) => `line ${count}`),
      "Done in 3.0 s",
    ]);
  });

  test("may come in parts, in bytes, and with a callback", async () => {
    const terminal = new Terminal();
    const report = terminalReporter({ stream: terminal });
    report(planned);
    report(waiting("alb"));
    const stream = terminal as unknown as NodeJS.WritableStream;
    const bytes = Buffer.from("größer 漢\n");
    for (const byte of bytes) stream.write(Buffer.from([byte]));
    stream.write("50 %");
    vi.advanceTimersByTime(100);
    stream.write("\r60 %");
    vi.advanceTimersByTime(100);
    stream.write("\r100 %\npart");
    expect((await terminal.lines()).slice(1, 4)).toEqual(["größer 漢", "100 %", "part"]);
    report(ended);
    stream.write(" after\n");
    expect(await terminal.lines()).toEqual([
      "3 to create (account 123456789012, eu-west-1)",
      "größer 漢",
      "100 %",
      "Done in 3.0 s",
      "part after",
    ]);
  });

  test("is written as before once the run has ended", () => {
    const terminal = new Terminal();
    const { write } = terminal;
    const report = terminalReporter({ stream: terminal });
    report(waiting("alb"));
    expect(terminal.write).not.toBe(write);
    report(ended);
    expect(terminal.write).toBe(write);
    expect(Object.hasOwn(terminal, "write")).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("an unfinished line is continued after a run, and below it the next run draws", async () => {
  const terminal = new Terminal();
  const report = terminalReporter({ stream: terminal });
  report(waiting("one"));
  terminal.write("unfinished");
  report(ended);
  expect(await terminal.lines()).toEqual(["Done in 3.0 s", "unfinished"]);
  report(planned);
  report(waiting("other"));
  terminal.write(" line\nanother");
  report(ended);
  terminal.write(" one\n");
  expect(await terminal.lines()).toEqual([
    "Done in 3.0 s",
    "3 to create (account 123456789012, eu-west-1)",
    "unfinished line",
    "Done in 3.0 s",
    "another one",
  ]);
  expect(Object.hasOwn(terminal, "write")).toBe(false);
});

test("two runs at the same time draw below each other", async () => {
  const terminal = new Terminal();
  const [one, other] = [terminalReporter({ stream: terminal }), terminalReporter({ stream: terminal })];
  one(waiting("one"));
  other(waiting("other"));
  terminal.write("meanwhile\n");
  vi.advanceTimersByTime(1000);
  expect(await terminal.lines()).toEqual([
    "meanwhile",
    expect.stringMatching(/one: it is provisioning 1\.0 s$/),
    expect.stringMatching(/other: it is provisioning 1\.0 s$/),
  ]);
  one(ended);
  expect(await terminal.lines()).toEqual([
    "meanwhile",
    "Done in 3.0 s",
    expect.stringMatching(/other: it is provisioning 1\.0 s$/),
  ]);
  other(ended);
  expect(await terminal.lines()).toEqual(["meanwhile", "Done in 3.0 s", "Done in 3.0 s"]);
});

test("a terminal that becomes narrower keeps no dead row", async () => {
  const terminal = new Terminal(100, 24);
  const report = terminalReporter({ stream: terminal });
  report(planned);
  for (let count = 0; count < 5; count++) report(waiting(`alb-${count}`, "w ".repeat(60)));
  await terminal.resize(50, 24);
  vi.advanceTimersByTime(100);
  const rows = (await terminal.lines()).filter((line) => SPINNING.test(line));
  expect(rows).toHaveLength(6);
  report(ended);
  expect((await terminal.lines()).filter((line) => SPINNING.test(line))).toEqual([]);
});

test("wide characters do not make a row wrap, and the time is never cut", async () => {
  const terminal = new Terminal(40, 24);
  terminalReporter({ stream: terminal })(waiting("負荷分散装置", "提供中です 👍🏽 ".repeat(5)));
  vi.advanceTimersByTime(65_000);
  const lines = await terminal.lines();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/… 1 min 5 s$/);
});

test("a program that logs every 100 ms through a live deploy loses no line, and no dead row is left", async () => {
  vi.useRealTimers();
  const { terminal, written, code } = await runOnTerminal("test/report/programs/logging-deploy.ts", [], {
    columns: 70,
    rows: 14,
  });
  const lines = await terminal.lines();
  expect(code, lines.join("\n")).toBe(0);
  expect(written).toMatch(/\x1b\[\d+A\x1b\[0J/);
  const logged = Number(/^logged (\d+)$/.exec(lines.at(-1)!)![1]);
  expect(logged).toBeGreaterThan(15);
  const counts = lines.flatMap((line) =>
    [...line.matchAll(/(?:line|error|parts) (\d+)/g)].map((match) => Number(match[1])),
  );
  expect(counts).toEqual(Array.from({ length: logged }, (_, index) => index + 1));
  expect(lines.filter((line) => SPINNING.test(line))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("Done in"))).toHaveLength(2);
  expect(lines.filter((line) => line.includes("Times and durations are AWS's"))).toHaveLength(1);
});
