import { spawnSync } from "node:child_process";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { Fleet, QuaysideError, RolloutError, terminalReporter } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { speakerService, talkOnFargate, talkService } from "./tutorial.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

/** A first version that fails: the error, what a log shows, and how long it took. */
async function firstFailure(images: LocalCloudOptions["images"], chain = talkOnFargate) {
  cloud = await sharedAccount({ images: images! });
  const written: string[] = [];
  const onEvent = terminalReporter({
    stream: { write: (text: string) => void written.push(text) },
    color: false,
  });
  const began = cloud.clock.now();
  const error = (await chain(cloud)
    .deploy({ onEvent })
    .catch((thrown: unknown) => thrown)) as RolloutError;
  expect(error).toBeInstanceOf(RolloutError);
  return { error, screen: written.join(""), seconds: (cloud.clock.now() - began) / 1000 };
}

const balancerState = () =>
  Object.values(cloud.state().loadBalancers as Record<string, { state: string }>).map(({ state }) => state);

const missing = { "talk-service:1": { missing: true } } as const;
const notFound = { "talk-service:1": { unhealthy: true, answers: 404 } } as const;

test("the rejection of a first deploy comes with the diagnosis, and does not wait for the load balancer", async () => {
  const { error, seconds } = await firstFailure(missing);
  expect(error.diagnosis).toBe("image-not-found");
  expect(balancerState()).toContain("provisioning");
  expect(seconds).toBeLessThan(120);
  // Nothing of the run goes on.
  const calls = cloud.calls.length;
  await cloud.clock.sleep(10 * 60_000);
  expect(cloud.calls.slice(calls).map(({ operation }) => operation)).toEqual([]);
});

test("a service of a fleet that fails does not end the waits of the others", async () => {
  cloud = await sharedAccount({ images: { broken: { missing: true } } });
  const fine = talkService(cloud);
  const broken = speakerService(cloud).image("registry.example.com/broken:1");
  const fleet = new Fleet(fine, broken);
  const error = (await fleet.deploy().catch((thrown: unknown) => thrown)) as RolloutError;
  expect(error.diagnosis).toBe("image-not-found");
  expect(await fine.status()).toMatchObject({ isHealthy: true });
});

test("what there is to go back to is said in words: a first version has nothing before it", async () => {
  const stopped = await firstFailure(missing, (on) => talkOnFargate(on).service({ circuitBreaker: false }));
  expect(stopped.error.facts["ending"]).toBe(
    "this is the first version, and there is none to go back to: its tasks were stopped (desired count 0), and the next deploy starts them again",
  );
  await cloud.close();
  const broken = await firstFailure(notFound);
  expect(broken.error.facts["ending"]).toBe(
    "this is the first version, and there is none to go back to: ECS starts no more of its tasks",
  );
});

test("a failing health check is named with its address, port, path and answer, and its cause once", async () => {
  const { error, screen } = await firstFailure(notFound, talkService);
  expect(error.message).toMatch(
    /: the load balancer's health check failed: HTTP GET \/health at i-[0-9a-f]+:\d+: the answer was 404, not 200-399$/,
  );
  expect(error.facts["healthCheck"]).toEqual({
    target: expect.stringMatching(/^i-/),
    port: expect.any(Number),
    protocol: "HTTP",
    path: "/health",
    expected: "200-399",
    answer: "404",
  });
  const failure = screen.slice(screen.indexOf("✗ Service"));
  expect(failure).toMatch(/\d tasks? stopped with this error\./);
  expect(failure.match(/health checks?/gi)).toHaveLength(2);
});

test("an error as JSON has its message, and what nobody catches ends with the fix", async () => {
  const { error } = await firstFailure(missing);
  const json = JSON.parse(JSON.stringify({ error })) as { error: Record<string, unknown> };
  expect(json.error).toMatchObject({
    name: "RolloutError",
    code: "rollout-failed",
    message: error.message,
    diagnosis: "image-not-found",
    fix: error.fix,
    outcome: { done: expect.any(Array) as unknown },
  });
  const lines = inspect(error).trimEnd().split("\n");
  expect(lines.slice(-4).join("\n")).toMatch(/\n {2}fix: /);
  expect(lines[0]).toMatch(/^RolloutError: Service talk-service in conference-cluster did not/);
});

test("a cause stands before the fix, as an error and as JSON", () => {
  const cause = Object.assign(new Error("no route"), { self: undefined as unknown });
  cause.self = cause;
  const error = new QuaysideError("no-region", "AWS cannot be reached: no route", {
    cause,
    fix: "Check it.",
  });
  expect(Object.keys(error).slice(-2)).toEqual(["cause", "fix"]);
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    message: "AWS cannot be reached: no route",
    cause: { name: "Error", message: "no route" },
    fix: "Check it.",
  });
  expect(Object.keys(new QuaysideError("aborted", "y"))).not.toContain("fix");
});

test("Node.js prints an error that nobody catches with its fix last", () => {
  const program =
    'import { QuaysideError } from "./src/errors.ts";' +
    'throw new QuaysideError("network", "AWS cannot be reached", { cause: new Error("no route"), fix: "Check it." });';
  const { stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  const printed = stderr.slice(0, stderr.indexOf("\nNode.js v")).trimEnd();
  expect(printed).toMatch(/QuaysideError: AWS cannot be reached/);
  expect(printed).toMatch(/\n {2}fix: 'Check it.'\n}$/);
});
