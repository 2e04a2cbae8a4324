import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkInColors } from "./colors.js";
import { conferenceAlb, talkRoute, talkService } from "./tutorial.js";

let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const sticky = { ...talkRoute, stickiness: "1h" };

/** The group stickiness of the deployment's rule. */
function ofRule(): unknown {
  const rule = [...cloud.account.elb.rules.values()].find(({ priority, tags }) =>
    priority === "default" ? false : tags.get("quayside:owner") === "deployment/talk-service",
  );
  return rule?.actions[0]?.ForwardConfig?.TargetGroupStickinessConfig;
}

/** Whether the deployment's target groups are sticky. */
const ofGroups = (): unknown[] =>
  [...cloud.account.elb.targetGroups.values()].flatMap(({ name, attributes }) =>
    name.startsWith("talk") ? [attributes.get("stickiness.enabled")] : [],
  );

const ON = { Enabled: true, DurationSeconds: 60 };

test("a sticky blue/green service is released, shifted and rolled back", async () => {
  const talk = (version: number) =>
    talkInColors(cloud, version, { shift: [10, 100] }).behindAlb(conferenceAlb, sticky);
  await talk(1).deploy();
  expect([ofRule(), ofGroups()]).toEqual([ON, ["true", "true"]]);
  await talk(2).deploy();
  const release = await talk(2).release();
  expect(release.live).toBe("green");
  await release.rollback();
  expect(ofRule()).toEqual(ON);
  expect((await talk(1).plan()).isEmpty).toBe(true);
  expect((await talk(1).destroy()).kept).toEqual([]);
});

test("a blue/green service becomes sticky, and is no longer sticky", async () => {
  const plain = talkInColors(cloud);
  await plain.deploy();
  await plain.behindAlb(conferenceAlb, sticky).deploy();
  expect([ofRule(), ofGroups()]).toEqual([ON, ["true", "true"]]);
  expect((await plain.behindAlb(conferenceAlb, sticky).plan()).isEmpty).toBe(true);
  await plain.deploy();
  expect([ofRule(), ofGroups()]).toEqual([{ Enabled: false }, ["false", "false"]]);
  expect((await plain.plan()).isEmpty).toBe(true);
});

test("a sticky rolling service becomes blue/green, and rolling again", async () => {
  const rolling = talkService(cloud).behindAlb(conferenceAlb, sticky);
  await rolling.deploy();
  await talkInColors(cloud).behindAlb(conferenceAlb, sticky).deploy();
  expect(ofRule()).toEqual(ON);
  await rolling.deploy();
  expect((await rolling.plan()).changes.filter(({ resource }) => resource === "listener-rule")).toMatchObject(
    [{ action: "none" }],
  );
});

test("the target group of a sticky rolling service is replaced", async () => {
  const rolling = talkService(cloud).behindAlb(conferenceAlb, sticky);
  await rolling.deploy();
  const renamed = talkService(cloud).behindAlb(conferenceAlb, { ...sticky, targetGroup: "talkOther" });
  await renamed.deploy();
  expect((await renamed.status()).isHealthy).toBe(true);
});
