import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { awsTarget, readRecordings } from "../../smoke/aws-target.js";
import { smoke } from "../../smoke/smoke.js";
import { STEPS } from "../../smoke/steps.js";
import { describeWithMoto } from "./describe-over-http.js";
import type { Account } from "./http-cloud.js";
import { LocalServer } from "./local-server.js";
import { MotoServer } from "./moto-server.js";

/** The run of one step against an emulator, recorded in a folder of its own. */
async function jobOn({ id: account, region, endpoint, credentials }: Account) {
  const folder = mkdtempSync(join(tmpdir(), "quayside-smoke-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const target = awsTarget({ id: "c0ffee", account, region, endpoint, credentials, record: folder });
  const never = new AbortController().signal;
  const run = await smoke({
    steps: STEPS.filter(({ name }) => name === "job"),
    target,
    folder,
    minutes: 55,
    stop: never,
    abandon: never,
    print: () => {},
  });
  expect(run.results).toMatchObject([{ state: "passed" }]);
  expect(run.left).toEqual([]);
  return { ...run, folder, secrets: [account, ...Object.values(credentials)] };
}

test("the smoke run finds no member in which the local cloud over HTTP differs from itself", async () => {
  const server = new LocalServer();
  onTestFinished(() => server.stop());
  const { differences } = await jobOn(await server.newAccount());
  // When roles and tags become known depends on the clocks, and with it what is refused and asked again.
  expect(differences.filter(({ kind }) => !["error", "operation", "duration"].includes(kind))).toEqual([]);
});

describeWithMoto("the smoke run over HTTP", () => {
  test("records an emulator without its account and keys, finds how it differs, and leaves nothing", async () => {
    const moto = await MotoServer.start();
    onTestFinished(() => moto.stop());
    const { differences, page, folder, secrets } = await jobOn(await moto.newAccount());
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
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});
