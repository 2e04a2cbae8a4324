import { describe, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkService } from "./tutorial.js";

const image = (version: number) => `registry.example.com/talk-service:${version}`;
const URL = { DATABASE_URL: "ssm:/talk/database-url" };
const BOTH = { ...URL, TOKEN: "ssm:/talk/token" };
const cluster = "conference-cluster";

/** The secrets that the service's execution role may read. */
async function readable({ ports }: LocalCloud): Promise<readonly string[]> {
  const { taskDefinition } = await ports.ecs.describeTaskDefinition({ taskDefinition: "talk-service" });
  const RoleName = taskDefinition!.executionRoleArn!.split("/").at(-1)!;
  const { PolicyNames } = await ports.iam.listRolePolicies({ RoleName });
  const policies = await Promise.all(
    PolicyNames!.map((PolicyName) => ports.iam.getRolePolicy({ RoleName, PolicyName })),
  );
  const text = policies.map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument!)).join("");
  return Object.values(BOTH).filter((secret) => text.includes(secret.slice("ssm:".length)));
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** Stops a task as soon as the rollout has begun, and returns why the tasks that have ended since could not start. */
async function stopOneInRollout(cloud: LocalCloud, deploy: () => Promise<unknown>) {
  const { ecs } = cloud.ports;
  const running = async () => (await ecs.listTasks({ cluster })).taskArns!;
  const [task] = await running();
  const deployed = deploy();
  const rolloutIsAhead = async () =>
    (await ecs.describeServices({ cluster, services: ["talk-service-ecs"] })).services![0]!.deployments!
      .length < 2;
  while (await rolloutIsAhead()) await cloud.clock.sleep(1000);
  await ecs.stopTask({ cluster, task: task! });
  const result = await deployed;
  const { taskArns } = await ecs.listTasks({ cluster, desiredStatus: "STOPPED" });
  const { tasks } = await ecs.describeTasks({ cluster, tasks: taskArns! });
  return { result, denied: tasks!.filter(({ stoppedReason }) => /secrets/i.test(stoppedReason ?? "")) };
}

describe("a deploy that needs fewer secrets", () => {
  test("leaves the tasks of the old version what they read until the new version runs", async () => {
    const cloud = await sharedAccount();
    await talkService(cloud, image(1)).secrets(BOTH).deploy();
    const next = talkService(cloud, image(2)).secrets(URL);
    const { denied } = await stopOneInRollout(cloud, () => next.deploy());
    expect(denied).toEqual([]);
    expect(await readable(cloud)).toEqual([URL.DATABASE_URL]);
    expect((await next.plan()).isEmpty).toBe(true);
    await cloud.close();
  });

  test("leaves them to a version that ECS rolls back to", async () => {
    const cloud = await sharedAccount({ images: { "talk-service:2": { exits: 1 } } });
    await talkService(cloud, image(1)).secrets(BOTH).deploy();
    const broken = talkService(cloud, image(2)).secrets(URL);
    const { result, denied } = await stopOneInRollout(cloud, () => thrownBy(broken.deploy()));
    expect(result).toMatchObject({ code: "rollout-failed" });
    expect(denied).toEqual([]);
    expect(await readable(cloud)).toEqual(Object.values(BOTH));
    const before = talkService(cloud, image(1)).secrets(BOTH);
    expect((await before.status()).tasks).toMatchObject({ running: 2 });
    expect((await before.plan()).isEmpty).toBe(true);
    await cloud.close();
  });

  test("takes them away in the next deploy if the call for that fails", async () => {
    const cloud = await sharedAccount();
    await talkService(cloud, image(1)).secrets(BOTH).deploy();
    const next = talkService(cloud, image(2)).secrets(URL);
    cloud.faults.inject({ operation: "putRolePolicy", kind: "access-denied" });
    expect(await thrownBy(next.deploy())).toMatchObject({ code: "access-denied" });
    expect(await next.status()).toMatchObject({ image: image(2), tasks: { running: 2 } });
    await next.deploy();
    expect(await readable(cloud)).toEqual([URL.DATABASE_URL]);
    expect((await next.plan()).isEmpty).toBe(true);
    await cloud.close();
  });
});
