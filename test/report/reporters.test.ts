import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { jsonReporter } from "../../src/report/json-reporter.js";
import { terminalReporter } from "../../src/report/terminal-reporter.js";
import { Screen } from "./screen.js";

const rollout = (status: string, running: number, healthyTargets: number, failed = 0): QuaysideEvent => ({
  type: "rollout",
  at: 0,
  service: "talk-service-ecs",
  status,
  desired: 2,
  running,
  pending: 0,
  failed,
  healthyTargets,
});
const group = {
  resource: "security-group",
  name: "conferenceAlbSecurityGroup",
  at: 0,
  action: "create",
} as const;
const alb = { resource: "load-balancer", name: "conferenceAlb", at: 0 } as const;
const service = { resource: "service", name: "talk-service-ecs", at: 0 } as const;

const run: readonly QuaysideEvent[] = [
  {
    type: "planned",
    at: 0,
    account: "123456789012",
    region: "eu-west-1",
    create: 3,
    update: 0,
    delete: 0,
    none: 4,
  },
  { type: "started", ...group },
  { type: "finished", ...group, seconds: 0.31 },
  { type: "ready", resource: "security-group", name: "conferenceAlbSecurityGroup", at: 0, seconds: 0 },
  { type: "started", ...alb, action: "create" },
  { type: "finished", ...alb, action: "create", seconds: 1 },
  { type: "waiting", ...alb, why: "it is provisioning" },
  { type: "waiting", ...alb, why: "it is provisioning" },
  { type: "started", ...service, action: "create" },
  {
    type: "retrying",
    at: 0,
    operation: "createService",
    code: "InvalidParameterException",
    why: "the role is not known to ECS yet",
  },
  { type: "finished", ...service, action: "create", seconds: 12.4 },
  { type: "waiting", ...service, why: "its rollout goes on" },
  rollout("IN_PROGRESS", 1, 0),
  {
    type: "service-event",
    at: 0,
    service: "talk-service-ecs",
    message: "(service talk-service-ecs) has started 2 tasks.",
  },
  { type: "ready", ...alb, seconds: 124 },
  rollout("COMPLETED", 2, 2),
  { type: "ready", ...service, seconds: 180 },
  { type: "ended", at: 0, seconds: 194, code: undefined },
];

beforeEach(() => {
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR"]) vi.stubEnv(name, "");
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

function play(events: readonly QuaysideEvent[], screen: Screen, color?: boolean): Screen {
  const report = terminalReporter({ stream: screen, ...(color === undefined ? {} : { color }) });
  for (const event of events) report(event);
  return screen;
}

describe("without a terminal", () => {
  test("every change of a run is a line, without colors", () => {
    expect(play(run, new Screen(false)).text).toMatchInlineSnapshot(`
      "  0:00 3 to create, 4 unchanged (account 123456789012, eu-west-1)
        0:00 ✓ security-group conferenceAlbSecurityGroup created 0.3 s
        0:00 ✓ load-balancer conferenceAlb created 1.0 s
        0:00 … load-balancer conferenceAlb: it is provisioning
        0:00 ✓ service talk-service-ecs created 12 s
        0:00 … service talk-service-ecs: its rollout goes on
        0:00 … rollout talk-service-ecs: in progress, 1 of 2 running, 0 healthy
        0:00 · (service talk-service-ecs) has started 2 tasks.
        0:00 ✓ load-balancer conferenceAlb ready 2 min 4 s
        0:00 ✓ rollout talk-service-ecs: completed, 2 of 2 running, 2 healthy
        0:00 ✓ service talk-service-ecs ready 3 min
        0:00 Done in 3 min 14 s: 3 created
      "
    `);
  });

  test("a failure reports what was not done and why", () => {
    const failed = [
      {
        type: "failed",
        ...alb,
        action: "delete",
        code: "aws-refused",
        message: "AWS refused deleteLoadBalancer",
      },
      rollout("ROLLBACK_SUCCESSFUL", 2, 2, 3),
      { type: "ended", at: 0, seconds: 8, code: "rollout-failed" },
    ] as const;
    expect(play(failed, new Screen(false)).text).toMatchInlineSnapshot(`
      "  0:00 ✗ load-balancer conferenceAlb was not deleted: AWS refused deleteLoadBalancer
        0:00 ✗ rollout talk-service-ecs: rollback successful, 2 of 2 running, 2 healthy, 3 failed
        0:00 Ended early (rollout-failed) after 8.0 s
      "
    `);
  });

  test("the end of a run says why it failed unless that was said, what to do, and where to read more", () => {
    const message = "CreateLoadBalancer failed: the subnets have no route";
    const [fix, docs] = ["Add a route.", "https://docs.example.com/errors#aws-refused"];
    const ended = { type: "ended", at: 0, seconds: 8, code: "aws-refused", message, fix, docs } as const;
    expect(play([ended], new Screen(false)).text).toBe(
      `  0:00 ✗ ${message}\n         → ${fix}\n       Ended early (aws-refused) after 8.0 s\n         ${docs}\n`,
    );
    const failed = { type: "failed", ...alb, action: "create", code: "aws-refused", message } as const;
    const { text } = play([failed, ended], new Screen(false));
    expect(text.split(message)).toHaveLength(2);
    expect(text.split(fix)).toHaveLength(2);
  });

  test("every line has the time since the start, by the clock of the cloud", () => {
    const at = (seconds: number) => 1_000_000 + seconds * 1000;
    const events: QuaysideEvent[] = [
      {
        ...(run[0] as Extract<QuaysideEvent, { type: "planned" }>),
        at: at(3),
        startedAt: at(0),
        local: { clock: "real", timeScale: 20 },
      },
      { type: "started", ...group, at: at(4) },
      { type: "finished", ...group, at: at(64.2), seconds: 60.2 },
      { type: "ended", at: at(3723), seconds: 3723, code: undefined },
    ];
    expect(play(events, new Screen(false)).text).toMatchInlineSnapshot(`
      "  0:03 3 to create, 4 unchanged (local cloud, account 123456789012, eu-west-1)
             Times and durations are AWS's: its time passes 20 times faster here.
        1:04 ✓ security-group conferenceAlbSecurityGroup created 1 min
      1:02:03 Done in 62 min 3 s: 1 created
      "
    `);
  });

  test("at least every 30 s a line says what is waited for, until the run ends", () => {
    vi.useFakeTimers({ now: 5_000 });
    const screen = new Screen(false);
    const report = terminalReporter({ stream: screen });
    for (const event of run.slice(0, 8)) report({ ...event, at: 5_000 });
    report({ type: "started", ...service, action: "create", at: 5_000 });
    screen.text = "";
    vi.advanceTimersByTime(29_000);
    expect(screen.text).toBe("");
    vi.advanceTimersByTime(32_000);
    expect(screen.text).toMatchInlineSnapshot(`
      "  0:30 … 2 of 3 done; waiting for load-balancer conferenceAlb and 1 more: it is provisioning, 30 s
        1:00 … 2 of 3 done; waiting for load-balancer conferenceAlb and 1 more: it is provisioning, 1 min
      "
    `);
    report({ type: "ended", at: 70_000, seconds: 65, code: "aborted" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("names stand for ARNs, also in AWS's own texts", () => {
    const message =
      "(service talk) registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/talkTargets/5dd6cd9202a7875a), started (task 6057589f50b02decaf0b02839d5f108a) by arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling.";
    const screen = play([{ type: "service-event", at: 0, service: "talk", message }], new Screen(false));
    expect(screen.text).toBe(
      "  0:00 · (service talk) registered 1 targets in (target-group talkTargets), started (task 6057589f) by AWSServiceRoleForAutoScaling.\n",
    );
  });

  test("CI counts as no terminal, even if there is one", () => {
    vi.stubEnv("CI", "true");
    expect(play(run, new Screen(true), false).text).toBe(play(run, new Screen(false)).text);
  });
});

describe("on a terminal", () => {
  test("work in progress is drawn below completed work", () => {
    vi.useFakeTimers({ now: 0 });
    expect(play(run.slice(0, 14), new Screen(true)).lines).toMatchInlineSnapshot(`
      [
        "3 to create, 4 unchanged (account 123456789012, eu-west-1)",
        "✓ security-group conferenceAlbSecurityGroup created 0.3 s",
        "✓ load-balancer conferenceAlb created 1.0 s",
        "✓ service talk-service-ecs created 12 s",
        "⠋ load-balancer conferenceAlb: it is provisioning 0.0 s",
        "⠋ service talk-service-ecs: its rollout goes on 0.0 s",
        "  ■□ in progress, 1 of 2 running, 0 healthy",
        "  · (service talk-service-ecs) has started 2 tasks.",
        "━━━━━━━━━━━━ 3 of 3, 0.0 s; waiting for load-balancer conferenceAlb",
      ]
    `);
  });

  test("at the end, only completed work is left", () => {
    expect(play(run, new Screen(true)).lines).toMatchInlineSnapshot(`
      [
        "3 to create, 4 unchanged (account 123456789012, eu-west-1)",
        "✓ security-group conferenceAlbSecurityGroup created 0.3 s",
        "✓ load-balancer conferenceAlb created 1.0 s",
        "✓ service talk-service-ecs created 12 s",
        "✓ load-balancer conferenceAlb ready 2 min 4 s",
        "✓ rollout talk-service-ecs: completed, 2 of 2 running, 2 healthy",
        "✓ service talk-service-ecs ready 3 min",
        "Done in 3 min 14 s: 3 created",
      ]
    `);
  });

  test("the elapsed time is updated without events, and stops with the run", () => {
    vi.useFakeTimers({ now: 0 });
    const screen = new Screen(true);
    const report = terminalReporter({ stream: screen });
    report({ type: "waiting", ...alb, why: "it is provisioning" });
    vi.advanceTimersByTime(90_000);
    expect(screen.lines).toEqual([expect.stringMatching(/it is provisioning 1 min 30 s$/)]);

    report({ type: "ended", at: 0, seconds: 90, code: "aborted" });
    expect(screen.lines).toEqual(["Ended early (aborted) after 1 min 30 s"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("no line is wider than the terminal", () => {
    vi.useFakeTimers({ now: 0 });
    const screen = new Screen(true);
    terminalReporter({ stream: screen })({ type: "waiting", ...alb, why: "w".repeat(200) });
    expect(screen.lines[0]).toHaveLength(79);
  });

  test("a retry is shown once it lasts, until something completes", () => {
    vi.useFakeTimers({ now: 0 });
    const retry = (at: number) => ({ ...run[9]!, at }) as QuaysideEvent;
    const start = [...run.slice(0, 9), ...[0, 10_000, 20_000].map(retry)];
    expect(play(start, new Screen(true)).lines.join()).not.toContain("retrying");
    const lasting = [...start, retry(31_000)];
    expect(play(lasting, new Screen(true)).lines.join()).toContain("retrying createService");
    expect(play([...lasting, run[10]!], new Screen(true)).lines.join()).not.toContain("retrying");
    // Another call of the same kind, much later, is retried as is normal.
    expect(play([...start, retry(200_000)], new Screen(true)).lines.join()).not.toContain("retrying");
  });

  test("the overall progress, and what is waited for longest, is the last row", () => {
    vi.useFakeTimers({ now: 0 });
    const screen = play(run.slice(0, 14), new Screen(true));
    vi.advanceTimersByTime(70_000);
    expect(screen.lines.at(-1)).toBe(
      "━━━━━━━━━━━━ 3 of 3, 1 min 10 s; waiting for load-balancer conferenceAlb",
    );
  });

  test("many concurrent changes fit on the screen", () => {
    vi.useFakeTimers({ now: 0 });
    const events = Array.from(
      { length: 40 },
      (_, i) => ({ type: "started", ...group, name: `group-${i}` }) as const,
    );
    const { lines } = play(events, new Screen(true));
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toContain("and 30 more");
  });
});

describe("colors", () => {
  const hasColor = (screen: Screen) => screen.text.includes("\x1b[32m");

  test.each([
    ["a terminal", true, {}, undefined, true],
    ["a file", false, {}, undefined, false],
    ["a terminal with NO_COLOR", true, { NO_COLOR: "1" }, undefined, false],
    ["a file with FORCE_COLOR", false, { FORCE_COLOR: "1" }, undefined, true],
    ["a file, asked for", false, {}, true, true],
    ["a terminal, refused", true, {}, false, false],
  ] as const)("%s", (_, isTTY, env: Record<string, string>, color, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(hasColor(play(run, new Screen(isTTY), color))).toBe(expected);
  });
});

test("the JSON reporter writes each event as one line of JSON that parses to the same event", () => {
  const screen = new Screen(false);
  const report = jsonReporter({ stream: screen });
  for (const event of run) report(event);
  const lines = screen.text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(run)));
});
