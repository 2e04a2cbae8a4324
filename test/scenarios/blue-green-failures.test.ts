import { expect, test } from "vitest";
import { AbortedError, TimeoutError, type BlueGreenOptions, type QuaysideEvent } from "../../src/index.js";
import type { ImageBehavior, LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { IMAGE, talkInColors } from "./colors.js";
import { watchCapacity } from "./full-capacity.js";

const [BLUE, GREEN] = ["talkServiceTargetGroup-blue", "talkServiceTargetGroup-green"];

/** Version 1 live on blue; version 2 behaves as it is said. */
async function liveOnBlue(behavior?: ImageBehavior): Promise<LocalCloud> {
  const cloud = await sharedAccount(behavior && { images: { [IMAGE(2)]: behavior } });
  await talkInColors(cloud).deploy();
  return cloud;
}

interface Expected {
  readonly code: string;
  readonly says: RegExp;
}

/** The release fails, blue serves at full size all the while, and then the corrected version goes live. */
async function failsWithoutHarm(
  cloud: LocalCloud,
  options: BlueGreenOptions,
  expected: Expected,
  onTraffic: (event: Extract<QuaysideEvent, { type: "traffic" }>) => void = () => {},
) {
  const watch = watchCapacity(cloud, 2, { always: [BLUE] });
  const error: unknown = await talkInColors(cloud, 2, options)
    .deploy({ onEvent: (event) => event.type === "traffic" && onTraffic(event) })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: expected.code, message: expect.stringMatching(expected.says) });
  expect((error as { fix?: string }).fix).toBeTruthy();

  const release = await talkInColors(cloud, 2).release();
  expect([release.live, release.weights]).toEqual(["blue", { blue: 100, green: 0 }]);
  expect(testRules(cloud)).toBe(0);

  await talkInColors(cloud, 3).deploy();
  expect((await talkInColors(cloud, 3).release()).live).toBe("green");
  expect(watch.gaps).toEqual([]);
  watch.stop();
  return error;
}

const testRules = (cloud: LocalCloud): number =>
  [...cloud.account.elb.rules.values()].filter(({ tags }) => tags.get("quayside:kind") === "test-rule")
    .length;

test("a version that never gets healthy gets no traffic", async () => {
  await using cloud = await liveOnBlue({ exits: 1 });
  await failsWithoutHarm(cloud, {}, { code: "rollout-failed", says: /did not become healthy/ });
});

test("a version that dies at 50 % loses its traffic", async () => {
  await using cloud = await liveOnBlue({ exits: 1, after: "10m" });
  const watch = watchCapacity(cloud, 2, { always: [BLUE], never: [GREEN] });
  const events: string[] = [];
  const failing = talkInColors(cloud, 2, { shift: [10, 50, 100], every: "6m" });
  const error: unknown = await failing
    .deploy({ onEvent: (event) => event.type === "traffic" && events.push(event.why) })
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "release-taken-back", facts: { percent: 50 } });
  expect(error).toMatchObject({ cause: { code: "rollout-failed", diagnosis: "exited-on-start" } });
  expect(events).toEqual([
    "10 % of the traffic goes to green",
    "50 % of the traffic goes to green",
    "shifted back to talk-service-ecs-blue",
  ]);
  expect((await failing.release()).weights).toEqual({ blue: 100, green: 0 });

  // The next version comes up where that one failed.
  await talkInColors(cloud, 3).deploy();
  expect((await failing.release()).weights).toEqual({ blue: 0, green: 100 });
  expect(watch.gaps).toEqual([]);
  watch.stop();
});

test("what verify throws before any traffic is the reason, and no traffic moves", async () => {
  await using cloud = await liveOnBlue();
  const verify = () => {
    throw new Error("/talk answers 500");
  };
  await failsWithoutHarm(cloud, { verify }, { code: "verification-failed", says: /\/talk answers 500/ });
});

test("what verify throws at 10 % takes the traffic back", async () => {
  await using cloud = await liveOnBlue();
  const verify: BlueGreenOptions["verify"] = ({ weights }) => {
    if (weights.green === 10) throw new Error("too slow");
  };
  await failsWithoutHarm(
    cloud,
    { shift: [10, 100], verify },
    { code: "release-taken-back", says: /too slow/ },
  );
});

test("a verify that never ends is given up", async () => {
  await using cloud = await liveOnBlue();
  const verify = () => new Promise<void>(() => {});
  const error = await failsWithoutHarm(
    cloud,
    { verify, verifyTimeout: "2m" },
    { code: "timed-out", says: /took longer than 120 s/ },
  );
  expect(error).toBeInstanceOf(TimeoutError);
});

test("an alarm takes the traffic back; one that does not exist is said before any moves", async () => {
  await using cloud = await liveOnBlue();
  const metric = { namespace: "AWS/ApplicationELB", name: "HTTPCode_Target_5XX_Count" };
  await cloud.ports.cloudWatch.putMetricAlarm({
    AlarmName: "talk-5xx",
    Namespace: metric.namespace,
    MetricName: metric.name,
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 5,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
  });
  const release = (alarms: string[]) => ({ shift: [10, 100], every: "5m", alarms });
  const error = await failsWithoutHarm(
    cloud,
    release(["talk-5xx"]),
    { code: "release-taken-back", says: /talk-5xx \(Threshold Crossed: 2 datapoints .* ALARM/ },
    // The new version answers its first requests with errors, and the old one none.
    ({ weights }) => cloud.metric(metric, weights.green > 0 ? 7 : undefined),
  );
  expect(error).toMatchObject({ facts: { percent: 10 }, cause: { code: "alarm" } });

  await expect(talkInColors(cloud, 4, release(["talk-4xx"])).deploy()).rejects.toMatchObject({
    code: "release-taken-back",
    cause: { code: "alarm-missing" },
  });
});

test("an abort while the new version bakes takes the traffic back", async () => {
  await using cloud = await liveOnBlue();
  const watch = watchCapacity(cloud, 2);
  const abort = new AbortController();
  const releasing = talkInColors(cloud, 2, { shift: [50, 100], every: "5m" });
  const error: unknown = await releasing
    .deploy({ signal: abort.signal, onEvent: ({ type }) => type === "bake" && abort.abort() })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AbortedError);
  expect((error as Error).message).toMatch(/all traffic is back on service talk-service-ecs-blue/);
  expect((await releasing.release()).weights).toEqual({ blue: 100, green: 0 });
  await releasing.deploy();
  expect((await releasing.release()).weights).toEqual({ blue: 0, green: 100 });
  expect(watch.gaps).toEqual([]);
  watch.stop();
});

test("a process that is killed at 50 % leaves both serving; the next run goes on, another version takes over, or a rollback ends it", async () => {
  const killed = async () => {
    const cloud = await liveOnBlue();
    const releasing = talkInColors(cloud, 2, { shift: [50, 100], every: "5m" });
    const abort = new AbortController();
    // From here on it reaches AWS no more.
    const onEvent = ({ type }: { type: string }) => {
      if (type !== "bake") return;
      cloud.faults.inject({ kind: "refuse", code: "Killed", times: Infinity });
      abort.abort();
    };
    await expect(releasing.deploy({ signal: abort.signal, onEvent })).rejects.toMatchObject({
      code: "release-not-taken-back",
    });
    cloud.faults.clear();
    expect((await releasing.release()).weights).toEqual({ blue: 50, green: 50 });
    return { cloud, releasing, watch: watchCapacity(cloud, 2) };
  };

  const first = await killed();
  await first.releasing.deploy();
  expect((await first.releasing.release()).weights).toEqual({ blue: 0, green: 100 });
  expect(testRules(first.cloud)).toBe(0);

  const second = await killed();
  await talkInColors(second.cloud, 3).deploy();
  const later = await talkInColors(second.cloud, 3).release();
  expect([later.weights, later.colors.green?.release]).toEqual([{ blue: 0, green: 100 }, 2]);

  const third = await killed();
  const release = await third.releasing.release();
  await release.rollback();
  expect(release.weights).toEqual({ blue: 100, green: 0 });

  for (const { cloud, watch } of [first, second, third]) {
    expect(watch.gaps).toEqual([]);
    watch.stop();
    await cloud.close();
  }
});

test("what another process moved meanwhile is noticed, and left alone", async () => {
  await using cloud = await liveOnBlue();
  await talkInColors(cloud, 2).deploy({ hold: true });
  const mine = await talkInColors(cloud, 2).release();
  const theirs = await talkInColors(cloud, 2).release();
  await theirs.shift(25);
  await expect(mine.promote()).rejects.toMatchObject({ code: "release-moved" });
  await expect(mine.retire()).rejects.toMatchObject({ code: "release-moved" });
  expect((await talkInColors(cloud, 2).release()).weights).toEqual({ blue: 75, green: 25 });
  await expect(talkInColors(cloud, 3).deploy({ hold: true })).rejects.toMatchObject({
    code: "release-in-progress",
  });

  // Also within a deploy that is shifting.
  await theirs.rollback();
  const shifting = talkInColors(cloud, 2, { shift: [50, 100], every: "5m" });
  let moved: Promise<void> | undefined;
  await expect(
    shifting.deploy({
      onEvent: ({ type }) => {
        if (type === "bake")
          moved ??= talkInColors(cloud, 2)
            .release()
            .then((other) => other.shift(10));
      },
    }),
  ).rejects.toMatchObject({ code: "release-moved" });
  await moved;
  expect((await talkInColors(cloud, 2).release()).weights).toEqual({ blue: 90, green: 10 });
});

test("live weights survive any other deploy and plan", async () => {
  await using cloud = await liveOnBlue();
  await talkInColors(cloud, 2).deploy({ hold: true });
  const release = await talkInColors(cloud, 2).release();
  await release.shift(25);
  await talkInColors(cloud, 1).tags({ team: "talks" }).plan();
  // Infrastructure does not go through the colors.
  const tagged = talkInColors(cloud, 2).tags({ team: "talks" });
  await tagged.deploy({ hold: true });
  expect((await tagged.plan({ hold: true })).isEmpty).toBe(true);
  expect((await tagged.release()).weights).toEqual({ blue: 75, green: 25 });
});
