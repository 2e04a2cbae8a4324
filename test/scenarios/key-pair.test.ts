import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, terminalReporter, type QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { conferenceEc2, talkService } from "./tutorial.js";

let cloud: LocalCloud;
let directory: string;
let createTo: string;
beforeEach(async () => {
  cloud = await sharedAccount();
  directory = await mkdtemp(join(tmpdir(), "quayside-key-"));
  createTo = join(directory, "conference-key.pem");
});
afterEach(async () => {
  await cloud.close();
  await rm(directory, { recursive: true });
});

const chain = () =>
  talkService(cloud).cluster(
    new Cluster("conference-cluster").ec2({
      ...conferenceEc2,
      keyPair: { name: "conference-key", createTo },
    }),
  );

test("the private key of a new key pair is in its file, for its owner alone, and nowhere else", async () => {
  const events: QuaysideEvent[] = [];
  const shown: string[] = [];
  const show = terminalReporter({ stream: { write: (text: string) => shown.push(text) } });
  const outcome = await chain().deploy({
    onEvent: (event) => {
      events.push(event);
      show(event);
    },
  });

  const key = await readFile(createTo, "utf8");
  expect((await stat(createTo)).mode & 0o777).toBe(0o600);
  expect(key).toMatch(/PRIVATE KEY/);
  const said = [events, shown, outcome, await chain().plan(), cloud.state()].map((one) =>
    JSON.stringify(one),
  );
  const secret = key.split("\n").find((line) => !line.includes("-----"))!;
  expect(said.filter((text) => text.includes(secret))).toEqual([]);

  expect(await writesOf(cloud, () => chain().deploy())).toEqual([]);
  expect(await readFile(createTo, "utf8")).toBe(key);
});

test("a key pair whose file exists is refused before anything is changed", async () => {
  await writeFile(createTo, "precious");

  const writes = await writesOf(cloud, async () => {
    await expect(chain().deploy()).rejects.toMatchObject({
      code: "key-file",
      message: `Key pair conference-key was not created: ${createTo} already exists and is not overwritten`,
    });
  });

  expect(writes).toEqual([]);
  expect(await readFile(createTo, "utf8")).toBe("precious");
});

test("a destroy deletes the key pair and leaves the file to its owner", async () => {
  const pristine = comparable(cloud);
  await chain().deploy();

  await chain().destroy();

  expect(comparable(cloud)).toEqual(pristine);
  expect(await readFile(createTo, "utf8")).toMatch(/PRIVATE KEY/);
  expect(await chain().destroy()).toEqual({ deleted: [], kept: [] });
});
