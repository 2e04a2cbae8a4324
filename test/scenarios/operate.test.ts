import { describe, expect, test } from "vitest";
import type { QuaysideError, QuaysideEvent } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { callsOf, sharedAccount } from "./account.js";
import { conferenceCluster, talkOnFargate, talkService } from "./tutorial.js";

const image = (version: number) => `registry.example.com/talk-service:${version}`;

async function deployed(images: LocalCloudOptions["images"] = {}): Promise<LocalCloud> {
  const cloud = await sharedAccount({ images });
  await talkService(cloud, image(1)).deploy();
  return cloud;
}

const failureOf = (promise: Promise<unknown>): Promise<QuaysideError> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

describe("run", () => {
  test("more than ten tasks are started in batches, spread over the instances, and each says how it ended", async () => {
    const cloud = await deployed({
      "talk-service": { byCommand: { work: { exits: 3, after: "5s", log: ["working", "gave up"] } } },
    });
    const logged: string[] = [];
    const onEvent = (event: QuaysideEvent) => void (event.type === "log" && logged.push(event.message));
    const calls = await callsOf(cloud, async () => {
      const { tasks } = await talkService(cloud, image(1)).run({ command: ["work"], count: 12, onEvent });
      expect(tasks).toHaveLength(12);
      for (const task of tasks)
        expect(task).toMatchObject({
          exitCode: 3,
          reason: "Essential container in task exited",
          diagnosis: "exited-on-start",
          logs: ["working", "gave up"],
        });
    });

    const runs = calls.filter(({ operation }) => operation === "runTask");
    expect(runs.map(({ input }) => (input as { count: number }).count)).toEqual([10, 2]);
    expect(logged.filter((line) => line === "working")).toHaveLength(12);
    const tasks = [...cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()];
    const instances = tasks
      .filter(({ serviceName }) => serviceName === undefined)
      .map(({ description }) => description.containerInstanceArn);
    const [one, other] = [...new Set(instances)].map(
      (arn) => instances.filter((each) => each === arn).length,
    );
    expect([one, other]).toEqual([6, 6]);
    await cloud.close();
  });

  test("tasks that find no room wait for those that end", async () => {
    const cloud = await deployed({
      "talk-service": { byCommand: { work: { exits: 0, after: "30s" } } },
    });
    const { tasks } = await talkService(cloud, image(1)).run({ command: ["work"], count: 20 });
    expect(tasks.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0));
    await cloud.close();
  });

  test("tasks of a capacity provider wait for the instances that it starts for them", async () => {
    const cloud = await sharedAccount({
      images: { "talk-service": { byCommand: { work: { exits: 0, after: "30s" } } } },
    });
    const chain = talkService(cloud, image(1)).cluster(conferenceCluster.autoscale({ min: 2, max: 4 }));
    await chain.deploy();
    const { tasks } = await chain.container({ memoryReservation: 850 }).run({ command: ["work"], count: 2 });
    expect(tasks.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const groups = [...cloud.account.autoScaling.groups.values()];
    expect(groups.map(({ desired }) => desired)).toEqual([4]);
    await cloud.close();
  });

  test.each(["response-lost", "error-after", "throttled"] as const)(
    "as many as were asked for are started, also when the request meets a fault: %s",
    async (kind) => {
      const cloud = await deployed({ "talk-service": { byCommand: { work: { exits: 0 } } } });
      cloud.faults.inject({ operation: "runTask", kind });
      const { tasks } = await talkService(cloud, image(1)).run({ command: ["work"], count: 3 });
      expect(tasks).toHaveLength(3);
      const all = [...cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()];
      expect(all.filter(({ serviceName }) => serviceName === undefined)).toHaveLength(3);
      await cloud.close();
    },
  );

  test("an abort says which tasks go on; so does a timeout", async () => {
    const cloud = await deployed({ "talk-service": { byCommand: { work: { exits: 0, after: "30m" } } } });
    const abort = new AbortController();
    void cloud.clock.sleep(60_000).then(() => abort.abort());
    const options = { command: ["work"], count: 2 };
    const aborted = await failureOf(talkService(cloud, image(1)).run({ ...options, signal: abort.signal }));
    expect(aborted).toMatchObject({
      code: "aborted",
      facts: { started: [expect.any(String), expect.any(String)] },
    });
    expect(aborted.message).toBe(
      "The run was aborted: its signal fired; the 2 tasks of talk-service that it started in conference-cluster may still be running",
    );
    const late = await failureOf(talkService(cloud, image(1)).run({ ...options, count: 1, timeout: "2m" }));
    expect(late).toMatchObject({
      code: "timed-out",
      facts: { timeout: "2m", started: [expect.any(String)] },
    });
    expect(late.fix).toContain("StopTask");
    await cloud.close();
  });

  test("a cluster without room for them is an error that says which were started", async () => {
    const cloud = await deployed();
    const error = await failureOf(talkService(cloud, image(1)).container({ memoryReservation: 4096 }).run());
    expect(error).toMatchObject({ code: "tasks-not-placed", facts: { started: [] } });
    expect(error.message).toContain("RESOURCE:MEMORY");
    await cloud.close();
  });

  test("what the tasks need is made first, without a service", async () => {
    const cloud = await sharedAccount({ images: { "talk-service": { exits: 0 } } });
    const { tasks } = await talkOnFargate(cloud).run();
    expect(tasks[0]).toMatchObject({ exitCode: 0, diagnosis: undefined });
    expect(Object.keys(cloud.state().services)).toEqual([]);
    await talkOnFargate(cloud).destroy();
    expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
    await cloud.close();
  });

  test("a task whose image is not there says so", async () => {
    const cloud = await sharedAccount({ images: { "talk-service": { missing: true } } });
    const { tasks } = await talkOnFargate(cloud).run();
    expect(tasks[0]).toMatchObject({ exitCode: undefined, diagnosis: "image-not-found" });
    await cloud.close();
  });
});

describe("a task before the release", () => {
  const migrating = (cloud: LocalCloud, version = 2) =>
    talkService(cloud, image(version)).beforeRelease({ command: ["migrate"] });

  test("that fails lets nothing be released, and its lines are events", async () => {
    const cloud = await deployed({
      "talk-service:2": { byCommand: { migrate: { exits: 1, log: ["no such column"] } } },
    });
    const events: QuaysideEvent[] = [];
    const error = await failureOf(migrating(cloud).deploy({ onEvent: (event) => events.push(event) }));
    expect(error.code).toBe("before-release-failed");
    expect(error.facts).toMatchObject({ exitCode: 1, logs: ["no such column"] });
    expect(error.fix).toBeTruthy();
    expect(events).toContainEqual(expect.objectContaining({ type: "log", message: "no such column" }));
    const { image: running, isHealthy } = await talkService(cloud).status();
    expect({ running, isHealthy }).toEqual({ running: image(1), isHealthy: true });
    await cloud.close();
  });

  test("that succeeds lets the rollout begin, once for each revision", async () => {
    const cloud = await deployed({
      "talk-service:2": { byCommand: { migrate: { exits: 0, after: "5s" } } },
    });
    expect((await migrating(cloud).plan()).toString()).toContain("before-release");
    const runs = async (work: () => Promise<unknown>) =>
      (await callsOf(cloud, work)).filter(({ operation }) => operation === "runTask").length;
    expect(await runs(() => migrating(cloud).deploy())).toBe(1);
    expect((await talkService(cloud).status()).image).toBe(image(2));
    expect((await migrating(cloud).plan()).isEmpty).toBe(true);
    expect(await runs(() => migrating(cloud).deploy())).toBe(0);
    await cloud.close();
  });

  test("that does not end in its time is stopped", async () => {
    const cloud = await deployed();
    const chain = talkService(cloud, image(2)).beforeRelease({ command: ["hang"], timeout: "2m" });
    const error = await failureOf(chain.deploy());
    expect(error).toMatchObject({ code: "before-release-failed" });
    expect(error.message).toContain("did not finish within 120 s");
    await cloud.clock.sleep(120_000);
    expect(cloud.state().tasks).toHaveLength(2);
    await cloud.close();
  });
});

describe("history and rollback", () => {
  test("releases are listed newest first, with what has become of each", async () => {
    const cloud = await deployed({ "talk-service:3": { missing: true } });
    await talkService(cloud, image(2)).deploy();
    await failureOf(talkService(cloud, image(3)).deploy());
    const releases = await talkService(cloud).history();
    expect(releases.map(({ id, image, state }) => ({ id, image, state }))).toEqual([
      { id: "talk-service:3", image: image(3), state: "failed" },
      { id: "talk-service:2", image: image(2), state: "live" },
      { id: "talk-service:1", image: image(1), state: "superseded" },
    ]);
    expect(releases[0]!.createdAt).toBeInstanceOf(Date);
    expect(releases[0]!.createdBy).toContain("arn:aws:iam::");
    await cloud.close();
  });

  test("a rollback runs the release before again, and can be told which", async () => {
    const cloud = await deployed();
    await talkService(cloud, image(2)).deploy();
    await talkService(cloud, image(3)).deploy();
    const chain = talkService(cloud, image(3));
    const back = await chain.rollback();
    expect([back.from?.id, back.to.id]).toEqual(["talk-service:3", "talk-service:2"]);
    expect((await chain.status()).image).toBe(image(2));
    expect((await chain.rollback({ to: "talk-service:1" })).to.image).toBe(image(1));
    expect(await chain.status()).toMatchObject({ image: image(1), isHealthy: true });
    expect(await failureOf(chain.rollback())).toMatchObject({ code: "no-earlier-release" });
    expect(await failureOf(chain.rollback({ to: "talk-service:9" }))).toMatchObject({
      code: "no-such-release",
    });
    await cloud.close();
  });

  test("old revisions are retired beyond the number that is kept, never one that runs", async () => {
    const cloud = await sharedAccount();
    for (const version of [1, 2, 3, 4])
      await talkService(cloud, image(version)).service({ keepReleases: 2 }).deploy();
    const releases = await talkService(cloud).history();
    expect(releases.map(({ id }) => id)).toEqual(["talk-service:4", "talk-service:3"]);
    await cloud.close();
  });
});

test("a status is readable as text", async () => {
  const cloud = await deployed();
  const text = String(await talkService(cloud, image(1)).status());
  expect(
    text
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+/g, "(time)")
      .replaceAll(/ecs-svc\/\d+|conferenceAlb-\d+|[0-9a-f]{16}/g, "(id)"),
  ).toMatchInlineSnapshot(`
    "✓ talk-service-ecs in conference-cluster
      url        http://(id).eu-west-1.elb.amazonaws.com/talk
      image      registry.example.com/talk-service:1
      tasks      2 of 2 running
      rollout    completed
      targets    2 of 2 healthy
      instances  2
      events     (time) (service talk-service-ecs) has reached a steady
                 state.
                 (time) (service talk-service-ecs) (deployment
                 (id)) deployment completed.
                 (time) (service talk-service-ecs) registered 1 targets
                 in (target-group talkServiceTargetGroup)"
  `);
  const absent = String(
    await talkOnFargate(cloud).container({ port: 8080 }).service({ name: "other" }).status(),
  );
  expect(absent).toBe("✗ other in conference-cluster: the service does not exist");
  await cloud.close();
});

describe("tail", () => {
  test("of two tasks over a rollout loses no line, gives none twice, and all in order", async () => {
    const cloud = await deployed({
      "talk-service": { writes: ["hello"], every: "700ms" },
    });
    const abort = new AbortController();
    const since = new Date(cloud.clock.now());
    const lines: { time: Date; task: string; message: string }[] = [];
    const tailing = (async () => {
      for await (const line of talkService(cloud).tail({ since, follow: true, signal: abort.signal }))
        lines.push(line);
    })();
    await talkService(cloud, image(2)).deploy();
    await cloud.clock.sleep(10_000);
    const until = cloud.clock.now() - 8_000;
    abort.abort();
    await tailing;

    const written = [...cloud.account.logs.groups.get("talk-service-cloudwatch")!.streams].flatMap(
      ([stream, events]) =>
        events
          .filter(({ timestamp }) => timestamp >= since.getTime() && timestamp <= until)
          .map(({ message }) => `${stream.split("/").at(-1)} ${message}`),
    );
    const read = lines
      .filter(({ time }) => time.getTime() <= until)
      .map(({ task, message }) => `${task} ${message}`);
    expect(written.length).toBeGreaterThan(100);
    expect([...read].sort()).toEqual([...written].sort());
    const times = lines.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(new Set(lines.map(({ task }) => task)).size).toBe(4);
    await cloud.close();
  });

  test("reads the log groups of the tasks that run, too, while another group is described and not deployed", async () => {
    // The policy of the new description does not allow to read the old group.
    const cloud = await sharedAccount({
      images: { "talk-service": { writes: ["hello"], every: "10s" } },
      caller: () => undefined,
    });
    await talkService(cloud, image(1)).deploy();
    await cloud.clock.sleep(60_000);
    const renamed = talkService(cloud).logs("another-group");
    const read: { time: Date; message: string }[] = [];
    for await (const line of renamed.tail({ since: "1m" })) read.push(line);
    expect(read.length).toBeGreaterThan(5);
    const times = read.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    await cloud.close();
  });

  test("without a log group says that nothing is deployed", async () => {
    const cloud = await sharedAccount();
    const lines = talkService(cloud).tail()[Symbol.asyncIterator]();
    expect(await failureOf(Promise.resolve(lines.next()))).toMatchObject({ code: "not-deployed" });
    await cloud.close();
  });
});
