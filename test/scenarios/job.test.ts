import { describe, expect, test } from "vitest";
import { Cluster, Job, SpecError, type Cloud } from "../../src/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { talkOnFargate } from "./tutorial.js";

const HOUR = 3_600_000;

const report = (cloud: Cloud, cluster = new Cluster("conference-cluster").fargate()) =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .env({ FORMAT: "pdf" })
    .secrets({ TOKEN: "ssm:/report/token" })
    .cluster(cluster)
    .schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris", count: 2 })
    .on(cloud);

describe.each([
  ["Fargate", () => new Cluster("conference-cluster").fargate()],
  ["EC2", () => new Cluster("conference-cluster").ec2()],
])("a job on %s", (_, cluster) => {
  test("runs when it is due, and leaves nothing when it is destroyed", async () => {
    const cloud = await sharedAccount({ images: { report: { exits: 0, after: "1m", log: ["done"] } } });
    const pristine = JSON.stringify(cloud.state());
    const job = report(cloud, cluster());
    await job.deploy();
    expect((await job.plan()).isEmpty).toBe(true);
    expect(await writesOf(cloud, () => job.deploy())).toEqual([]);
    expect((await job.status()).runs).toEqual([]);

    // 03:00 in Paris is 02:00 UTC in winter; the clock starts at midnight.
    const untilDue = Date.UTC(2026, 0, 1, 2, 5) - cloud.clock.now();
    await cloud.clock.sleep(untilDue);
    const { runs, schedule } = await job.status();
    expect(schedule).toEqual({
      expression: "cron(0 3 * * ? *)",
      timezone: "Europe/Paris",
      enabled: true,
    });
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const lines = [];
    for await (const { message } of job.tail({ since: "1h" })) lines.push(message);
    expect(lines).toEqual(["done", "done"]);

    // A day later ECS knows only the second night's tasks; the first night's are known by their logs.
    await cloud.clock.sleep(24 * HOUR);
    const later = (await job.status()).runs;
    expect(later.map(({ exitCode, status }) => [status, exitCode])).toEqual([
      ["STOPPED", 0],
      ["STOPPED", 0],
      ["STOPPED", undefined],
      ["STOPPED", undefined],
    ]);
    expect(
      later
        .slice(2)
        .map(({ task }) => task)
        .sort(),
    ).toEqual(runs.map(({ task }) => task).sort());
    expect(later[2]!.startedAt!.getTime()).toBeLessThan(later[1]!.startedAt!.getTime() - 23 * HOUR);

    await job.destroy();
    await cloud.clock.sleep(24 * HOUR);
    const { serviceLinkedRoles: _r, ...left } = cloud.state();
    const { serviceLinkedRoles: _p, ...before } = JSON.parse(pristine) as typeof left & {
      serviceLinkedRoles: unknown;
    };
    expect(left).toEqual(before);
    expect([...cloud.account.scheduler.groups.keys()].filter((name) => name !== "default")).toEqual([]);
    await cloud.close();
  });
});

test("a job's status is readable as text", async () => {
  const images = {
    report: {
      byCommand: { bad: { exits: 3, after: "5s" } },
      otherwise: { exits: 0, after: "1m", log: ["done"] },
    },
    "report:9": { missing: true },
  } as const;
  const cloud = await sharedAccount({ images });
  const text = async () =>
    String(await report(cloud).status())
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+/g, "(time)")
      .replaceAll(/(\(time\)|not started +) [0-9a-f]{8}/g, "$1 (task)");
  expect(await text()).toBe(
    "nightly-report in conference-cluster\n  schedule  none\n  runs      no runs yet",
  );
  await report(cloud).deploy();
  await cloud.clock.sleep(Date.UTC(2026, 0, 1, 2, 5) - cloud.clock.now());
  await cloud.clock.sleep(2 * HOUR);
  await report(cloud).run({ command: ["bad"] });
  await report(cloud).image("registry.example.com/report:9").run();
  expect(await text()).toMatchInlineSnapshot(`
    "nightly-report in conference-cluster
      schedule  cron(0 3 * * ? *), Europe/Paris
      runs      not started         (task) ✗ CannotPullContainerError: pull image
                  manifest has been retried 1 time(s): failed to resolve ref
                  registry.example.com/report:9: registry.example.com/report:9: not
                  found
                (time) (task) ✗ exit code 3 after 10 s
                (time) (task) finished: the result is no longer
                  available
                (time) (task) finished: the result is no longer
                  available"
  `);
  await cloud.close();
});

test("a changed image points the schedule to the next revision; without a schedule it is removed", async () => {
  const cloud = await sharedAccount({ images: { report: { exits: 0 } } });
  await report(cloud).deploy();
  const changed = report(cloud).image("registry.example.com/report:2");
  const plan = await changed.plan();
  expect(plan.changes.filter(({ action }) => action !== "none").map(({ resource }) => resource)).toEqual(
    expect.arrayContaining(["task-definition", "schedule"]),
  );
  const { taskDefinition } = await changed.deploy();
  const schedules = [...cloud.account.scheduler.groups.values()].flatMap((group) => [
    ...group.schedules.values(),
  ]);
  expect(schedules[0]!.input.Target!.EcsParameters!.TaskDefinitionArn).toBe(taskDefinition);

  const unscheduled = new Job("nightly-report")
    .image("registry.example.com/report:2")
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);
  await unscheduled.deploy();
  expect((await unscheduled.status()).schedule).toBeUndefined();
  expect(JSON.stringify(cloud.state().roles)).not.toContain("schedule-role");
  await unscheduled.destroy();
  await cloud.close();
});

test("a job whose chain no longer has its schedule destroys the cluster all the same", async () => {
  const cloud = await sharedAccount();
  const cluster = new Cluster("conference-cluster").ec2();
  await report(cloud, cluster).deploy();
  const { kept } = await new Job("nightly-report")
    .image("registry.example.com/report:1")
    .cluster(cluster)
    .on(cloud)
    .destroy();
  expect(kept).toEqual([]);
  expect(Object.keys(cloud.state().clusters)).toEqual(["their-cluster"]);
  expect(JSON.stringify(cloud.state().scheduleGroups)).not.toContain("nightly-report");
  await cloud.close();
});

test("a job's ten newest revisions stay, older ones are deregistered", async () => {
  const cloud = await sharedAccount();
  for (let version = 1; version <= 12; version++)
    await report(cloud).image(`registry.example.com/report:${version}`).deploy();
  const { taskDefinitionArns = [] } = await cloud.ports.ecs.listTaskDefinitions({
    familyPrefix: "nightly-report",
  });
  expect(taskDefinitionArns.map((arn) => Number(arn.split(":").at(-1))).sort((a, b) => a - b)).toEqual([
    3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ]);
  await cloud.close();
});

test("a schedule's tasks start through the capacity provider of their cluster", async () => {
  const cloud = await sharedAccount({ images: { report: { exits: 0, after: "1m", log: ["done"] } } });
  const managed = new Cluster("conference-cluster")
    .ec2({ instanceType: "t3.micro" })
    .autoscale({ min: 1, max: 3 });
  const job = report(cloud, managed).container({ memoryReservation: 800 });
  await job.deploy();
  expect((await job.plan()).isEmpty).toBe(true);
  await cloud.clock.sleep(Date.UTC(2026, 0, 1, 2, 15) - cloud.clock.now());
  // The second of the two tasks had to wait for an instance.
  expect((await job.status()).runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  await job.destroy();
  expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
  await cloud.close();
});

test("a cluster stays as long as a schedule runs tasks in it", async () => {
  const cloud = await sharedAccount();
  await talkOnFargate(cloud).deploy();
  await report(cloud).deploy();
  const { kept } = await talkOnFargate(cloud).destroy();
  expect(kept).toContainEqual(
    expect.objectContaining({ resource: "cluster", why: expect.stringContaining("schedule") as string }),
  );
  await report(cloud).destroy();
  expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
  await cloud.close();
});

test("a batch runs without being deployed, and each task says how it ended", async () => {
  const cloud = await sharedAccount({ images: { load: { exits: 0, after: "20s", log: ["200 OK"] } } });
  const load = new Job("load")
    .image("registry.example.com/load:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);
  const { tasks } = await load.run({ count: 15, environment: { TARGET: "http://example.com/talk" } });
  expect(tasks).toHaveLength(15);
  expect(tasks.every(({ exitCode, logs }) => exitCode === 0 && logs[0] === "200 OK")).toBe(true);
  await load.destroy();
  await cloud.close();
});

describe("a destroy stops what still runs, which holds cluster and security group:", () => {
  const worker = (cloud: Cloud) =>
    new Job("work")
      .image("registry.example.com/work:1")
      .cluster(new Cluster("conference-cluster").fargate())
      .on(cloud);

  test("the tasks of a job, and nobody else's", async () => {
    const cloud = await sharedAccount();
    const pristine = Object.keys(cloud.state().securityGroups);
    await worker(cloud).run({ count: 12, wait: false });
    const began = cloud.clock.now();
    const { kept } = await worker(cloud).destroy();
    expect(kept).toEqual([]);
    expect((cloud.clock.now() - began) / 60_000).toBeLessThan(5);
    expect(Object.keys(cloud.state().securityGroups)).toEqual(pristine);

    await talkOnFargate(cloud).deploy();
    await worker(cloud).run({ wait: false });
    const writes = await writesOf(cloud, () => worker(cloud).destroy());
    expect(writes.filter((operation) => operation === "stopTask")).toHaveLength(1);
    expect(await talkOnFargate(cloud).status()).toMatchObject({ isHealthy: true, tasks: { running: 2 } });
    expect(cloud.state().tasks).toHaveLength(2);
    await cloud.close();
  });

  test("the one-off tasks of a deployment", async () => {
    const cloud = await sharedAccount();
    await talkOnFargate(cloud).deploy();
    await talkOnFargate(cloud).run({ count: 2, wait: false });
    expect((await talkOnFargate(cloud).destroy()).kept).toEqual([]);
    expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
    await cloud.close();
  });
});

test("what is wrong with a job is said before anything is sent", async () => {
  const bad = new Job("nightly report").image("report").cluster("c").schedule("daily", { timezone: "Mars" });
  const error = await bad.plan().then(
    () => expect.fail("it did not fail"),
    (thrown: unknown) => thrown as SpecError,
  );
  expect(error).toBeInstanceOf(SpecError);
  expect(error.issues.map(({ path }) => path)).toEqual(["name", "schedule", "schedule.timezone"]);
});

test("a task that never starts does not hide the log lines of the others", async () => {
  const cloud = await sharedAccount({ images: { report: { exits: 0, after: "30s", log: ["done"] } } });
  const shown: string[] = [];
  const running = report(cloud).run({
    count: 3,
    onEvent: (event) => void (event.type === "log" && shown.push(event.message)),
  });
  const cluster = "conference-cluster";
  for (let stopped = false; !stopped;) {
    await cloud.clock.sleep(500);
    const { tasks } = cloud.account.ecs.clusters.get(cluster) ?? {};
    if (tasks?.size !== 3) continue;
    await cloud.ports.ecs.stopTask({ cluster, task: [...tasks.keys()][0]! });
    stopped = true;
  }
  const { tasks } = await running;
  expect(tasks.map(({ logs }) => logs).sort()).toEqual([[], ["done"], ["done"]]);
  expect(shown).toEqual(["done", "done"]);
  await cloud.close();
});

test("a scheduled task on Fargate gets a public address only where run() and services give one", async () => {
  const cloud = await sharedAccount({
    vpcs: [
      {
        default: true,
        endpoints: ["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "ssm"],
        subnets: [
          { zone: "a", egress: "nat" },
          { zone: "b", egress: "nat" },
        ],
      },
    ],
  });
  const job = report(cloud);
  await job.deploy();
  const [group] = [...cloud.account.scheduler.groups].flatMap(([name, { schedules }]) =>
    name === "default" ? [] : [...schedules.values()],
  );
  const network = group?.input.Target?.EcsParameters?.NetworkConfiguration?.awsvpcConfiguration;
  expect(network?.AssignPublicIp).toBe("DISABLED");
  expect((await job.plan()).isEmpty).toBe(true);
  await cloud.close();
});
