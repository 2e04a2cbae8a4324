import { expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";
import { talkOnFargate } from "./tutorial.js";

const MINUTES = 10 * 60_000;

const report = (cloud: LocalCloud) =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

test(
  "a job's deploy that meets any fault is finished by the next run, and leaves nothing when destroyed",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: async () => {},
      run: (cloud, options) => report(cloud).deploy(options),
      after: (cloud) => report(cloud).destroy(),
    });
    expect(runs).toBeGreaterThan(50);
  },
);

test("a job's destroy that meets any fault is finished by the next run", { timeout: MINUTES }, async () => {
  const runs = await sweep({
    before: (cloud) => report(cloud).deploy(),
    run: (cloud, options) => report(cloud).destroy(options),
    strangers: "beside",
  });
  expect(runs).toBeGreaterThan(30);
});

test(
  "a job's destroy that meets any fault while it stops tasks is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: (cloud) => report(cloud).run({ count: 2, wait: false }),
      run: (cloud, options) => report(cloud).destroy(options),
      only: ({ operation }) => ["listTasks", "describeTasks", "stopTask"].includes(operation),
      strangers: "beside",
    });
    expect(runs).toBeGreaterThan(15);
  },
);

test("a rollback that meets any fault is finished by the next run", { timeout: MINUTES }, async () => {
  const image = (version: number) => `registry.example.com/talk-service:${version}`;
  const asked = new Set<string>();
  const runs = await sweep({
    before: async (cloud) => {
      await talkOnFargate(cloud, image(1)).deploy();
      await talkOnFargate(cloud, image(2)).deploy();
    },
    run: (cloud, options) => talkOnFargate(cloud, image(2)).rollback({ ...options, to: "talk-service:1" }),
    // It asks the same again and again until the rollout is over.
    only: ({ operation, write }) => write || (!asked.has(operation) && asked.add(operation) !== undefined),
  });
  expect(runs).toBeGreaterThan(20);
});
