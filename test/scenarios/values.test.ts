import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { Deployment, Job } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

test("tail() since long before CloudWatch Logs existed reads all that there is", async () => {
  cloud = await sharedAccount();
  const talk = new Deployment("talk").image("talk:1").cluster("conference-cluster").on(cloud);
  await talk.deploy();
  const read = async (since: string | Date) => {
    for await (const _ of talk.tail({ since }));
  };
  await read("99999d");
  await read(new Date(-1));
});

test("a directory may be given as a file URL, as import.meta.url makes it, and as a path of Windows", async () => {
  cloud = await sharedAccount();
  const directory = new URL("../../examples/talk-service", import.meta.url);
  const image = (source: string | URL) =>
    new Deployment("talk").image(source).cluster("conference-cluster").toJSON().image;
  expect(image(directory)).toEqual(image(fileURLToPath(directory)));
  expect(() => new Job("talk").image("C:\\no-such-directory").cluster("c").toJSON()).toThrow(
    "C:\\no-such-directory",
  );
});
