import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Destroyed, QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkOnFargate, talkService } from "./tutorial.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

async function eventsOf(work: (onEvent: (event: QuaysideEvent) => void) => Promise<unknown>) {
  const events: QuaysideEvent[] = [];
  await work((event) => events.push(event));
  return events;
}

describe("the plan of the tutorial", () => {
  test("as text", async () => {
    expect((await talkService(cloud).plan()).toString()).toMatchSnapshot();
  });

  test("as a Mermaid flowchart", async () => {
    expect((await talkService(cloud).plan()).toMermaid()).toMatchSnapshot();
  });

  test("as JSON is plain data that survives being written down", async () => {
    const plan = await talkService(cloud).plan();
    const json = JSON.parse(JSON.stringify(plan)) as { summary: object; changes: { resource: string }[] };

    expect(json.summary).toEqual({ create: 20, update: 0, replace: 0, delete: 0, none: 0 });
    expect(json.changes.map(({ resource }) => resource)).toMatchSnapshot();
    expect(plan.isEmpty).toBe(false);
  });

  test("changes nothing, and neither does asking again", async () => {
    const state = JSON.stringify(cloud.state());
    await talkService(cloud).plan();
    await talkService(cloud).plan();
    expect(JSON.stringify(cloud.state())).toBe(state);
    expect(cloud.calls.filter(({ write, at }) => write && at > cloud.clock.now() - 10_000)).toEqual([]);
  });

  test("for a changed deployment, as text", async () => {
    await talkService(cloud).deploy();
    const plan = await talkService(cloud, "talk:2")
      .env({ GREETING: "hello" })
      .service({ desired: 3 })
      .logs("other-logs")
      .plan();
    expect(plan.toString()).toMatchSnapshot();
  });
});

describe("events", () => {
  test.each([
    ["EC2", talkService],
    ["Fargate", talkOnFargate],
  ])("of a deploy on %s come in order, as plain data", async (_, chain) => {
    const events = await eventsOf((onEvent) => chain(cloud).deploy({ onEvent }));

    expect(events[0]).toMatchObject({ type: "planned" });
    expect(events.at(-1)).toMatchObject({ type: "ended", code: undefined });
    expect(events.filter(({ type }) => type === "planned" || type === "ended")).toHaveLength(2);
    expect(JSON.parse(JSON.stringify(events))).toEqual(
      events.map((event) =>
        Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)),
      ),
    );
    // The service's own events carry the time at which ECS had them.
    const times = events.filter(({ type }) => type !== "service-event").map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));

    const begun = new Map<string, string>();
    for (const event of events) {
      if (event.type !== "started" && event.type !== "finished") continue;
      const id = `${event.resource}/${event.name}`;
      expect(begun.get(id), id).toBe(event.type === "started" ? undefined : "started");
      begun.set(id, event.type);
    }
    expect([...begun.values()].every((state) => state === "finished")).toBe(true);
    const rollouts = events.filter(({ type }) => type === "rollout");
    expect(rollouts.at(-1)).toMatchObject({
      status: "SUCCESSFUL",
      running: 2,
      desired: 2,
      healthyTargets: 2,
    });
  });

  test("of a failed deploy end with its code, after the resource that failed", async () => {
    cloud.faults.inject({
      operation: "createTargetGroup",
      kind: "refuse",
      code: "AccessDenied",
      message: "no",
    });

    const events = await eventsOf((onEvent) =>
      talkService(cloud)
        .deploy({ onEvent })
        .catch(() => {}),
    );

    expect(events.find(({ type }) => type === "failed")).toMatchObject({
      resource: "target-group",
      name: "talkServiceTargetGroup",
      code: "access-denied",
    });
    expect(events.at(-1)).toMatchObject({ type: "ended", code: "access-denied" });
  });

  test("of a destroy name everything that goes, services before what they stand on", async () => {
    await talkService(cloud).deploy();

    const events = await eventsOf((onEvent) => talkService(cloud).destroy({ onEvent }));

    const gone = events.flatMap((event) => (event.type === "finished" ? [event.resource] : []));
    expect(gone).toHaveLength(20);
    expect(gone.indexOf("service")).toBeLessThan(gone.indexOf("target-group"));
    expect(gone.indexOf("auto-scaling-group")).toBeLessThan(gone.indexOf("cluster"));
    expect(gone.indexOf("load-balancer")).toBeLessThan(gone.lastIndexOf("security-group"));
  });

  test("that a listener throws at end the run, and the next one finishes it", async () => {
    const thrown = new Error("the listener's own");
    const deploy = talkService(cloud).deploy({
      onEvent: (event) => {
        if (event.type === "finished" && event.resource === "cluster") throw thrown;
      },
    });

    await expect(deploy).rejects.toBe(thrown);
    await talkService(cloud).deploy();
    expect((await talkService(cloud).status()).isHealthy).toBe(true);
  });
});

describe("the status", () => {
  test("of what is not there", async () => {
    expect(await talkService(cloud).status()).toMatchInlineSnapshot(`
      {
        "cluster": "conference-cluster",
        "events": [],
        "exists": false,
        "image": undefined,
        "instances": 0,
        "isHealthy": false,
        "rollout": undefined,
        "service": "talk-service-ecs",
        "targets": [],
        "taskDefinition": undefined,
        "tasks": {
          "desired": 0,
          "pending": 0,
          "running": 0,
        },
        "url": undefined,
      }
    `);
  });

  test.each([
    ["EC2", talkService, 2],
    ["Fargate", talkOnFargate, 0],
  ])("of a healthy service on %s", async (_, chain, instances) => {
    const { url } = await chain(cloud).deploy();

    const { events, targets, ...status } = await chain(cloud).status();

    expect(status).toMatchObject({
      exists: true,
      isHealthy: true,
      url,
      image: "registry.example.com/talk-service:1",
      tasks: { desired: 2, running: 2, pending: 0 },
      rollout: { state: "COMPLETED", failedTasks: 0 },
      instances,
    });
    expect(targets.map(({ state }) => state)).toEqual(["healthy", "healthy"]);
    expect(events[0]?.message).toMatch(/has reached a steady state/);
    expect(events.length).toBeLessThanOrEqual(10);
  });

  test("reads and changes nothing", async () => {
    await talkService(cloud).deploy();
    const before = cloud.calls.length;
    await talkService(cloud).status();
    const calls = cloud.calls.slice(before);
    expect(calls.filter(({ write }) => write)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(6);
  });
});

test("as many resources are created as are deleted or kept, in results and in events", async () => {
  const directory = fileURLToPath(new URL("../../examples/talk-service", import.meta.url));
  const count = (events: readonly QuaysideEvent[], action: string) =>
    events.filter((event) => event.type === "finished" && event.action === action).length;
  for (const images of [false, true]) {
    const talk = talkService(cloud, directory);
    const deploying = await eventsOf((onEvent) => talk.deploy({ onEvent }));
    let destroyed!: Destroyed;
    const destroying = await eventsOf(
      async (onEvent) => (destroyed = await talk.destroy({ onEvent, images })),
    );
    const { deleted, kept } = destroyed;
    // The second time, the kept repository and its image are there.
    expect(count(deploying, "create")).toBe(images ? 20 : 22);
    expect(deleted.length + kept.length).toBe(22);
    expect(kept.map(({ resource }) => resource)).toEqual(images ? [] : ["ecr-repository", "image"]);
    expect(count(destroying, "delete")).toBe(deleted.length);
    expect(destroying[0]).toMatchObject({ delete: deleted.length, kept: kept.length });
  }
});
