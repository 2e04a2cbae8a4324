import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AwsError, QuaysideError } from "../../src/errors.js";
import type { QuaysideEvent } from "../../src/engine/events.js";
import type { Change } from "../../src/engine/plan.js";
import { jobStatusToText } from "../../src/report/job-status-text.js";
import { jsonReporter } from "../../src/report/json-reporter.js";
import { planToJson } from "../../src/report/plan-json.js";
import { planToMermaid } from "../../src/report/plan-mermaid.js";
import { planToText } from "../../src/report/plan-text.js";
import { statusToText } from "../../src/report/status-text.js";
import { terminalReporter } from "../../src/report/terminal-reporter.js";

/** Clears the screen, moves the cursor, sets the title, writes over the line, and turns the direction around. */
const HOSTILE =
  "a\x1b[2J\x1b[1;1Hb\x1b]0;title\x07c\x9b31md\re\bf\u202eg\u2066h\u200fi\u061cj\x7fk\u2028l\nDeploy OK\x1b";
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const SEQUENCE = /\x1b\[(?:\d+m)?/g;

const unsafe = (text: string): string | null =>
  UNSAFE.exec(text.replaceAll("\n", "").replace(/\x1b\[\d+m/g, ""))?.[0] ?? null;

const at = 0;
const resource = { at, resource: "service", name: HOSTILE } as const;
const events: readonly QuaysideEvent[] = [
  { ...resource, type: "failed", action: "create", code: "aws-refused", message: HOSTILE },
  { ...resource, type: "waiting", why: HOSTILE },
  {
    ...resource,
    type: "progress",
    phase: "build",
    text: HOSTILE,
    done: 1,
    total: 2,
    unit: "steps",
  },
  { type: "warning", at, message: HOSTILE },
  { type: "retrying", at, operation: "createService", code: HOSTILE, why: HOSTILE },
  { type: "service-event", at, service: HOSTILE, message: HOSTILE },
  { type: "log", at, name: "talk", task: HOSTILE, message: HOSTILE },
  {
    type: "rollout-failed",
    at,
    service: HOSTILE,
    diagnosis: "crashed",
    message: HOSTILE,
    fix: HOSTILE,
    ending: HOSTILE,
    stopped: [{ count: 1, reason: HOSTILE }],
    logs: [HOSTILE, HOSTILE],
  },
  {
    type: "verification",
    at,
    deployment: HOSTILE,
    color: "green",
    percent: 10,
    state: "failed",
    message: HOSTILE,
  },
  { type: "ended", at, seconds: 1, code: HOSTILE },
];

class Written {
  text = "";
  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

describe("control sequences and marks of direction from outside", () => {
  test.each([false, true])("do not reach a terminal from events (interactive: %s)", (isTTY) => {
    const screen = new Written(isTTY);
    const report = terminalReporter({ stream: screen });
    for (const event of events) {
      screen.text = "";
      report(event);
      // The reporter's own sequences: colors, and those that redraw its block.
      expect(unsafe(screen.text.replace(/\x1b\[\d+A\x1b\[0J/g, ""))).toBeNull();
      expect(screen.text).not.toMatch(/^\W*Deploy OK/m);
    }
  });

  test("keep the words between them", () => {
    const screen = new Written(false);
    terminalReporter({ stream: screen })({ type: "warning", at, message: HOSTILE });
    expect(screen.text).toBe("  0:00 ! abcd efghijk l Deploy OK\n");
  });

  test("are spelled out in events as JSON, which stays complete", () => {
    const screen = new Written(false);
    for (const event of events) jsonReporter({ stream: screen })(event);
    expect(unsafe(screen.text)).toBeNull();
    const lines = screen.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      events.map((event) => JSON.parse(JSON.stringify(event)) as unknown),
    );
  });

  test("do not reach a terminal from a plan", () => {
    const changes: Change[] = (["create", "update", "delete"] as const).map((action) => ({
      action,
      resource: "service",
      name: HOSTILE,
      reason: HOSTILE,
      fields: [
        { path: "image", before: "a\x1b[2J", after: HOSTILE },
        { path: `labels.${HOSTILE}`, before: { [HOSTILE]: [HOSTILE] }, after: "short\x1b[2J" },
      ],
    }));
    const scope = { account: "123456789012", region: "eu-west-1" };
    const texts = [
      planToText(changes, [HOSTILE], scope),
      planToMermaid(changes, [], scope),
      JSON.stringify(planToJson(changes, [HOSTILE], scope)),
    ];
    for (const text of texts) expect(unsafe(text)).toBeNull();
    expect(texts[0]!.split("\n").filter((line) => /^\W*Deploy OK/.test(line))).toEqual([]);
    // A value that differs only by what cannot be seen is seen to differ.
    expect(texts[0]).toContain(String.raw`"a\\u001b[2J"`);
  });

  test("do not reach a terminal from a status", () => {
    const status = statusToText({
      service: HOSTILE,
      cluster: HOSTILE,
      exists: true,
      isHealthy: false,
      url: HOSTILE,
      image: HOSTILE,
      tasks: { desired: 1, running: 1, pending: 0 },
      rollout: { state: "FAILED", reason: HOSTILE, failedTasks: 1 },
      targets: [{ target: HOSTILE, port: 80, state: "unhealthy", description: HOSTILE }],
      instances: 1,
      events: [{ at: new Date(0), message: HOSTILE }],
    });
    const job = jobStatusToText({
      job: HOSTILE,
      cluster: HOSTILE,
      schedule: undefined,
      runs: [
        {
          task: HOSTILE,
          status: "STOPPED",
          startedAt: new Date(0),
          stoppedAt: undefined,
          exitCode: undefined,
          reason: HOSTILE,
        },
      ],
    });
    expect([unsafe(status), unsafe(job)]).toEqual([null, null]);
    expect(status).toContain("1970-01-01T00:00:00 abcd efghijk l Deploy OK");
  });

  test("do not reach a terminal from an error, its facts and its cause", () => {
    const cause = Object.assign(new Error(HOSTILE), { name: "ClientException" });
    const error = new AwsError(
      "ecs",
      "CreateService",
      "ClientException",
      `CreateService failed: ${HOSTILE}`,
      {
        cause,
        facts: { reason: HOSTILE, tasks: [{ reason: HOSTILE }], since: new Date(0) },
        fix: HOSTILE,
      },
    );
    for (const text of [error.message, error.fix!, error.stack!, String(error), inspect(error, { depth: 9 })])
      expect(unsafe(text)).toBeNull();
    expect(error.message).toBe("CreateService failed: abcd\nefghijk l\nDeploy OK");
    expect(error.facts["since"]).toEqual(new Date(0));
    expect(SEQUENCE.test(cause.message)).toBe(false);
  });

  test("of a cause that cannot be changed are no error", () => {
    const cause = new DOMException(HOSTILE, "AbortError");
    expect(new QuaysideError("aborted", "The run was aborted", { cause }).cause).toBe(cause);
  });
});
