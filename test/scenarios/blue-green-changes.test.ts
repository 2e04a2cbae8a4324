import { expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkInColors } from "./colors.js";
import { watchCapacity } from "./full-capacity.js";
import { conferenceAlb, conferenceCluster, talkLogs, talkRoute } from "./tutorial.js";

async function liveOnBlue(): Promise<LocalCloud> {
  const cloud = await sharedAccount();
  await talkInColors(cloud).deploy();
  return cloud;
}

type Talk = ReturnType<typeof talkInColors>;

test.each<[string, (talk: Talk) => Talk]>([
  ["a variable", (talk) => talk.env({ LOG_LEVEL: "debug" })],
  ["the size of the container", (talk) => talk.container({ cpu: 256, memoryReservation: 256 })],
  ["the container's health check", (talk) => talk.container({ healthCheck: "exit 0" })],
  ["a sidecar", (talk) => talk.sidecar("proxy", { image: "registry.example.com/proxy:1" })],
  ["who scales the instances", (talk) => talk.cluster(conferenceCluster.autoscale({ min: 3, max: 5 }))],
])("a change of %s is a release: it goes through the colors", async (_what, change) => {
  await using cloud = await liveOnBlue();
  const watch = watchCapacity(cloud, 2);
  const changed = change(talkInColors(cloud));
  const moved = await traffic(changed);
  expect(moved).toEqual([{ blue: 0, green: 100 }]);
  expect((await changed.release()).live).toBe("green");
  expect((await changed.plan()).isEmpty).toBe(true);
  expect(watch.gaps).toEqual([]);
  watch.stop();
});

test.each<[string, (talk: Talk) => Talk]>([
  ["the path", (talk) => talk.behindAlb(conferenceAlb, { ...talkRoute, path: ["/talk*", "/speech*"] })],
  [
    "the delay of deregistration",
    (talk) => talk.behindAlb(conferenceAlb, { ...talkRoute, deregistrationDelay: "10s" }),
  ],
  ["who may reach the load balancer", (talk) => talk.behindAlb(conferenceAlb.allow("10.0.0.0/8"), talkRoute)],
  ["the logs' retention", (talk) => talk.logs("talk-service-cloudwatch", { ...talkLogs, retention: "90d" })],
  [
    "the instances' bounds",
    (talk) =>
      talk.cluster(
        conferenceCluster.autoscale({ min: 3, max: 5, steps: [{ when: "cpu >= 80", for: "60s", add: 1 }] }),
      ),
  ],
])("a change of %s is none: nobody's requests move", async (_what, change) => {
  await using cloud = await liveOnBlue();
  const watch = watchCapacity(cloud, 2);
  const changed = change(talkInColors(cloud));
  expect((await changed.plan()).isEmpty).toBe(false);
  expect(await traffic(changed)).toEqual([]);
  const release = await changed.release();
  expect([release.live, release.weights]).toEqual(["blue", { blue: 100, green: 0 }]);
  expect((await changed.plan()).isEmpty).toBe(true);
  expect(watch.gaps).toEqual([]);
  watch.stop();
});

test("a release that begins while another one bakes with all requests takes away its way back, which it notices", async () => {
  await using cloud = await liveOnBlue();
  let third: Promise<unknown> | undefined;
  const second: unknown = await talkInColors(cloud, 2, { shift: [50, 100], every: "10m" })
    .deploy({
      onEvent: (event) => {
        if (event.type === "bake" && event.percent === 100) third ??= talkInColors(cloud, 3).deploy();
      },
    })
    .catch((thrown: unknown) => thrown);
  expect(second).toMatchObject({ code: "release-moved", fix: expect.any(String) });
  await third;
  const release = await talkInColors(cloud, 3).release();
  expect([release.live, release.weights]).toEqual(["blue", { blue: 100, green: 0 }]);
});

async function traffic(talk: Talk) {
  const weights: Extract<QuaysideEvent, { type: "traffic" }>["weights"][] = [];
  await talk.deploy({ onEvent: (event) => event.type === "traffic" && weights.push(event.weights) });
  return weights;
}

test.each([4, 1])(
  "a new version with another number of tasks (%i) comes up with it, in one deploy",
  async (desired) => {
    await using cloud = await sharedAccount();
    await talkInColors(cloud, 1, { every: "0s" }).deploy();
    const watch = watchCapacity(cloud, Math.min(desired, 2));
    const next = talkInColors(cloud, 2, { every: "0s" }).service({ desired });
    await next.deploy();
    expect((await next.plan()).isEmpty).toBe(true);
    await cloud.clock.sleep(600_000);
    expect([(await next.status()).tasks.running, watch.gaps]).toEqual([desired, []]);
    watch.stop();
  },
);
