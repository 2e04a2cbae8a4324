import { expect, test } from "vitest";
import { addForeignAlarms, scaledService as scaled } from "../../bench/crowded.js";
import { Fleet, type Plan } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { callsOf } from "./account.js";

const namesOf = (calls: Awaited<ReturnType<typeof callsOf>>) =>
  calls.map(({ service, operation }) => `${service}.${operation}`).sort();

test("the plan of a service makes the same calls among 3,000 alarms of others as with none", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const talk = scaled("talk").on(cloud);
  await talk.deploy();
  const plan = async () => {
    let planned: Plan | undefined;
    const calls = await callsOf(cloud, async () => void (planned = await talk.plan()));
    expect(planned!.isEmpty).toBe(true);
    return namesOf(calls);
  };
  const alone = await plan();
  expect(alone).toContain("cloudWatch.describeAlarms");
  await addForeignAlarms(cloud, 3_000);
  expect(await plan()).toEqual(alone);
});

test("a fleet reads alarms in pages of a hundred, which all of its services share", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const fleet = new Fleet(scaled("talk"), scaled("speaker"), scaled("agenda")).on(cloud);
  await fleet.deploy();
  const alone = namesOf(await callsOf(cloud, () => fleet.plan()));
  await addForeignAlarms(cloud, 300);
  const crowded = namesOf(await callsOf(cloud, () => fleet.plan()));
  expect(crowded.length - alone.length).toBe(3);
});
