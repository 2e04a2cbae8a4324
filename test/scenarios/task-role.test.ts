import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { talkService } from "./tutorial.js";

let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await sharedAccount({ images: { report: { exits: 0, after: "1m" } } });
});
afterEach(() => cloud.close());

const ROLE = "talk-service-task-role-eu-west-1";
const slides = {
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::slides/*" },
} as const;
const queue = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
const theirs = "arn:aws:iam::123456789012:role/theirRole";

const roleOf = (name: string) => cloud.account.iam.roles.get(name)!;
const taskRoleOf = async (taskDefinition: string) =>
  (await cloud.ports.ecs.describeTaskDefinition({ taskDefinition })).taskDefinition!.taskRoleArn;

test("a role is made from the policies, changed in place without a rollout, and goes with the deployment", async () => {
  const pristine = comparable(cloud);
  const talk = talkService(cloud);
  const { taskDefinition } = await talk.taskRole({ policies: [queue, slides] }).deploy();
  expect(await taskRoleOf(taskDefinition)).toBe(
    `arn:aws:iam::123456789012:role/quayside/eu-west-1/deployment/talk-service/${ROLE}`,
  );
  expect([...roleOf(ROLE).attached]).toEqual([queue]);
  expect([...roleOf(ROLE).inline.keys()]).toEqual(["policy-1"]);
  expect((await talk.taskRole({ policies: [queue, slides] }).plan()).isEmpty).toBe(true);

  const changed = talk.taskRole({ policies: [slides] });
  expect(await writesOf(cloud, () => changed.deploy())).toEqual(["detachRolePolicy"]);
  await changed.destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

test("with sessions allowed, the role lets their agent connect too; without either there is none", async () => {
  const talk = talkService(cloud).service({ exec: true });
  await talk.taskRole({ policies: [slides] }).deploy();
  expect([...roleOf(ROLE).inline.keys()].sort()).toEqual(["exec", "policy-1"]);
  expect((await talk.taskRole({ policies: [slides] }).exec()).container).toBe("web");
  await talk.deploy();
  expect([...roleOf(ROLE).inline.keys()]).toEqual(["exec"]);
  await talk.service({ exec: false }).deploy();
  expect(cloud.account.iam.roles.has(ROLE)).toBe(false);
});

test("a role that exists is used, and never changed or deleted", async () => {
  const withoutUse = () => ({ ...structuredClone(roleOf("theirrole")), lastUsed: undefined });
  const before = withoutUse();
  const talk = talkService(cloud).taskRole(theirs);
  const { taskDefinition } = await talk.deploy();
  expect(await taskRoleOf(taskDefinition)).toBe(theirs);
  expect((await talk.plan()).isEmpty).toBe(true);
  await talk.destroy();
  expect(withoutUse()).toEqual(before);
});

test("a role that only the user knows is there, also for a rollback", async () => {
  const talk = talkService(cloud).taskRole("arn:aws:iam::123456789012:role/mine");
  const { taskDefinition } = await talk.deploy();
  await talk.env({ VERSION: "2" }).deploy();
  await cloud.clock.sleep(60_000);
  await talk.rollback();
  expect((await talk.status()).taskDefinition).toBe(taskDefinition);
});

test.each([
  ["made", { policies: [slides] }],
  ["given", theirs],
])("the schedule of a job may pass a role that was %s", async (_, role) => {
  const report = new Job("nightly-report")
    .image("registry.example.com/report:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .taskRole(role)
    .schedule("rate(1 hour)")
    .on(cloud);
  await report.deploy();
  await cloud.clock.sleep(10 * 60_000);
  const { runs } = await report.status();
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0]);
});
