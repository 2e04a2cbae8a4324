import { expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/index.js";
import { Sources } from "../docker/sources.js";
import { sharedAccount } from "./account.js";
import { talkInColors } from "./colors.js";

test("what the old version would be started from, and is gone, is said before it loses requests", async () => {
  await using cloud = await sharedAccount();
  await using sources = await Sources.create({ Dockerfile: 'FROM node:22\nCMD ["node", "server.mjs"]\n' });
  const talk = talkInColors(cloud, 1, { shift: [50, 100] }).image(sources.directory);
  let said: string[] = [];
  const onEvent = (event: QuaysideEvent): void => {
    if (event.type === "warning") said.push(event.message);
    if (event.type === "traffic") said.push(event.why);
  };
  const deploy = async (content: string, hold = false): Promise<string> => {
    await sources.write("server.mjs", content);
    said = [];
    return (await talk.deploy({ hold, onEvent })).image.split("@")[1]!;
  };
  const images = () => cloud.account.ecr.repositories.get("talk-service")!.images;

  await deploy("1");
  const second = await deploy("2");
  expect(said).toEqual(["50 % of the traffic goes to green", "100 % of the traffic goes to green"]);

  images().delete(second);
  await deploy("3");
  expect(said).toEqual([
    expect.stringMatching(
      /^a rollback of talk-service would fail: talk-service:2 needs resources that no longer exist: image .*@sha256:/,
    ),
    "50 % of the traffic goes to blue",
    "100 % of the traffic goes to blue",
  ]);

  // By another process, too; and a revision that nothing can be started from any more.
  await deploy("4", true);
  await cloud.ports.ecs.deregisterTaskDefinition({ taskDefinition: "talk-service:3" });
  await (await talk.release()).promote({ onEvent });
  expect(said).toEqual([
    "a rollback of talk-service would fail: task definition talk-service:3 is no longer active",
    "green is promoted",
  ]);
});
