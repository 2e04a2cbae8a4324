import { expect, test } from "vitest";
import type { AutoscaleOptions, BlueGreenOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { IMAGE } from "./colors.js";
import { comparable } from "./comparable.js";
import { followTraffic } from "./follow-traffic.js";
import { watchCapacity } from "./full-capacity.js";
import { scaledTalk } from "./scaling-chains.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Keeps four tasks busy. */
const LOAD = 200;
const [BLUE, GREEN] = ["talk-service-ecs-blue", "talk-service-ecs-green"];

const talk = (
  cloud: LocalCloud,
  version = 1,
  options: BlueGreenOptions = {},
  tasks: AutoscaleOptions | "none" = { min: 2, max: 6, cpu: 50 },
) => scaledTalk(cloud, { image: IMAGE(version), tasks, instances: { min: 1, max: 6 } }).blueGreen(options);

/** Version 1 on blue, scaled out to four tasks. */
async function scaledOutOnBlue(chain = (cloud: LocalCloud) => talk(cloud)): Promise<LocalCloud> {
  const cloud = await sharedAccount();
  await chain(cloud).deploy();
  followTraffic(cloud, LOAD);
  await cloud.clock.sleep(20 * MINUTE);
  expect(counts(cloud)).toEqual({ blue: 4, green: undefined });
  return cloud;
}

/** Running tasks. */
const count = (cloud: LocalCloud, name: string): number | undefined => {
  const cluster = cloud.account.ecs.clusters.get("conference-cluster")!;
  if (cluster.services.get(name)?.description.status !== "ACTIVE") return undefined;
  return [...cluster.tasks.values()].filter(
    ({ serviceName, description }) => serviceName === name && description.lastStatus === "RUNNING",
  ).length;
};
const counts = (cloud: LocalCloud) => ({ blue: count(cloud, BLUE), green: count(cloud, GREEN) });
const target = (cloud: LocalCloud, name: string): string | undefined => {
  const found = cloud.account.applicationAutoScaling.scalableTargets.get(
    `service/conference-cluster/${name}`,
  );
  const suspended = Object.entries(found?.SuspendedState ?? {}).flatMap(([what, is]) => (is ? [what] : []));
  return found && [`${found.MinCapacity} to ${found.MaxCapacity}`, ...suspended].join(", ");
};
const HELD = "2 to 6, DynamicScalingInSuspended";

test("a new version comes up as large as the live one is now, and neither is scaled in while they share the requests", async () => {
  await using cloud = await scaledOutOnBlue();
  const watch = watchCapacity(cloud, 4);
  const second = talk(cloud, 2, { shift: [10, 50, 100], every: "40m" });
  const seen: unknown[] = [];
  await second.deploy({
    timeout: "4h",
    onEvent: (event) => {
      if (event.type === "bake")
        seen.push([event.percent, counts(cloud), target(cloud, BLUE), target(cloud, GREEN)]);
    },
  });
  expect(seen).toEqual([10, 50, 100].map((percent) => [percent, { blue: 4, green: 4 }, HELD, HELD]));

  // The new one has its own way from now on; the old one is what it was for as long as it is kept.
  expect([target(cloud, BLUE), target(cloud, GREEN)]).toEqual([HELD, "2 to 6"]);
  expect((await second.plan()).isEmpty).toBe(true);
  expect(await writesOf(cloud, () => second.deploy())).toEqual([]);
  expect(watch.gaps).toEqual([]);
  watch.stop();
  followTraffic(cloud, 20);
  await cloud.clock.sleep(2 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 4, green: 2 });
});

test("each color follows its own measurements: its requests are those of its own target group", async () => {
  await using cloud = await sharedAccount();
  const chain = (version: number) => talk(cloud, version, {}, { min: 2, max: 6, requestsPerTask: 100 });
  await chain(1).deploy();
  await chain(2).deploy();
  const policies = [...cloud.account.applicationAutoScaling.policies.values()].map(({ description }) => [
    description.ResourceId?.split("-").at(-1),
    description.TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification?.ResourceLabel?.split(
      "/",
    ).at(-2),
  ]);
  expect(policies).toEqual([
    ["blue", "talkServiceTargetGroup-blue"],
    ["green", "talkServiceTargetGroup-green"],
  ]);
});

test("rollback is one call also when scaled: no task starts, none ends, and the next deploy lets it scale in again", async () => {
  await using cloud = await scaledOutOnBlue();
  const second = talk(cloud, 2);
  await second.deploy();
  await cloud.clock.sleep(HOUR);
  const release = await second.release();
  const watch = watchCapacity(cloud, 4);
  const tasks = () => cloud.state().tasks;
  const before = tasks();
  expect(await writesOf(cloud, () => release.rollback())).toEqual(["modifyRule"]);
  expect(tasks()).toEqual(before);

  // What blue's alarms know is from when it had no requests: not what to scale by.
  await cloud.clock.sleep(HOUR);
  expect([release.live, counts(cloud).blue, target(cloud, BLUE)]).toEqual(["blue", 4, HELD]);
  expect((await second.status()).toString()).toContain("scaling    2 to 6 tasks, scale-in suspended\n");
  expect((await talk(cloud, 1).plan()).toString()).toMatch(/scaleIn: "suspended" → "on"/);
  await talk(cloud, 1).deploy();
  expect([counts(cloud).blue, target(cloud, BLUE)]).toEqual([4, "2 to 6"]);
  expect(watch.gaps).toEqual([]);
  watch.stop();

  // Green was scaled in meanwhile, and is as large as blue again before it has any.
  await cloud.clock.sleep(3 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 4, green: 2 });
  const again = watchCapacity(cloud, 4);
  await second.deploy();
  expect([counts(cloud), again.gaps]).toEqual([{ blue: 4, green: 4 }, []]);
  again.stop();
});

test("a version that was held for hours is not scaled in when it is promoted, though its alarms still say idle", async () => {
  await using cloud = await scaledOutOnBlue();
  const second = talk(cloud, 2);
  await second.deploy({ hold: true });
  await cloud.clock.sleep(5 * HOUR);
  expect([counts(cloud), target(cloud, BLUE)]).toEqual([{ blue: 4, green: 4 }, "2 to 6"]);

  const watch = watchCapacity(cloud, 4);
  expect(lowAlarm(cloud, GREEN)).toBe("ALARM");
  await (await second.release()).promote();
  // CloudWatch has heard of the load before the scaling acts on it again.
  expect([lowAlarm(cloud, GREEN), target(cloud, GREEN)]).toEqual(["OK", "2 to 6"]);
  await cloud.clock.sleep(HOUR);
  expect([target(cloud, BLUE), watch.gaps]).toEqual([HELD, []]);
  watch.stop();

  // Where there is no load, waiting for it ends.
  await (await second.release()).rollback();
  followTraffic(cloud, 0);
  await cloud.clock.sleep(HOUR);
  await (await second.release()).promote();
  expect([lowAlarm(cloud, GREEN), target(cloud, GREEN)]).toEqual(["ALARM", "2 to 6"]);
  await cloud.clock.sleep(HOUR);
  expect(counts(cloud)).toEqual({ blue: 4, green: 2 });
});

const lowAlarm = (cloud: LocalCloud, name: string) =>
  [...cloud.account.cloudWatch.alarms.values()].find(({ description: { AlarmName = "" } }) =>
    AlarmName.includes(`/${name}-AlarmLow`),
  )?.description.StateValue;

test("when the live version grows under its load, the new one grows with it before it gets more", async () => {
  await using cloud = await scaledOutOnBlue();
  const sizes: unknown[] = [];
  await talk(cloud, 2, { shift: [10, 50, 100], every: "20m" }).deploy({
    onEvent: (event) => {
      if (event.type !== "bake") return;
      sizes.push([event.percent, counts(cloud).green]);
      followTraffic(cloud, 320);
    },
  });
  expect(sizes).toEqual([
    [10, 4],
    [50, 6],
    [100, 6],
  ]);
});

test("a version that fails half-way leaves the live one as large as it was, also hours later", async () => {
  await using cloud = await scaledOutOnBlue();
  const watch = watchCapacity(cloud, 4);
  const verify: BlueGreenOptions["verify"] = ({ weights }) => {
    if (weights.green === 50) throw new Error("too slow");
  };
  const failing = talk(cloud, 2, { shift: [10, 50, 100], every: "40m", verify });
  await expect(failing.deploy({ timeout: "4h" })).rejects.toMatchObject({
    code: "release-taken-back",
  });
  await cloud.clock.sleep(HOUR);
  await talk(cloud, 3).deploy();
  expect([counts(cloud), target(cloud, GREEN), watch.gaps]).toEqual([{ blue: 4, green: 4 }, "2 to 6", []]);
  watch.stop();
});

test("keepOld stops the old version for good, whatever scales it; the next release brings it up in its bounds", async () => {
  const tasks = { min: 2, max: 6, steps: [{ when: ALARM, add: 1 }] };
  await using cloud = await sharedAccount();
  await alarmOfTheirs(cloud);
  const chain = (version: number) => talk(cloud, version, { keepOld: "2h" }, tasks);
  await chain(1).deploy();
  await chain(2).deploy();
  await cloud.clock.sleep(1.9 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 2, green: 2 });
  await cloud.clock.sleep(0.2 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 0, green: 2 });

  // An alarm sets off the policies of both.
  cloud.metric({ namespace: "App", name: "Backlog" }, 10);
  await cloud.clock.sleep(HOUR);
  expect(counts(cloud)).toEqual({ blue: 0, green: 6 });
  expect((await chain(2).plan()).isEmpty).toBe(true);

  await chain(3).deploy();
  expect([counts(cloud), target(cloud, BLUE)]).toEqual([{ blue: 6, green: 6 }, "2 to 6"]);
});

const ALARM = { alarm: "their-backlog" };
async function alarmOfTheirs({ ports }: LocalCloud): Promise<void> {
  await ports.cloudWatch.putMetricAlarm({
    AlarmName: ALARM.alarm,
    Namespace: "App",
    MetricName: "Backlog",
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: "GreaterThanThreshold",
    AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:theirs"],
  });
}

test("retire takes the old version's scaling with it, out of others' alarms too, and the instances that it needed", async () => {
  const tasks: AutoscaleOptions = {
    min: 14,
    max: 20,
    cpu: 50,
    steps: [
      { when: ALARM, add: 1 },
      { when: "memory <= 10", for: "5m", remove: 1 },
    ],
    schedule: [{ at: "cron(0 8 * * ? *)", min: 15 }],
  };
  await using cloud = await sharedAccount();
  await alarmOfTheirs(cloud);
  await talk(cloud, 1, {}, tasks).deploy();
  const second = talk(cloud, 2, {}, tasks);
  await second.deploy();
  const instances = () => cloud.account.autoScaling.groups.get("conference-cluster-instances")?.desired;
  const scaling = () => {
    const { scalableTargets, scalingPolicies, scheduledActions, alarms } = cloud.state();
    const names = Object.keys({ ...scalableTargets, ...scalingPolicies, ...scheduledActions, ...alarms });
    return { blue: names.filter((name) => name.includes(BLUE)).length, names: names.length };
  };
  const actions = () => cloud.account.cloudWatch.alarms.get(ALARM.alarm)?.description.AlarmActions?.length;
  const [both, busy] = [scaling(), instances()!];
  expect([both.blue * 2 + 1, actions()]).toEqual([both.names, 3]);

  await (await second.release()).retire();
  expect([scaling(), actions()]).toEqual([{ blue: 0, names: both.names - both.blue }, 2]);
  expect((await second.plan()).isEmpty).toBe(true);
  await cloud.clock.sleep(HOUR);
  expect(instances()).toBeLessThan(busy);
});

test("a service that is scaled out becomes blue/green, and rolling again, at full size all the while", async () => {
  await using cloud = await sharedAccount();
  const rolling = scaledTalk(cloud, { instances: { min: 1, max: 6 } });
  await rolling.deploy();
  followTraffic(cloud, LOAD);
  await cloud.clock.sleep(20 * MINUTE);
  const watch = watchCapacity(cloud, 4);
  await talk(cloud, 1, { shift: [50, 100], every: "40m" }).deploy({ timeout: "4h" });
  expect(counts(cloud)).toEqual({ blue: 4, green: undefined });
  expect(Object.keys(cloud.state().scalableTargets)).toEqual([`service/conference-cluster/${BLUE}`]);
  expect(target(cloud, BLUE)).toBe("2 to 6");

  await rolling.deploy();
  expect(Object.keys(cloud.state().scalableTargets)).toEqual(["service/conference-cluster/talk-service-ecs"]);
  expect(target(cloud, "talk-service-ecs")).toBe("2 to 6");
  expect(count(cloud, "talk-service-ecs")).toBe(4);
  expect(watch.gaps).toEqual([]);
  watch.stop();
  expect((await rolling.plan()).isEmpty).toBe(true);
});

test("a conversion that failed and is given up leaves the rolling service's scaling as it was", async () => {
  await using cloud = await sharedAccount();
  const rolling = scaledTalk(cloud, { instances: { min: 1, max: 6 } });
  await rolling.deploy();
  const verify: BlueGreenOptions["verify"] = ({ weights }) => {
    if (weights.blue === 50) throw new Error("no");
  };
  await expect(talk(cloud, 1, { shift: [50, 100], verify }).deploy()).rejects.toMatchObject({
    code: "release-taken-back",
  });
  expect(target(cloud, "talk-service-ecs")).toBe(HELD);
  await tagsKnown(cloud);
  await rolling.deploy();
  expect(target(cloud, "talk-service-ecs")).toBe("2 to 6");
});

test("keepOld stops a scaled version also when the one after it is not scaled any more", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud, 1, { keepOld: "1h" }).deploy();
  const second = talk(cloud, 2, { keepOld: "1h" }, "none");
  await second.deploy();
  expect((await second.plan()).isEmpty).toBe(true);
  await cloud.clock.sleep(2 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 0, green: 2 });
});

test("scaling that is added to two colors, or taken from them, is the live one's", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud, 1, {}, "none").deploy();
  await talk(cloud, 2, {}, "none").deploy();
  await talk(cloud, 2).deploy();
  expect([target(cloud, BLUE), target(cloud, GREEN)]).toEqual([undefined, "2 to 6"]);
  await talk(cloud, 3).deploy();
  expect([target(cloud, BLUE), target(cloud, GREEN)]).toEqual(["2 to 6", HELD]);
  await talk(cloud, 3, {}, "none").deploy();
  expect([target(cloud, BLUE), target(cloud, GREEN)]).toEqual([undefined, HELD]);
  await talk(cloud, 4, {}, "none").deploy();
  expect([counts(cloud), target(cloud, GREEN)]).toEqual([{ blue: 2, green: 2 }, undefined]);
});

test("after a rollback retire() ends the new version, and lets the old one be scaled in again; destroy leaves nothing", async () => {
  await using cloud = await sharedAccount();
  const pristine = comparable(cloud);
  const [first, second] = [1, 2].map((version) => talk(cloud, version, { keepOld: "1h" }));
  await first!.deploy();
  await second!.deploy();
  const release = await second!.release();
  await release.rollback();
  await release.retire();
  expect([counts(cloud), target(cloud, BLUE)]).toEqual([{ blue: 2, green: undefined }, "2 to 6"]);
  expect((await first!.plan()).isEmpty).toBe(true);

  // With one of them stopped by its scaling, too.
  await second!.deploy();
  await cloud.clock.sleep(2 * HOUR);
  expect(counts(cloud)).toEqual({ blue: 0, green: 2 });
  expect((await second!.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a destroy takes the policies of both colors out of an alarm of others", async () => {
  const tasks = { min: 2, max: 6, steps: [{ when: ALARM, add: 1 }] };
  await using cloud = await sharedAccount();
  await alarmOfTheirs(cloud);
  const actions = () =>
    [...cloud.account.cloudWatch.alarms.values()].find(
      ({ description }) => description.AlarmName === ALARM.alarm,
    )?.description.AlarmActions;
  await talk(cloud, 1, {}, tasks).deploy();
  await talk(cloud, 2, {}, tasks).deploy();
  expect(actions()).toHaveLength(3);
  await talk(cloud, 2, {}, tasks).destroy();
  expect(actions()).toEqual(["arn:aws:sns:eu-west-1:123456789012:theirs"]);
});
