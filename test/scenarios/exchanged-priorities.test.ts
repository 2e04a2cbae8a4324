import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

/** A service at each of these priorities. */
function fleet(priorities: Readonly<Record<string, number>>): Fleet {
  const cluster = new Cluster("conference-cluster").fargate();
  const [first, ...others] = Object.entries(priorities).map(([name, priority]) =>
    new Deployment(name)
      .image(`${name}:1`)
      .port(8080)
      .cluster(cluster)
      .behindAlb("conferenceAlb", { path: `/${name}*`, priority }),
  );
  return new Fleet(first!, ...others).on(cloud);
}

async function priorities(): Promise<Record<string, number>> {
  const balancers = await cloud.ports.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
  const { Listeners = [] } = await cloud.ports.elb.describeListeners({
    LoadBalancerArn: balancers.LoadBalancers![0]!.LoadBalancerArn!,
  });
  const { Rules = [] } = await cloud.ports.elb.describeRules({ ListenerArn: Listeners[0]!.ListenerArn! });
  return Object.fromEntries(
    Rules.filter(({ IsDefault }) => IsDefault !== true).map(({ Conditions = [], Priority }) => [
      Conditions[0]!.PathPatternConfig!.Values![0]!.slice(1, -1),
      Number(Priority),
    ]),
  );
}

test.each([
  ["exchange", { a: 10, b: 11 }, { a: 11, b: 10 }],
  ["rotate", { a: 10, b: 11, c: 12 }, { a: 11, b: 12, c: 10 }],
  ["move up", { a: 10, b: 11, c: 12 }, { a: 11, b: 12, c: 13 }],
  ["make room for a new rule", { a: 10, b: 11 }, { a: 11, b: 12, c: 10 }],
  ["make room for a new rule alone", { a: 10 }, { a: 11, c: 10 }],
] as const)("rules that %s get their priorities", async (_, before, after) => {
  await fleet(before).deploy();
  expect(await priorities()).toEqual(before);
  await fleet(after).deploy();
  expect(await priorities()).toEqual(after);
  expect((await fleet(after).plan()).isEmpty).toBe(true);
});

test("a priority that another one's rule has is still refused", async () => {
  await fleet({ a: 10, b: 11 }).deploy();
  await expect(fleet({ a: 11, c: 12 }).deploy()).rejects.toMatchObject({ code: "rule-priority-taken" });
});
