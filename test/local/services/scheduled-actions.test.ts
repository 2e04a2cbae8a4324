import type { PutScheduledActionCommandInput } from "@aws-sdk/client-application-auto-scaling";
import type { PutScheduledUpdateGroupActionCommandInput } from "@aws-sdk/client-auto-scaling";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localCloud, type LocalCloud } from "../../../src/local/index.js";
import { scaledTalk } from "../../scenarios/scaling-chains.js";
import { codeOf } from "../local-services.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = localCloud({ clock: "virtual", seed: 1 });
  await scaledTalk(cloud).deploy();
});
afterEach(() => cloud.close());

const inHours = (hours: number) => new Date(cloud.clock.now() + hours * 3_600_000);

describe("a scheduled action of a service", () => {
  const target = {
    ServiceNamespace: "ecs" as const,
    ScalableDimension: "ecs:service:DesiredCount" as const,
    ResourceId: "service/conference-cluster/talk-service-ecs",
  };
  const put = (part: Partial<PutScheduledActionCommandInput>) =>
    cloud.ports.applicationAutoScaling.putScheduledAction({
      ...target,
      ScheduledActionName: "nightly",
      Schedule: "cron(0 8 * * ? *)",
      ScalableTargetAction: { MinCapacity: 4 },
      ...part,
    });
  const newest = async () =>
    (await cloud.ports.applicationAutoScaling.describeScalingActivities({ ServiceNamespace: "ecs" }))
      .ScalingActivities![0];

  test.each([
    ["five fields", { Schedule: "cron(0 8 * * *)" }],
    ["a time in the past", { Schedule: "at(2020-01-01T00:00:00)" }],
    ["an unknown time zone", { Timezone: "Europe/Atlantis" }],
    ["no bounds", { ScalableTargetAction: {} }],
    ["an end before its start", { StartTime: new Date(2e12), EndTime: new Date(1e12) }],
  ])("is rejected with %s", async (_, part) => {
    expect(await codeOf(put(part))).toBe("ValidationException");
  });

  test("that contradicts the other bound fails, and changes nothing", async () => {
    await put({ ScalableTargetAction: { MinCapacity: 40 } });
    await cloud.clock.sleep(24 * 3_600_000);
    expect(await newest()).toMatchObject({
      StatusCode: "Failed",
      Description: "Setting min capacity to 40 and max capacity to 6",
    });
    expect(cloud.state().scalableTargets[target.ResourceId]).toMatchObject({ min: 2, max: 6 });
  });

  test("runs between its start and its end, and is deleted afterwards", async () => {
    await put({ Schedule: "rate(1 hour)", StartTime: inHours(2), EndTime: inHours(4) });
    await cloud.clock.sleep(7_190_000);
    expect(await newest()).toBeUndefined();
    await cloud.clock.sleep(20_000);
    expect(await newest()).toMatchObject({ Cause: "minimum capacity was set to 4" });
    await cloud.clock.sleep(4 * 3_600_000);
    expect(cloud.account.applicationAutoScaling.activities).toHaveLength(4);
    expect(cloud.state().scheduledActions).toEqual({});
  });
});

describe("a scheduled action of a group", () => {
  const group = { AutoScalingGroupName: "conference-cluster-instances" };
  const put = (part: Partial<PutScheduledUpdateGroupActionCommandInput>) =>
    cloud.ports.autoScaling.putScheduledUpdateGroupAction({
      ...group,
      ScheduledActionName: "nightly",
      Recurrence: "0 8 * * *",
      MinSize: 3,
      ...part,
    });

  test.each([
    ["six fields", { Recurrence: "0 8 * * ? *" }],
    ["neither a start nor a recurrence", { Recurrence: undefined }],
    ["a start in the past", { StartTime: new Date(0) }],
    ["an end in the past", { EndTime: new Date(0) }],
    ["an unknown time zone", { TimeZone: "Europe/Atlantis" }],
    ["a minimum above its maximum", { MaxSize: 2 }],
    ["nothing to change", { MinSize: undefined }],
  ])("is rejected with %s", async (_, part) => {
    expect(await codeOf(put(part))).toBe("ValidationError");
  });

  test("is described with its next time, and runs then", async () => {
    await put({});
    const { ScheduledUpdateGroupActions } = await cloud.ports.autoScaling.describeScheduledActions(group);
    expect(ScheduledUpdateGroupActions).toMatchObject([{ StartTime: new Date("2026-01-01T08:00:00Z") }]);
    await cloud.clock.sleep(8 * 3_600_000);
    expect(cloud.account.autoScaling.groups.get(group.AutoScalingGroupName)).toMatchObject({
      min: 3,
      max: 4,
      desired: 3,
    });
  });

  test("that contradicts the other bound fails, and changes nothing", async () => {
    await put({ MinSize: 5 });
    await cloud.clock.sleep(24 * 3_600_000);
    const { Activities } = await cloud.ports.autoScaling.describeScalingActivities(group);
    expect(Activities![0]).toMatchObject({ StatusCode: "Failed" });
    expect(cloud.account.autoScaling.groups.get(group.AutoScalingGroupName)).toMatchObject({
      min: 2,
      max: 4,
    });
  });
});
