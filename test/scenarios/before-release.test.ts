import { afterEach, describe, expect, test } from "vitest";
import type { CompleteDeployment, QuaysideError, QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount } from "./account.js";
import { IMAGE, talkInColors } from "./colors.js";
import { talkService } from "./tutorial.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const rolling = (version: number): CompleteDeployment => talkService(cloud, IMAGE(version));
const inColors = (version: number): CompleteDeployment => talkInColors(cloud, version, { shift: [50, 100] });

/** Version 2 is migrated to by a task that ends so. */
async function migratingTo(exits: number, chain: (version: number) => CompleteDeployment) {
  cloud = await sharedAccount({
    images: {
      "talk-service:2": { byCommand: { migrate: { exits, after: "5s", log: ["ALTER TABLE talk", "end"] } } },
    },
  });
  await chain(1).deploy();
  const events: QuaysideEvent[] = [];
  let error: QuaysideError | undefined;
  const calls = await callsOf(cloud, () =>
    chain(2)
      .beforeRelease({ command: ["migrate"] })
      .deploy({ onEvent: (event) => events.push(event) })
      .catch((thrown: QuaysideError) => void (error = thrown)),
  );
  const operations = calls.filter(({ write }) => write).map(({ operation }) => operation);
  return { error, events, operations };
}

describe.each([
  ["rolling", rolling],
  ["blue/green", inColors],
])("a migration before a %s release", (_, chain) => {
  test("that fails releases nothing: the old version has all requests, its lines are shown", async () => {
    const { error, events, operations } = await migratingTo(1, chain);
    expect(error).toMatchObject({ code: "before-release-failed", facts: { exitCode: 1 } });
    expect(error!.facts["logs"]).toEqual(["ALTER TABLE talk", "end"]);
    expect(events.flatMap((event) => (event.type === "log" ? [event.message] : []))).toEqual([
      "ALTER TABLE talk",
      "end",
    ]);
    expect(operations).toContain("runTask");
    for (const harm of ["createService", "updateService", "modifyRule", "createRule", "tagResource"])
      expect(operations).not.toContain(harm);
    expect(await chain(1).status()).toMatchObject({ image: IMAGE(1), isHealthy: true });
  });

  test("that succeeds is over before the release begins", async () => {
    const { error, operations } = await migratingTo(0, chain);
    expect(error).toBeUndefined();
    expect(operations.filter((operation) => operation === "runTask")).toHaveLength(1);
    const release = operations.findIndex((operation) => /^(create|update)Service$/.test(operation));
    expect(operations.indexOf("runTask")).toBeLessThan(release);
    expect(await chain(2).status()).toMatchObject({ image: IMAGE(2), isHealthy: true });
  });
});

test("a migration runs with the first blue/green release, too", async () => {
  cloud = await sharedAccount({
    images: { "talk-service": { byCommand: { migrate: { exits: 2 } } } },
  });
  const chain = inColors(1).beforeRelease({ command: ["migrate"] });
  await expect(chain.deploy()).rejects.toMatchObject({ code: "before-release-failed" });
  expect(Object.keys(cloud.state().services)).toEqual([]);
});
