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

test("IAM gets one change of a role or an instance profile at a time, and those of others beside it", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const { aws: api } = await contextOn(cloud);
  const under = new Set<string>();
  const together = new Set<string>();
  const port = cloud.ports.iam as unknown as Record<string, (input: object) => Promise<unknown>>;
  for (const method of ["createRole", "attachRolePolicy", "createInstanceProfile", "tagRole"]) {
    const call = port[method]!;
    port[method] = async (input) => {
      const { RoleName, InstanceProfileName } = input as Record<string, string>;
      const name = `${method} ${InstanceProfileName ?? RoleName}`;
      for (const other of under) together.add([other, name].sort().join(" and "));
      under.add(name);
      await cloud.clock.sleep(100);
      return call(input).finally(() => under.delete(name));
    };
  }
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  await Promise.all([
    api.iam.createRole({ RoleName: "one", AssumeRolePolicyDocument }),
    api.iam.attachRolePolicy({ RoleName: "one", PolicyArn }),
    api.iam.tagRole({ RoleName: "one", Tags: [{ Key: "a", Value: "1" }] }),
    api.iam.createInstanceProfile({ InstanceProfileName: "one" }),
    api.iam.createRole({ RoleName: "two", AssumeRolePolicyDocument }),
  ]);
  expect([...together].filter((pair) => /Role\w* one and \w*Role\w* one/.test(pair))).toEqual([]);
  expect(together).toContain("createInstanceProfile one and createRole one");
  expect(together).toContain("createRole one and createRole two");
});
