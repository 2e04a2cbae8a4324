import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { terminalReporter, type AwsError } from "../../src/index.js";
import type { LocalCloudOptions } from "../../src/local/index.js";
import { shortArns } from "../../src/report/short-arns.js";
import { Screen } from "../report/screen.js";
import { sharedAccount } from "./account.js";
import { talkService } from "./tutorial.js";

const image = (version: number) => `registry.example.com/talk-service:${version}`;

beforeEach(() => {
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR"]) vi.stubEnv(name, "");
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => vi.unstubAllEnvs());

/** A second version fails; what a person has before him when it is over. */
async function screenOf(
  images: LocalCloudOptions["images"],
  { isTTY, color }: { readonly isTTY: boolean; readonly color: boolean },
): Promise<Screen> {
  await using cloud = await sharedAccount({ images: images! });
  await talkService(cloud, image(1)).deploy();
  const screen = new Screen(isTTY);
  const onEvent = terminalReporter({ stream: screen, color });
  await expect(talkService(cloud, image(2)).deploy({ onEvent })).rejects.toMatchObject({
    code: "rollout-failed",
  });
  return screen;
}

/** Without what differs from run to run. */
const steady = (text: string): string =>
  text
    .replaceAll(/ecs-svc\/\d+/g, "ecs-svc/…")
    .replaceAll(/:\d{5}:/g, ":…:")
    .replaceAll(/[0-9a-f]{16,}/g, "…")
    .replaceAll(/port \d+/g, "port …")
    .replaceAll(/(\d+ min )?[\d.]+ s\b/g, "… s");

const crash = {
  "talk-service:2": {
    exits: 1,
    log: [
      "starting",
      "Error: connect ECONNREFUSED 10.0.0.7:5432: the database of the conference does not answer",
      "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)",
      "\x1b[2J\x1b[31mgiving up\x1b[39m",
    ],
  },
} as const;
const notFound = { "talk-service:2": { unhealthy: true, answers: 404 } } as const;

/** An address is not broken: the terminal does it. */
const isText = (line: string) => !line.includes("https://");

describe("of a container that exits", () => {
  test("a terminal shows one screen of 80 columns", async () => {
    const { lines } = await screenOf(crash, { isTTY: true, color: false });
    expect(Math.max(...lines.filter(isText).map((line) => line.length))).toBeLessThan(80);
    expect(lines.length).toBeLessThan(25);
    expect(steady(lines.join("\n"))).toMatchInlineSnapshot(`
      "2 to update, 18 unchanged (local cloud, account 123456789012, eu-west-1)
      Times and durations are those of the virtual clock.
      ✓ task-definition talk-service updated … s
      ✓ service talk-service-ecs updated … s
      ✗ Service talk-service-ecs in conference-cluster did not become healthy:
        Essential container in task exited (exit code 1)
        2 tasks stopped with this error.
        Last log lines:
        │ starting
        │ Error: connect ECONNREFUSED 10.0.0.7:5432: the database of the conference
        │ does not answer
        │     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)
        │ giving up
        Result: rolled back to the previous version
        → Read the container's last log lines: the application exits right after it
          starts.
      Ended early (rollout-failed) after … s: 2 of 2 done
        https://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#exited-on-start"
    `);
  });

  test("in colors it is the same text", async () => {
    const plain = await screenOf(crash, { isTTY: true, color: false });
    const colored = await screenOf(crash, { isTTY: true, color: true });
    expect(steady(colored.lines.join("\n"))).toBe(steady(plain.lines.join("\n")));
    const failure = colored.text.slice(colored.text.lastIndexOf("\x1b[31m✗"));
    // Nothing is under way any more: nothing is drawn over.
    expect(failure).not.toMatch(/\x1b\[\d*[AJ]/);
    expect(steady(failure).replaceAll("\x1b", "^")).toMatchInlineSnapshot(`
      "^[31m✗^[39m ^[1mService talk-service-ecs in conference-cluster did not become healthy:^[22m
        ^[1mEssential container in task exited (exit code 1)^[22m
        2 tasks stopped with this error.
        Last log lines:
      ^[2m  │ starting^[22m
      ^[2m  │ Error: connect ECONNREFUSED 10.0.0.7:5432: the database of the conference^[22m
      ^[2m  │ does not answer^[22m
      ^[2m  │     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)^[22m
      ^[2m  │ giving up^[22m
        Result: rolled back to the previous version
        ^[33m→^[39m Read the container's last log lines: the application exits right after it
          starts.
      ^[31mEnded early (rollout-failed)^[39m after … s: 2 of 2 done
        ^[2mhttps://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#exited-on-start^[22m
      "
    `);
  });

  test("a file gets every text as a line, and all that led to it", async () => {
    const { text } = await screenOf(crash, { isTTY: false, color: false });
    expect(steady(text)).toMatchInlineSnapshot(`
      "  0:00 2 to update, 18 unchanged (local cloud, account 123456789012, eu-west-1)
             Times and durations are those of the virtual clock.
        0:00 ✓ task-definition talk-service updated … s
        0:00 ✓ service talk-service-ecs updated … s
        0:00 … rollout talk-service-ecs: pending, 0 of 2 running, 2 healthy
        0:06 … rollout talk-service-ecs: in progress, 0 of 2 running, 2 pending, 2 healthy
        0:06 · (service talk-service-ecs) has started 2 tasks: (task 0656263a) (task 4fc34956).
        0:18 … rollout talk-service-ecs: in progress, 0 of 2 running, 2 healthy, 2 failed
        0:18 · (service talk-service-ecs) registered 1 targets in (target-group talkServiceTargetGroup)
        0:18 · (service talk-service-ecs) deregistered 1 targets in (target-group talkServiceTargetGroup)
        0:18 · (service talk-service-ecs) has begun draining connections on 1 tasks.
        0:18 … rollout talk-service-ecs: rollback requested, 0 of 2 running, 2 healthy, 2 failed
        0:24 … rollout talk-service-ecs: rollback in progress, 0 of 2 running, 2 healthy, 2 failed
        0:42 ✗ Service talk-service-ecs in conference-cluster did not become healthy: Essential container in task exited (exit code 1)
               2 tasks stopped with this error.
               Last log lines:
               │ starting
               │ Error: connect ECONNREFUSED 10.0.0.7:5432: the database of the conference does not answer
               │     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)
               │ giving up
               Result: rolled back to the previous version
               → Read the container's last log lines: the application exits right after it starts.
        0:42 Ended early (rollout-failed) after … s: 2 of 2 done
               https://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#exited-on-start
      "
    `);
  });

  test("a file that wants colors gets them", async () => {
    const { text } = await screenOf(crash, { isTTY: false, color: true });
    expect(text).toContain("\x1b[31m✗\x1b[39m \x1b[1mService talk-service-ecs in conference-cluster");
    expect(text).not.toMatch(/\x1b\[\d*[AJ]/);
  });
});

test("of a health path that answers 404 a terminal shows one screen of 80 columns", async () => {
  const { lines } = await screenOf(notFound, { isTTY: true, color: false });
  expect(Math.max(...lines.filter(isText).map((line) => line.length))).toBeLessThan(80);
  expect(steady(lines.join("\n"))).toMatchInlineSnapshot(`
    "2 to update, 18 unchanged (local cloud, account 123456789012, eu-west-1)
    Times and durations are those of the virtual clock.
    ✓ task-definition talk-service updated … s
    ✓ service talk-service-ecs updated … s
    ✗ rollout talk-service-ecs: rollback successful, 0 of 2 running, 2 healthy
    ✗ Service talk-service-ecs in conference-cluster did not become healthy: the
      load balancer's health check failed: HTTP GET /health at
      i-…:…: the answer was 404, not 200-399
      4 tasks stopped with this error.
      Result: rolled back to the previous version: the circuit breaker threshold
        was exceeded
      → Check the health check's path and codes, and that the application listens
        on the container's port on all interfaces. Increase healthCheckGrace for a
        slow start.
    Ended early (rollout-failed) after … s: 2 of 2 done
      https://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#health-check-failing"
  `);
});

test("of a call that AWS denies, the reason is said once, then what to do and where to read more", async () => {
  await using cloud = await sharedAccount();
  cloud.faults.inject({ operation: "createService", kind: "access-denied" });
  const screen = new Screen(false);
  const onEvent = terminalReporter({ stream: screen });
  const error = await talkService(cloud, image(1))
    .deploy({ onEvent })
    .catch((thrown: unknown) => thrown as AwsError);
  const { message, fix, docs, outcome } = error as AwsError;
  expect(outcome?.done.length).toBeGreaterThan(5);
  const ends = screen.text.slice(screen.text.indexOf("✗ service talk-service-ecs was not created"));
  expect(screen.text.split(shortArns(message))).toHaveLength(2);
  expect(screen.text.split(fix!)).toHaveLength(2);
  expect(ends.trimEnd().split("\n").at(-1)!.trim()).toBe(docs);
});

test("an error after the last step has an outcome, too: the reporter has said it", async () => {
  await using cloud = await sharedAccount();
  const screen = new Screen(false);
  const verify = async () => {
    throw new Error("the page is empty");
  };
  const talk = talkService(cloud, image(1)).blueGreen({ every: "0s", verify });
  const failureOf = (deploy: Promise<unknown>) =>
    deploy.then(String, (thrown: unknown) => thrown as AwsError);
  const onEvent = terminalReporter({ stream: screen });
  const error = (await failureOf(talk.deploy({ onEvent }))) as AwsError;
  expect(error.outcome?.done).toContainEqual({
    action: "create",
    resource: "load-balancer",
    name: "conferenceAlb",
  });
  expect(screen.text.split(shortArns(error.message))).toHaveLength(2);
  // Without a run no reporter has said anything.
  const invalid = await failureOf(talk.env({ "NOT VALID": "1" }).deploy({ onEvent }));
  expect(invalid).toMatchObject({ code: "invalid-spec" });
  expect(invalid).not.toHaveProperty("outcome");
});
