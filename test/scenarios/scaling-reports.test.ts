import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { asAnOlderVersionLeftIt } from "./older-cluster.js";
import { sharedAccount } from "./account.js";
import { scaledTalk } from "./scaling-chains.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const MINUTE = 60_000;

test("the status shows both dimensions: bounds, policies, alarms and the last changes with their causes", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(5 * MINUTE);

  const { scaling } = await scaledTalk(cloud).status();
  const shown = (dimension: NonNullable<typeof scaling>["tasks"]) => ({
    ...dimension,
    alarms: dimension?.alarms.map(({ name, state }) => `${name.replace(/-[0-9a-f]{32}$/, "")}: ${state}`),
    activities: dimension?.activities.map(({ description, cause }) =>
      `${description} | ${cause}`.replaceAll(/-?[0-9a-f]{17,32}|At \S+ /g, ""),
    ),
  });
  expect(shown(scaling!.tasks)).toMatchInlineSnapshot(`
    {
      "activities": [
        "Setting desired count to 6. | monitor alarm TargetTracking-service/conference-cluster/talk-service-ecs-AlarmHigh in state ALARM triggered policy quayside-cpu",
      ],
      "alarms": [
        "TargetTracking-service/conference-cluster/talk-service-ecs-AlarmHigh: ALARM",
        "TargetTracking-service/conference-cluster/talk-service-ecs-AlarmLow: OK",
      ],
      "desired": 6,
      "max": 6,
      "min": 2,
      "policies": [
        {
          "name": "quayside-cpu",
          "type": "TargetTrackingScaling",
        },
      ],
    }
  `);
  expect(shown(scaling!.instances)).toMatchInlineSnapshot(`
    {
      "activities": [
        "Launching a new EC2 instance: i | a monitor alarm conference-cluster-instances-cpu-add in state ALARM triggered policy quayside-cpu-add changing the desired capacity from 2 to 4.  an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 3 to 4.",
        "Launching a new EC2 instance: i | a monitor alarm conference-cluster-instances-cpu-add in state ALARM triggered policy quayside-cpu-add changing the desired capacity from 2 to 4.  an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 2 to 3.",
        "Launching a new EC2 instance: i | an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.",
        "Launching a new EC2 instance: i | an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 1.",
        "Launching a new EC2 instance.  Status Reason: Access denied when attempting to assume role arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Validating load balancer configuration failed. | an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 1.",
      ],
      "alarms": [
        "conference-cluster-instances-cpu-add: OK",
        "conference-cluster-instances-cpu-remove: OK",
      ],
      "desired": 4,
      "max": 4,
      "min": 2,
      "policies": [
        {
          "name": "quayside-cpu-add",
          "type": "StepScaling",
        },
        {
          "name": "quayside-cpu-remove",
          "type": "SimpleScaling",
        },
      ],
    }
  `);
});

test("a cluster says by itself how its instances are scaled, and what its plan would do to them", async () => {
  cloud = await sharedAccount();
  const cluster = (min: number) =>
    new Cluster("web").ec2({ instanceType: "t2.micro" }).autoscale({ min, max: 4 }).on(cloud);
  expect(await cluster(2).status()).not.toHaveProperty("scaling");
  await cluster(2).deploy();
  expect((await cluster(2).status()).scaling).toMatchObject({ desired: 2, min: 2, max: 4 });
  expect((await cluster(3).plan()).warnings).toEqual([
    "the minimum increases the instances of web-instances from 2 to 3 immediately",
  ]);
});

test("the status of a chain without scaling has none", async () => {
  cloud = await sharedAccount();
  const talk = scaledTalk(cloud, { instances: "none", tasks: "none" });
  await talk.deploy();
  expect((await talk.status()).scaling).toBeUndefined();
});

test("the plan says what new bounds do at once", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  const plan = await scaledTalk(cloud, {
    tasks: { min: 4, max: 6, cpu: 50 },
    instances: { min: 3, max: 4, steps: [{ when: "cpu >= 30", add: 1 }] },
  }).plan();
  expect(plan.warnings).toMatchInlineSnapshot(`
    [
      "the minimum increases the tasks of talk-service-ecs from 2 to 4 immediately",
      "the minimum increases the instances of conference-cluster-instances from 2 to 3 immediately",
    ]
  `);
});

test("the plan says which instances ECS does not scale yet", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud, { instances: "none" }).deploy();
  await asAnOlderVersionLeftIt(cloud, "conference-cluster");
  const plan = await scaledTalk(cloud, { instances: { min: 2, max: 4 } }).plan();
  expect(plan.warnings).toMatchInlineSnapshot(`
    [
      "the running instances of conference-cluster were started before ECS could drain them, and are protected from scale-in; talk-service-ecs gets no new instances until they are replaced: terminate them one by one, then deploy again",
    ]
  `);
});

test("the plan says what the instances have no room for", async () => {
  cloud = await sharedAccount();
  const on = (cluster: Cluster) =>
    new Deployment("talk")
      .image("talk:1")
      .cluster(cluster)
      .autoscale({ min: 12, max: 40, cpu: 50 })
      .on(cloud);
  const small = new Cluster("small").ec2({ instanceType: "t2.micro" }).autoscale({ min: 1, max: 2 });
  expect((await on(small).container({ cpu: 256, memory: 256 }).plan()).warnings).toMatchInlineSnapshot(`
    [
      "small-instances is too small for talk: it needs about 4 instances of t2.micro, but the maximum is 2",
    ]
  `);
  expect((await on(small).container({ cpu: 256, memory: 2048 }).plan()).warnings).toMatchInlineSnapshot(`
    [
      "a task of talk does not fit on a t2.micro: it needs 256 CPU units and 2048 MiB, but only 1024 and about 957 are available",
    ]
  `);
  // Of 957 MiB that register of a t2.micro's 1,024.
  expect((await on(small).container({ cpu: 64, memory: 957 }).plan()).warnings).toEqual([
    "small-instances is too small for talk: it needs about 12 instances of t2.micro, but the maximum is 2",
  ]);
  expect((await on(small).container({ cpu: 64, memory: 958 }).plan()).warnings).toHaveLength(1);
  expect((await on(small).container({ cpu: 64, memory: 128 }).plan()).warnings).toEqual([]);
});

test("the plan says what there is no room for at the times of schedules, or for tasks that stand apart", async () => {
  cloud = await sharedAccount();
  const at = "cron(0 8 * * ? *)";
  const on = (cluster: Cluster, min = 2) =>
    new Deployment("talk")
      .image("talk:1")
      .container({ cpu: 64, memory: 128 })
      .cluster(cluster)
      .autoscale({ min: 2, max: 40, cpu: 50, schedule: [{ at, min }] })
      .on(cloud);
  const small = new Cluster("small").ec2({ instanceType: "t2.micro" });
  const two = small.autoscale({ min: 1, max: 2 });
  const more = small.autoscale({ min: 1, max: 2, schedule: [{ at, max: 4 }] });
  expect((await on(two, 20).plan()).warnings).toEqual([
    "small-instances is too small for talk: it needs about 3 instances of t2.micro, but the maximum is 2",
  ]);
  expect((await on(more, 20).plan()).warnings).toEqual([]);
  const apart = on(two, 3).service({ placement: { constraints: ["distinctInstance"] } });
  expect((await apart.plan()).warnings).toEqual([
    "small-instances is too small for talk: it needs about 3 instances of t2.micro, but the maximum is 2",
  ]);
});
