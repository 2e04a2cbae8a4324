import { expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { talkInColors } from "./colors.js";

test("roles of the scheduler trust it only for schedules of the own account", async () => {
  await using cloud = await sharedAccount();
  const job = new Job("nightly-report")
    .image("registry.example.com/report:1")
    .container({ cpu: 256 })
    .cluster(new Cluster("jobs").fargate())
    .schedule("rate(1 day)")
    .on(cloud);
  const talk = talkInColors(cloud, 1, { keepOld: "3d" });
  await job.deploy();
  await talk.deploy();
  const own = (trustPolicy: string) => trustPolicy.includes("scheduler.amazonaws.com");
  const roles = [...cloud.account.iam.roles.values()].filter(({ trustPolicy }) => own(trustPolicy));
  expect(roles.map(({ name }) => name).sort()).toEqual([
    "nightly-report-schedule-role-eu-west-1",
    "talk-service-keep-old-eu-west-1",
  ]);
  for (const { trustPolicy } of roles) {
    expect(JSON.parse(trustPolicy)).toMatchObject({
      Statement: [{ Condition: { StringEquals: { "aws:SourceAccount": cloud.account.accountId } } }],
    });
  }
  expect((await job.plan()).isEmpty).toBe(true);
  expect((await talk.plan()).isEmpty).toBe(true);

  // As an earlier version created them.
  for (const role of roles) {
    const { Condition: _, ...statement } = (
      JSON.parse(role.trustPolicy) as { Statement: [{ Condition: object }] }
    ).Statement[0];
    role.trustPolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  }
  expect(await writesOf(cloud, () => job.deploy())).toEqual(["updateAssumeRolePolicy"]);
  expect(await writesOf(cloud, () => talk.deploy())).toEqual(["updateAssumeRolePolicy"]);
  expect((await job.plan()).isEmpty).toBe(true);
});
