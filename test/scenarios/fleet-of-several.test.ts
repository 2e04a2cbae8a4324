import { afterEach, describe, expect, test } from "vitest";
import type { QuaysideError } from "../../src/index.js";
import { Deployment, Fleet, type FleetResult, type QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const web = (name: string, image = `registry.example.com/${name}:1`) =>
  new Deployment(name)
    .image(image)
    .port(8080)
    .service({ desired: 1 })
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { host: `${name}.example.com`, healthCheck: "/health" })
    .on(cloud);
const broken = { images: { broken: { exits: 1 } } };
const summary = (results: readonly FleetResult[]) =>
  results.map(({ deployment, ok, error }) => [deployment, ok?.url ?? (error as QuaysideError).code]);

describe("a fleet says whose it is", () => {
  test("in every event, change and outcome entry; what deployments share is nobody's", async () => {
    cloud = await sharedAccount();
    const events: QuaysideEvent[] = [];
    const fleet = new Fleet(["one", "two"].map((name) => web(name))).on(cloud);
    cloud.faults.inject({ operation: "createService", kind: "throttled", times: 3 });
    const { changes } = await fleet.deploy({ onEvent: (event) => events.push(event) });
    const ofName = ({ resource, name }: { readonly resource: string; readonly name: string }) =>
      ["service", "task-definition", "target-group", "log-group", "listener-rule"].includes(resource)
        ? name.split("/").at(-1)!.split(":")[0]
        : undefined;
    for (const change of changes)
      expect([change.name, change.deployment]).toEqual([change.name, ofName(change)]);
    const steps = events.filter((event) => "resource" in event);
    expect(steps.length).toBeGreaterThan(30);
    for (const step of steps) expect([step.name, step.deployment]).toEqual([step.name, ofName(step)]);
    for (const type of ["rollout", "service-event"] as const) {
      const told = events.filter((event) => event.type === type);
      expect(told.length).toBeGreaterThan(0);
      for (const event of told)
        expect("service" in event && event.deployment).toBe("service" in event && event.service);
    }
    const retried = events.filter(
      (event) => event.type === "retrying" && event.operation === "CreateService",
    );
    for (const event of retried)
      expect(event).toMatchObject({ deployment: expect.stringMatching(/one|two/) as string });
    const destroyed: QuaysideEvent[] = [];
    await fleet.destroy({ onEvent: (event) => destroyed.push(event) });
    const deletions = destroyed.filter((event) => event.type === "finished");
    expect(new Set(deletions.map(({ deployment }) => deployment))).toEqual(
      new Set(["one", "two", undefined]),
    );
  });

  test("in its error and the error's outcome", async () => {
    cloud = await sharedAccount(broken);
    const error = (await new Fleet(web("one"), web("two", "broken"))
      .deploy()
      .catch((error: unknown) => error)) as QuaysideError;
    expect(error).toMatchObject({ code: "rollout-failed", deployment: "two" });
    const { done, notDone } = error.outcome!;
    const service = [...done, ...notDone].filter(({ resource }) => resource === "service");
    expect(service.map(({ name, deployment }) => [name, deployment]).sort()).toEqual([
      ["one", "one"],
      ["two", "two"],
    ]);
    expect(done.find(({ resource }) => resource === "cluster")).not.toHaveProperty("deployment");
  });

  test("in the warning of one that moves, and in what a destroy keeps of it", async () => {
    cloud = await sharedAccount();
    const events: QuaysideEvent[] = [];
    const options = { onEvent: (event: QuaysideEvent) => void events.push(event) };
    await cloud.ports.logs.createLogGroup({ logGroupName: "two" });
    await new Fleet(web("one"), web("two")).deploy({ adopt: true });
    const moved = new Fleet(web("one"), web("two").cluster("elsewhere"));
    await moved.deploy(options);
    const warnings = events.filter((event) => event.type === "warning");
    const moves = warnings.filter(({ message }) => message.startsWith("deployment two moves from cluster"));
    expect(moves.map(({ deployment }) => deployment)).toEqual(["two"]);
    const { kept } = await moved.destroy();
    expect(kept).toContainEqual(
      expect.objectContaining({ resource: "log-group", name: "two", deployment: "two" }),
    );
  });

  test("and a deployment alone says nothing more than before", async () => {
    cloud = await sharedAccount();
    const events: QuaysideEvent[] = [];
    const { changes } = await web("one").deploy({ onEvent: (event) => events.push(event) });
    expect([...changes, ...events].some((each) => "deployment" in each)).toBe(false);
  });
});

describe("deploy({ settle: true })", () => {
  test("gives each deployment its own result: one that fails does not stop the others", async () => {
    cloud = await sharedAccount(broken);
    const events: QuaysideEvent[] = [];
    const fleet = new Fleet(web("one"), web("two", "broken"), web("three"));
    const results = await fleet.deploy({ settle: true, onEvent: (event) => events.push(event) });
    expect(summary(results)).toEqual([
      ["one", "http://one.example.com"],
      ["two", "rollout-failed"],
      ["three", "http://three.example.com"],
    ]);
    expect(results[1]!.error).toMatchObject({ deployment: "two" });
    const { done, notDone } = (results[1]!.error as QuaysideError).outcome!;
    expect([...done, ...notDone].some(({ deployment }) => deployment === "one")).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: "ended", code: "rollout-failed" });
    expect((await web("one").status()).isHealthy).toBe(true);
    expect(await writesOf(cloud, () => new Fleet(web("one"), web("three")).deploy())).toEqual([]);
  });

  test("without a failure is as without it", async () => {
    cloud = await sharedAccount();
    const fleet = new Fleet(web("one"), web("two").blueGreen({ every: "0s" }));
    const results = await fleet.deploy({ settle: true });
    expect(summary(results)).toEqual([
      ["one", "http://one.example.com"],
      ["two", "http://two.example.com"],
    ]);
    expect((await fleet.plan()).isEmpty).toBe(true);
    expect(await writesOf(cloud, () => fleet.deploy({ settle: true }))).toEqual([]);
  });

  test("goes on without a deployment that cannot be planned, or that AWS cannot change in place", async () => {
    cloud = await sharedAccount();
    await cloud.ports.logs.createLogGroup({ logGroupName: "two" });
    await cloud.clock.sleep(300_000);
    const results = await new Fleet(web("one"), web("two")).deploy({ settle: true });
    expect(summary(results)).toEqual([
      ["one", "http://one.example.com"],
      ["two", "not-owned"],
    ]);
  });

  test("takes the traffic of a failed release back, and releases the others", async () => {
    cloud = await sharedAccount();
    const version = (number: number, fails = false) =>
      ["one", "two"].map((name) =>
        web(name, `registry.example.com/${name}:${number}`).blueGreen({
          every: "0s",
          verify: () => {
            if (fails && name === "two") throw new Error("it answers 500");
          },
        }),
      );
    await new Fleet(version(1)).deploy();
    const results = await new Fleet(version(2, true)).deploy({ settle: true });
    expect(summary(results)).toEqual([
      ["one", "http://one.example.com"],
      ["two", "verification-failed"],
    ]);
    const [one, two] = await Promise.all(version(2).map((each) => each.release()));
    expect([one!.live, two!.live]).toEqual(["green", "blue"]);
  });

  test("fails each deployment for what they share", async () => {
    cloud = await sharedAccount();
    cloud.faults.inject({ operation: "createLoadBalancer", kind: "access-denied" });
    const results = await new Fleet(web("one"), web("two")).deploy({ settle: true });
    expect(summary(results)).toEqual([
      ["one", "access-denied"],
      ["two", "access-denied"],
    ]);
  });

  test("rejects if it is aborted", async () => {
    cloud = await sharedAccount();
    const abort = new AbortController();
    cloud.faults.inject({ operation: "createService", kind: "abort", run: abort, when: "after" });
    const fleet = new Fleet(web("one"), web("two"));
    await expect(fleet.deploy({ settle: true, signal: abort.signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

test("a fleet of a computed list is one of its members, and an empty one is refused", async () => {
  cloud = await sharedAccount();
  const list = ["one", "two"].map((name) => web(name));
  const planned = async (fleet: Fleet) => (await fleet.plan()).changes.map(({ name }) => name);
  expect(await planned(new Fleet(list))).toEqual(await planned(new Fleet(...list)));
  await expect(new Fleet([]).plan()).rejects.toMatchObject({ code: "invalid-spec" });
});
