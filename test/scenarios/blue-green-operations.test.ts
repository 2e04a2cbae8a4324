import { expect, test } from "vitest";
import { sharedAccount, writesOf } from "./account.js";
import { talkInColors } from "./colors.js";

test("history, rollback and exec are about the color that has the traffic", async () => {
  await using cloud = await sharedAccount();
  await talkInColors(cloud, 1).service({ exec: true }).deploy();
  const second = talkInColors(cloud, 2).service({ exec: true });
  await second.deploy();
  const states = async () => (await second.history()).map(({ id, state }) => [id, state]);
  expect(await states()).toEqual([
    ["talk-service:2", "live"],
    ["talk-service:1", "superseded"],
  ]);

  expect(await writesOf(cloud, () => second.rollback())).toEqual(["modifyRule"]);
  expect((await second.release()).live).toBe("blue");
  expect((await states()).find(([, state]) => state === "live")).toEqual(["talk-service:1", "live"]);

  const { task } = await second.exec({ command: "ls" });
  const tasks = await cloud.ports.ecs.listTasks({
    cluster: "conference-cluster",
    serviceName: "talk-service-ecs-blue",
  });
  expect(tasks.taskArns?.some((arn) => arn.endsWith(task))).toBe(true);

  await (await second.release()).retire();
  await expect(second.rollback({ to: "talk-service:2" })).rejects.toMatchObject({ code: "no-such-release" });
});
