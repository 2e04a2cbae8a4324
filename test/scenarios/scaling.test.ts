import { afterEach, describe, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, tagsKnown, writesOf } from "./account.js";
import { asAnOlderVersionLeftIt } from "./older-cluster.js";
import { scaledTalk } from "./scaling-chains.js";
import { withPermissionsOf } from "./least-privilege.js";
import { talkService } from "./tutorial.js";

let cloud: LocalCloud | undefined;
afterEach(() => cloud?.close());

const MINUTE = 60_000;
const counts = (local: LocalCloud) => {
  const group = local.account.autoScaling.groups.get("conference-cluster-instances");
  const service = local.account.ecs.clusters.get("conference-cluster")?.services.get("talk-service-ecs");
  return { tasks: service?.description.desiredCount, instances: group?.desired };
};

test("load adds tasks and instances by the tutorial's rules; its end removes them one by one", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  expect(counts(cloud)).toEqual({ tasks: 2, instances: 2 });

  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  expect(counts(cloud)).toEqual({ tasks: 6, instances: 4 });

  cloud.load("talk-service-ecs", { cpu: 20 });
  const seen: unknown[] = [];
  for (let minutes = 0; minutes < 90; minutes++) {
    await cloud.clock.sleep(MINUTE);
    const now = counts(cloud);
    if (JSON.stringify(seen.at(-1)) !== JSON.stringify(now)) seen.push(now);
  }
  expect(seen).toMatchInlineSnapshot(`
    [
      {
        "instances": 4,
        "tasks": 6,
      },
      {
        "instances": 3,
        "tasks": 6,
      },
      {
        "instances": 2,
        "tasks": 6,
      },
      {
        "instances": 2,
        "tasks": 5,
      },
      {
        "instances": 2,
        "tasks": 4,
      },
      {
        "instances": 2,
        "tasks": 3,
      },
      {
        "instances": 2,
        "tasks": 2,
      },
    ]
  `);
});

test("a second deploy of a scaled service changes nothing, also while it is scaled out", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  expect(await writesOf(cloud, () => scaledTalk(cloud!).deploy())).toEqual([]);
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  expect(await writesOf(cloud, () => scaledTalk(cloud!).deploy())).toEqual([]);
  expect(counts(cloud)).toEqual({ tasks: 6, instances: 4 });
});

test("destroying a scaled service leaves nothing", async () => {
  cloud = await sharedAccount();
  const before = cloud.state();
  await scaledTalk(cloud).deploy();
  await scaledTalk(cloud).destroy();
  const { serviceLinkedRoles: _after, ...after } = cloud.state();
  const { serviceLinkedRoles: _before, ...pristine } = before;
  expect(after).toEqual(pristine);
});

describe("instances that ECS scales", () => {
  const managed = (local: LocalCloud, max = 6) =>
    scaledTalk(local, { instances: { min: 1, max: 4 }, tasks: { min: 2, max, cpu: 50 } });

  test("come when tasks find no room, and go when none needs them, drained", async () => {
    cloud = await sharedAccount();
    await managed(cloud, 20).deploy();
    expect(counts(cloud)).toEqual({ tasks: 2, instances: 1 });
    const service = cloud.account.ecs.clusters.get("conference-cluster")!.services.get("talk-service-ecs")!;
    expect(service.description.capacityProviderStrategy).toMatchObject([
      { capacityProvider: "conference-cluster-capacity", weight: 1 },
    ]);

    cloud.load("talk-service-ecs", { cpu: 900 });
    await cloud.clock.sleep(40 * MINUTE);
    // Seven tasks of 128 MiB fit on a t2.micro.
    expect(counts(cloud)).toEqual({ tasks: 20, instances: 3 });
    expect((await managed(cloud, 20).status()).tasks.running).toBe(20);

    cloud.load("talk-service-ecs", { cpu: 20 });
    await cloud.clock.sleep(6 * 60 * MINUTE);
    expect(counts(cloud).tasks).toBe(2);
    expect(counts(cloud).instances).toBeLessThan(3);
    expect(await writesOf(cloud, () => managed(cloud!, 20).deploy())).toEqual([]);
  });

  test("are taken down in order: service, capacity provider, group", async () => {
    cloud = await sharedAccount();
    const { serviceLinkedRoles: _before, ...pristine } = cloud.state();
    await managed(cloud).deploy();
    const calls = await callsOf(cloud, () => managed(cloud!).destroy());
    const { serviceLinkedRoles: _after, ...after } = cloud.state();
    expect(after).toEqual(pristine);
    const order = [
      "deleteService",
      "putClusterCapacityProviders",
      "deleteCapacityProvider",
      "deleteAutoScalingGroup",
    ];
    expect(calls.map(({ operation }) => operation).filter((operation) => order.includes(operation))).toEqual(
      order,
    );
  });
});

test("a scale-in loses no task: an instance that goes is drained first", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  cloud.load("talk-service-ecs", { cpu: 100 });
  const { tasks } = cloud.account.ecs.clusters.get("conference-cluster")!;
  for (let minutes = 0; minutes < 30; minutes++) {
    await cloud.clock.sleep(MINUTE);
    const running = [...tasks.values()].filter(({ description }) => description.lastStatus === "RUNNING");
    expect(running.length).toBeGreaterThanOrEqual(2);
  }
  expect(counts(cloud).instances).toBe(2);
  const ended = [...tasks.values()].map(({ description }) => description.stopCode).filter(Boolean);
  expect(new Set(ended)).toEqual(new Set(["ServiceSchedulerInitiated"]));
});

test("instances that ran before they scaled, and that ECS may not drain, are not ended by scaling", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud, { instances: "none" }).deploy();
  await asAnOlderVersionLeftIt(cloud, "conference-cluster");
  const group = () => cloud!.account.autoScaling.groups.get("conference-cluster-instances")!;
  const stepped = () =>
    scaledTalk(cloud!, {
      instances: {
        min: 2,
        max: 4,
        steps: [
          { when: "memoryReservation >= 30", add: 2 },
          { when: "memoryReservation <= 15", remove: 1 },
        ],
      },
    });
  const older = [...group().instances.keys()];
  expect((await stepped().plan()).warnings).toContain(
    "the running instances of conference-cluster were started before ECS could drain them, and are protected from scale-in; their CPU is measured only every five minutes until they are replaced: terminate them one by one",
  );
  await stepped().deploy();
  expect(await writesOf(cloud, () => stepped().deploy())).toEqual([]);
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  expect(group().instances.size).toBe(4);
  cloud.load("talk-service-ecs", { cpu: 20 });
  await cloud.clock.sleep(90 * MINUTE);
  expect(counts(cloud)).toEqual({ tasks: 2, instances: 2 });
  expect([...group().instances.keys()]).toEqual(older);
  const { tasks } = cloud.account.ecs.clusters.get("conference-cluster")!;
  const ended = [...tasks.values()].map(({ description }) => description.stopCode).filter(Boolean);
  expect(new Set(ended)).toEqual(new Set(["ServiceSchedulerInitiated"]));

  // Without scaling, ECS does not drain them either.
  await scaledTalk(cloud, { instances: "none" }).deploy();
  expect([...group().instances.values()].map((instance) => instance.protected)).toEqual([true, true]);
});

test("an alarm that exists sets off steps, keeps what else it does, and is as before once they are gone", async () => {
  cloud = await sharedAccount();
  const { cloudWatch } = cloud.ports;
  const theirs = {
    AlarmName: "theirs",
    Namespace: "Theirs",
    MetricName: "Queue",
    Statistic: "Average" as const,
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 100,
    ComparisonOperator: "GreaterThanThreshold" as const,
    AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:theirs"],
  };
  await cloudWatch.putMetricAlarm(theirs);
  const alarm = async () => (await cloudWatch.describeAlarms({ AlarmNames: ["theirs"] })).MetricAlarms![0]!;
  const talk = scaledTalk(cloud, {
    tasks: { min: 2, max: 6, steps: [{ when: { alarm: "theirs" }, add: 2 }] },
  });
  await talk.deploy();
  expect(await writesOf(cloud, () => talk.deploy())).toEqual([]);
  expect(await alarm()).toMatchObject({
    ...theirs,
    AlarmActions: [theirs.AlarmActions[0], expect.stringContaining("theirs-add")],
  });

  cloud.metric({ namespace: "Theirs", name: "Queue" }, 200);
  await cloud.clock.sleep(MINUTE + 1000);
  expect(counts(cloud).tasks).toBe(4);
  cloud.metric({ namespace: "Theirs", name: "Queue" }, 0);

  await tagsKnown(cloud);
  await withPermissionsOf(talk, () => scaledTalk(cloud!, { tasks: "none" }).deploy());
  expect(await alarm()).toMatchObject(theirs);
  expect(cloud.state().scalableTargets).toEqual({});
  expect(counts(cloud).tasks).toBe(4);
});

test("an alarm that does not exist is reported before anything is changed", async () => {
  cloud = await sharedAccount();
  const talk = scaledTalk(cloud, { tasks: { max: 6, steps: [{ when: { alarm: "none" }, add: 2 }] } });
  const error = await talk.deploy().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "alarm-missing",
    message: expect.stringContaining("Nothing was changed"),
  });
  expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
});

test("what a schedule has made of the bounds is not undone by a deploy", async () => {
  cloud = await sharedAccount();
  const schedule = [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 4 }];
  const talk = scaledTalk(cloud, {
    tasks: { min: 2, max: 6, schedule },
    instances: { min: 2, max: 4, schedule: [{ at: "cron(0 8 ? * MON-FRI *)", min: 3 }] },
  });
  await talk.deploy();
  expect(cloud.state().scheduledActions).toMatchInlineSnapshot(`
    {
      "conference-cluster-instances/quayside-cron-7a8f8a71": {
        "min": 3,
        "recurrence": "0 8 * * 1-5",
      },
      "service/conference-cluster/talk-service-ecs/quayside-cron-43900711": {
        "action": {
          "MinCapacity": 4,
        },
        "schedule": "cron(0 8 * * ? *)",
        "timezone": "Europe/Paris",
      },
    }
  `);
  const resource = {
    ServiceNamespace: "ecs" as const,
    ScalableDimension: "ecs:service:DesiredCount" as const,
  };
  await cloud.ports.applicationAutoScaling.registerScalableTarget({
    ...resource,
    ResourceId: "service/conference-cluster/talk-service-ecs",
    MinCapacity: 4,
  });
  await cloud.ports.autoScaling.updateAutoScalingGroup({
    AutoScalingGroupName: "conference-cluster-instances",
    MinSize: 3,
  });
  expect(await writesOf(cloud, () => talk.deploy())).toEqual([]);
});

test("a chain without the scaling that there was has its number of tasks after one deploy", async () => {
  cloud = await sharedAccount();
  const talk = (tasks: number) => talkService(cloud!).service({ name: "talk-service-ecs", desired: tasks });
  await talk(2).autoscale({ min: 1, max: 4, cpu: 60 }).deploy();
  await tagsKnown(cloud);
  await talk(1).deploy();
  expect(counts(cloud).tasks).toBe(1);
  expect((await talk(1).plan()).isEmpty).toBe(true);
});
