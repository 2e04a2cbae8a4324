// #region test
import assert from "node:assert/strict";
import { Deployment, QuaysideError } from "quayside";
import { localCloud } from "quayside/local";

const talk = new Deployment("talk-service").image("talk-service:1").port(8080).cluster("conference-cluster");

/** A second deploy changes nothing. */
export async function isRepeatable() {
  const cloud = localCloud({ clock: "virtual", seed: 1 });
  await talk.on(cloud).deploy();
  const plan = await talk.on(cloud).plan();
  assert.ok(plan.isEmpty, plan.toString());
}

/** A version that exits on its start is rolled back, and the error says why. */
export async function rollsBack() {
  const cloud = localCloud({
    clock: "virtual",
    seed: 1,
    images: { "talk-service:2": { exits: 1, log: ["DATABASE_URL is not set"] } },
  });
  await talk.on(cloud).deploy();
  const broken = talk.image("talk-service:2").on(cloud);
  await assert.rejects(broken.deploy(), (error) => {
    return error instanceof QuaysideError && error.code === "rollout-failed";
  });
}
// #endregion test

export default async () => {
  await isRepeatable();
  await rollsBack();
};
