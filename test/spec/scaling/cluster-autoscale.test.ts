import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../../src/index.js";
import { issuesOf, refusals, untyped } from "../issues-of.js";

const base = new Deployment("talk").image("talk:1");
const on = (cluster: unknown) => untyped(base)["cluster"]!(cluster);
const autoscaled = (options: unknown) => on(untyped(new Cluster("conference"))["autoscale"]!(options));
const fargate = new Deployment("talk").image("talk:1").cluster(new Cluster("conference").fargate());

test("a group of instances has a minimum and a maximum", () => {
  const bad = [{ min: -1 }, { max: 0 }, { min: 5, max: 4 }, { min: "2" }, { max: 2.5 }, 4];
  expect(refusals(bad, autoscaled)).toMatchInlineSnapshot(`
    [
      "cluster.autoscale.min: must be a whole number of 0 or more; got -1",
      "cluster.autoscale.max: must be a whole number of 1 or more; got 0",
      "cluster.autoscale.min: must be at most max, 4; got 5",
      "cluster.autoscale.min: must be a whole number of 0 or more; got "2"",
      "cluster.autoscale.max: must be a whole number of 1 or more; got 2.5",
      "cluster.autoscale: must be an object of options; got 4",
    ]
  `);
});

test("bounds, steps and schedules of instances are validated", () => {
  expect(
    refusals(
      [
        { min: 5, max: 4 },
        { steps: [{ when: "cpu >= 130", add: 1 }] },
        { steps: [{ when: "cpu >= 30", add: 1 }], targetCapacity: 80 },
        { targetCapacity: 0 },
        { schedule: [{ at: "rate(1 day)", min: 2 }] },
        { schedule: [{ at: "cron(0 8 L * ? *)", min: 2 }] },
        { min: 1, max: 2, schedule: [{ at: "cron(0 8 * * ? *)", min: 4 }] },
      ],
      autoscaled,
    ),
  ).toMatchInlineSnapshot(`
    [
      "cluster.autoscale.min: must be at most max, 4; got 5",
      "cluster.autoscale.steps.0.when: must have a threshold from 0 to 100 percent; got "cpu >= 130"",
      "cluster.autoscale.targetCapacity: applies to ECS managed scaling and cannot be combined with steps: remove one",
      "cluster.autoscale.targetCapacity: must be a whole number from 1 to 100 (percent); got 0",
      "cluster.autoscale.schedule.0.at: must be cron(minutes hours day-of-month month day-of-week *) or at(2030-01-31T18:00:00): EC2 Auto Scaling does not support rates; got "rate(1 day)"",
      "cluster.autoscale.schedule.0.at: must have no year and no L, W or #, which EC2 Auto Scaling does not support; got "cron(0 8 L * ? *)"",
      "cluster.autoscale.schedule.0.min: is above the maximum, 2: set max as well; got 4",
    ]
  `);
});

test("a cluster on Fargate has no instances to scale", () => {
  const cluster = new Cluster("conference").fargate().autoscale({ min: 1, max: 2 });
  expect(issuesOf(untyped(fargate.cluster(cluster)))).toMatchInlineSnapshot(`
    [
      "cluster.autoscale: is not supported on Fargate, which has no instances: remove it, or call .ec2(...)",
    ]
  `);
});
