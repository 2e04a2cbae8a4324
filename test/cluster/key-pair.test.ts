import { CreateKeyPairCommand, DeleteKeyPairCommand, DescribeKeyPairsCommand } from "@aws-sdk/client-ec2";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { existingKeyPairKind, keyPairKind } from "../../src/cluster/key-pair.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2 } = mockAws();

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "key-pair-"));
});
afterEach(() => rm(directory, { recursive: true }));

const tags = { "quayside:owner": "cluster/web" };
const KeyMaterial = "-----BEGIN OPENSSH PRIVATE KEY-----";

describe("a key pair", () => {
  it("that exists is used", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeKeyPairsCommand).resolves({ KeyPairs: [{ KeyName: "k", Tags: [] }] });
    expect(await keyPairKind.read({ keyName: "k", tags }, context)).toEqual({
      state: { keyName: "k" },
      current: { keyName: "k" },
      tags: {},
    });
  });

  it("that must exist and does not is missing, with what to write to have it created", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeKeyPairsCommand).rejects(sdkError("InvalidKeyPair.NotFound"));
    const desired = { keyName: "k", tags };
    expect(await existingKeyPairKind.read(desired, context)).toBeUndefined();
    expect(existingKeyPairKind.create).toBeUndefined();
    expect(existingKeyPairKind.notFoundError!(desired)).toMatchObject({
      code: "key-pair-not-found",
      fix: 'Create it, or let quayside create it: keyPair: { name: "k", createTo: "./k.pem" }.',
    });
  });

  it("is created on request, its private key in a file for the user only, and nowhere else", async () => {
    const { context, events } = await mockedContext();
    ec2.on(CreateKeyPairCommand).resolves({ KeyName: "k", KeyMaterial });
    const createTo = join(directory, "k.pem");
    expect(await keyPairKind.create!({ keyName: "k", createTo, tags }, context)).toEqual({ keyName: "k" });
    expect(await readFile(createTo, "utf8")).toBe(KeyMaterial);
    expect((await stat(createTo)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(events)).not.toContain(KeyMaterial);
    const Tags = [{ Key: "quayside:owner", Value: "cluster/web" }];
    expect(sent(ec2)).toEqual([
      [
        "CreateKeyPair",
        { KeyName: "k", KeyType: "ed25519", TagSpecifications: [{ ResourceType: "key-pair", Tags }] },
      ],
    ]);
  });

  it("is not created if its file exists: nothing is sent, nothing overwritten", async () => {
    const { context } = await mockedContext();
    const createTo = join(directory, "k.pem");
    await writeFile(createTo, "precious");
    await expect(keyPairKind.create!({ keyName: "k", createTo, tags }, context)).rejects.toMatchObject({
      code: "key-file",
      message: `Key pair k was not created: ${createTo} already exists and is not overwritten`,
    });
    expect(await readFile(createTo, "utf8")).toBe("precious");
    expect(sent(ec2)).toEqual([]);
  });

  it("that AWS refuses leaves no file behind", async () => {
    const { context } = await mockedContext();
    ec2.on(CreateKeyPairCommand).rejects(sdkError("KeyPairLimitExceeded"));
    const createTo = join(directory, "k.pem");
    await expect(keyPairKind.create!({ keyName: "k", createTo, tags }, context)).rejects.toMatchObject({
      awsCode: "KeyPairLimitExceeded",
    });
    await expect(stat(createTo)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("whose answer was lost in this run is created again, because its private key was lost with it", async () => {
    const { context } = await mockedContext();
    ec2.on(CreateKeyPairCommand).rejectsOnce(sdkError("InvalidKeyPair.Duplicate")).resolves({ KeyMaterial });
    ec2.on(DescribeKeyPairsCommand).resolves({
      KeyPairs: [
        {
          CreateTime: new Date(context.startedAt + 1),
          Tags: [{ Key: "quayside:owner", Value: "cluster/web" }],
        },
      ],
    });
    ec2.on(DeleteKeyPairCommand).resolves({});
    const createTo = join(directory, "k.pem");
    await keyPairKind.create!({ keyName: "k", createTo, tags }, context);
    expect(await readFile(createTo, "utf8")).toBe(KeyMaterial);
  });

  it("of another owner is never deleted to be created again", async () => {
    const { context } = await mockedContext();
    ec2.on(CreateKeyPairCommand).rejects(sdkError("InvalidKeyPair.Duplicate"));
    ec2.on(DescribeKeyPairsCommand).resolves({ KeyPairs: [{ CreateTime: new Date(context.startedAt + 1) }] });
    const createTo = join(directory, "k.pem");
    const error: unknown = await keyPairKind.create!({ keyName: "k", createTo, tags }, context).catch(
      (e: unknown) => e,
    );
    expect(keyPairKind.alreadyExists!(error)).toBe(true);
    expect(sent(ec2).map(([command]) => command)).not.toContain("DeleteKeyPair");
  });
});
