import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsTarget, readRecordings } from "../../smoke/aws-target.js";
import { smoke } from "../../smoke/smoke.js";
import { STEPS } from "../../smoke/steps.js";
import { describeWithMoto } from "./describe-over-http.js";
import { MotoServer } from "./moto-server.js";

describeWithMoto("the smoke run over HTTP", () => {
  let moto: MotoServer;
  let folder: string;
  beforeAll(async () => {
    moto = await MotoServer.start();
    folder = mkdtempSync(join(tmpdir(), "quayside-smoke-"));
  });
  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true });
  });

  test("records an emulator without its account and keys, finds how it differs, and leaves nothing", async () => {
    const { id: account, region, endpoint, credentials } = await moto.newAccount();
    const target = awsTarget({ id: "c0ffee", account, region, endpoint, credentials, record: folder });
    const never = new AbortController().signal;
    const { results, left, differences, page } = await smoke({
      steps: STEPS.filter(({ name }) => name === "job"),
      target,
      folder,
      minutes: 55,
      stop: never,
      abandon: never,
      print: () => {},
    });

    expect(results).toMatchObject([{ state: "passed" }]);
    expect(left).toEqual([]);
    // Two that this version of the emulator is known for.
    expect(differences).toContainEqual(
      expect.objectContaining({
        operation: "ec2 CreateSecurityGroup",
        kind: "only on the local cloud",
        what: "Tags",
      }),
    );
    expect(differences).toContainEqual(
      expect.objectContaining({ operation: "ecs CreateCluster", what: "cluster.statistics" }),
    );
    expect(readFileSync(page, "utf8")).toContain("the emulator beside the local cloud");

    const recordings = readRecordings(folder);
    expect(recordings.map(({ operation }) => operation)).toContain("RegisterTaskDefinition");
    const text = JSON.stringify(recordings) + readFileSync(page, "utf8");
    for (const secret of [account, ...Object.values(credentials)]) expect(text).not.toContain(secret);
  });
});
