import { expect, test } from "vitest";
import { createContext } from "../../src/aws/create-context.js";
import { rateLimitsOf } from "../../src/aws/rate-limits.js";
import { systemClock } from "../../src/engine/clock.js";
import { aws } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const contextOn = (cloud: LocalCloud) =>
  createContext(cloud, { signal: new AbortController().signal, emit: () => {} });

/** ELB accepts 20 changes at once, and then 3 a second. */
async function changeTags(cloud: LocalCloud, ResourceArns: string[]): Promise<void> {
  const { aws: api } = await contextOn(cloud);
  const change = (value: number) =>
    api.elb.addTags({ ResourceArns, Tags: [{ Key: "run", Value: String(value) }] });
  await Promise.all(Array.from({ length: 15 }, (_, index) => change(index)));
}

test("a run begins with what the one before it has left of AWS's rates: nothing is throttled", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const { Vpcs = [] } = await cloud.ports.ec2.describeVpcs({});
  const { TargetGroups = [] } = await cloud.ports.elb.createTargetGroup({
    Name: "talk",
    Protocol: "HTTP",
    Port: 80,
    VpcId: Vpcs[0]!.VpcId!,
  });
  await cloud.clock.sleep(60_000);
  const arns = [TargetGroups[0]!.TargetGroupArn!];
  const began = cloud.clock.now();
  await changeTags(cloud, arns);
  const between = cloud.clock.now();
  await changeTags(cloud, arns);
  expect(between - began).toBeLessThan(1_000);
  expect(cloud.clock.now() - between).toBeGreaterThan(3_000);
  expect(cloud.calls.filter(({ error }) => error !== undefined)).toEqual([]);
});

test("clouds with the same settings share AWS's rates, and others do not", () => {
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const limits = (options: Parameters<typeof aws>[0], region = "eu-west-1") =>
    rateLimitsOf(aws({ region, ...options }), region);
  const ours = limits({ profile: "conference" });
  expect(limits({ profile: "conference" })).toBe(ours);
  expect(limits({ profile: "other" })).not.toBe(ours);
  expect(limits({ profile: "conference" }, "eu-north-1")).not.toBe(ours);
  expect(limits({ credentials }), "whose account is not known").not.toBe(limits({ credentials }));
  expect(rateLimitsOf({ clock: { ...systemClock } }, "eu-west-1"), "on a clock of its own").not.toBe(ours);
});
