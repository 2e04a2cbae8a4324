import { expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { IMAGE } from "./colors.js";
import { sweep } from "./sweep.js";
import { talkOnFargate } from "./tutorial.js";

const report = (cloud: LocalCloud) =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

test("a job's deploy that meets any fault is finished by the next run, and leaves nothing when destroyed", async () => {
  expect(await sweep({ to: report, after: "destroy" })).toMatchInlineSnapshot(`198`);
});

test("a job's destroy that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: report,
    run: (cloud, options) => report(cloud).destroy(options),
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`155`);
});

test("a job's destroy that meets any fault while it stops tasks is finished by the next run", async () => {
  const positions = await sweep({
    before: (cloud) => report(cloud).run({ count: 2, wait: false }),
    run: (cloud, options) => report(cloud).destroy(options),
    only: ({ operation }) => ["listTasks", "describeTasks", "stopTask"].includes(operation),
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`26`);
});

test("a rollback that meets any fault is finished by the next run", async () => {
  const talk = (cloud: LocalCloud, version: number) => talkOnFargate(cloud, IMAGE(version));
  const positions = await sweep({
    before: async (cloud) => {
      await talk(cloud, 1).deploy();
      await talk(cloud, 2).deploy();
    },
    run: (cloud, options) => talk(cloud, 2).rollback({ ...options, to: "talk-service:1" }),
    // It polls with the same reads until the rollout is over.
    only: ({ write }, nth) => write || nth === 1,
  });
  expect(positions).toMatchInlineSnapshot(`33`);
});
