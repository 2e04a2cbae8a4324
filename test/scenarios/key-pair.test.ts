import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  terminalReporter,
  type Ec2Options,
  type QuaysideEvent,
} from "../../src/index.js";
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

test.each([
  ["before its key pair was created", false],
  ["after its key pair was created", true],
])("a key file that a killed run has left empty %s gets a key", async (_, isCreated) => {
  const pristine = comparable(cloud);
  await chain().deploy();
  const [first] = cloud.account.ec2.keyPairs.values();
  if (!isCreated) await cloud.ports.ec2.deleteKeyPair({ KeyName: "conference-key" });
  await writeFile(createTo, "");

  const plan = await chain().plan();
  expect(plan.toString()).toContain(isCreated ? "~ key-pair" : "+ key-pair");
  await chain().deploy();
  expect(await readFile(createTo, "utf8")).toMatch(/PRIVATE KEY/);
  expect((await stat(createTo)).mode & 0o777).toBe(0o600);
  const [second] = cloud.account.ec2.keyPairs.values();
  expect(second).not.toEqual(first);
  expect(await writesOf(cloud, () => chain().deploy())).toEqual([]);

  await writeFile(createTo, "");
  await chain().destroy();
  expect(comparable(cloud)).toEqual(pristine);
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

describe("a key pair that exists", () => {
  const inCluster = (name: string, ec2: Ec2Options = {}) =>
    talkService(cloud).cluster(
      new Cluster(name).ec2({ instanceType: "t2.micro", keyPair: "their-key", ...ec2 }),
    );

  test("does not keep a destroy from deleting what the cluster no longer describes", async () => {
    await cloud.ports.ec2.createKeyPair({ KeyName: "their-key" });
    const pristine = comparable(cloud);
    await inCluster("web", { instanceRole: "first-role", securityGroup: "first-group" }).deploy();
    await inCluster("web", { instanceRole: "second-role", securityGroup: "second-group" }).deploy();
    await inCluster("web", { instanceRole: "second-role", securityGroup: "second-group" }).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("can be that of two clusters of a fleet", async () => {
    await cloud.ports.ec2.createKeyPair({ KeyName: "their-key" });
    const on = (name: string) =>
      new Deployment(name)
        .image("registry.example.com/talk-service:1")
        .cluster(new Cluster(`${name}-cluster`).ec2({ instanceType: "t2.micro", keyPair: "their-key" }))
        .on(cloud);
    const fleet = new Fleet(on("talk"), on("speaker"));
    await fleet.deploy();
    expect((await fleet.plan()).isEmpty).toBe(true);
    expect((await fleet.destroy()).kept).toEqual([]);
    expect([...cloud.account.ec2.keyPairs.values()].map(({ name }) => name)).toEqual(["their-key"]);
  });

  test("a key pair that two clusters of a fleet would create is refused before anything is changed", async () => {
    const on = (name: string) =>
      new Deployment(name)
        .image("registry.example.com/talk-service:1")
        .cluster(
          new Cluster(`${name}-cluster`).ec2({
            instanceType: "t2.micro",
            keyPair: { name: "conference-key", createTo },
          }),
        )
        .on(cloud);
    const fleet = new Fleet(on("talk"), on("speaker"));
    const writes = await writesOf(cloud, () =>
      expect(fleet.deploy()).rejects.toMatchObject({
        code: "described-twice",
        message:
          "Nothing was changed: key-pair conference-key is described by cluster/talk-cluster and by cluster/speaker-cluster",
        fix: expect.any(String),
      }),
    );
    expect(writes).toEqual([]);
  });
});
