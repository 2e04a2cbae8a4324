import { expect, test } from "vitest";
import { batchReads } from "../../src/aws/batched-reads.js";
import type { AwsPorts } from "../../src/aws/ports.js";

type Input = Record<string, unknown>;

/** Ports that answer by `answer`, and what they were asked. */
function recording(answer: (operation: string, input: Input) => Input): {
  ports: AwsPorts;
  asked: [string, Input][];
} {
  const asked: [string, Input][] = [];
  const port = new Proxy(
    {},
    {
      get: (_, operation: string) => async (input: Input) => {
        asked.push([operation, input]);
        return answer(operation, input);
      },
    },
  );
  const ports = new Proxy({}, { get: () => port }) as AwsPorts;
  return { ports: batchReads(ports), asked };
}

const groupOf = (name: string) => ({ TargetGroupName: name, TargetGroupArn: `arn:${name}` });

test("questions of one moment are one request, and everybody gets his part", async () => {
  const { ports, asked } = recording((_, { Names }) => ({ TargetGroups: (Names as string[]).map(groupOf) }));
  const answers = await Promise.all(
    ["a", "b", "a"].map((name) => ports.elb.describeTargetGroups({ Names: [name] })),
  );
  expect(asked).toEqual([["describeTargetGroups", { Names: ["a", "b"] }]]);
  expect(answers.map(({ TargetGroups }) => TargetGroups!.map((group) => group.TargetGroupName))).toEqual([
    ["a"],
    ["b"],
    ["a"],
  ]);
});

test("requests are as large as AWS takes them", async () => {
  const { ports, asked } = recording((_, { services }) => ({
    services: (services as string[]).map((serviceName) => ({ serviceName })),
  }));
  const names = Array.from({ length: 25 }, (_, index) => `s${index}`);
  const answers = await Promise.all(
    names.map((name) => ports.ecs.describeServices({ cluster: "c", services: [name] })),
  );
  expect(asked.map(([, { services }]) => (services as string[]).length)).toEqual([10, 10, 5]);
  expect(answers.map(({ services }) => services![0]!.serviceName)).toEqual(names);
});

test("whoever asks for much gets it out of several requests", async () => {
  const { ports, asked } = recording((_, { ResourceArns }) => ({
    TagDescriptions: (ResourceArns as string[]).map((ResourceArn) => ({ ResourceArn, Tags: [] })),
  }));
  const arns = Array.from({ length: 30 }, (_, index) => `arn:${index}`);
  const [first, second] = await Promise.all([
    ports.elb.describeTags({ ResourceArns: arns.slice(0, 20) }),
    ports.elb.describeTags({ ResourceArns: arns.slice(10, 30) }),
  ]);
  expect(asked).toHaveLength(2);
  expect(first.TagDescriptions!.map(({ ResourceArn }) => ResourceArn)).toEqual(arns.slice(0, 20));
  expect(second.TagDescriptions!.map(({ ResourceArn }) => ResourceArn)).toEqual(arns.slice(10, 30));
});

test("the same question is asked once, whatever it is; other questions are not mixed with it", async () => {
  const { ports, asked } = recording(() => ({ services: [] }));
  await Promise.all([
    ports.ec2.describeVpcs({}),
    ports.ec2.describeVpcs({}),
    ports.ecs.describeServices({ cluster: "a", services: ["s"] }),
    ports.ecs.describeServices({ cluster: "b", services: ["s"] }),
  ]);
  expect(asked.map(([operation]) => operation)).toEqual([
    "describeVpcs",
    "describeServices",
    "describeServices",
  ]);
});

test("filters by owner are one filter with several values, over all pages", async () => {
  const { ports, asked } = recording((_, { NextToken }) => ({
    SecurityGroups: [
      { GroupId: NextToken ? "2" : "1", Tags: [{ Key: "quayside:owner", Value: NextToken ? "y" : "x" }] },
    ],
    NextToken: NextToken ? undefined : "more",
  }));
  const of = (owner: string) =>
    ports.ec2.describeSecurityGroups({ Filters: [{ Name: "tag:quayside:owner", Values: [owner] }] });
  const [x, y] = await Promise.all([of("x"), of("y")]);
  expect(asked.map(([, { Filters }]) => Filters)).toEqual([
    [{ Name: "tag:quayside:owner", Values: ["x", "y"] }],
    [{ Name: "tag:quayside:owner", Values: ["x", "y"] }],
  ]);
  expect([x.SecurityGroups, y.SecurityGroups].map((groups) => groups!.map(({ GroupId }) => GroupId))).toEqual(
    [["1"], ["2"]],
  );
});

test("a refusal that is about one of them is that one's alone", async () => {
  const { ports } = recording((_, { Names }) => {
    if ((Names as string[]).includes("gone"))
      throw Object.assign(new Error("no"), { name: "TargetGroupNotFound" });
    return { TargetGroups: (Names as string[]).map(groupOf) };
  });
  const [there, gone] = await Promise.allSettled(
    ["there", "gone"].map((name) => ports.elb.describeTargetGroups({ Names: [name] })),
  );
  expect(there).toMatchObject({
    status: "fulfilled",
    value: { TargetGroups: [{ TargetGroupName: "there" }] },
  });
  expect(gone).toMatchObject({ status: "rejected", reason: { name: "TargetGroupNotFound" } });
});

test("what changes something is never held back or joined", async () => {
  const { ports, asked } = recording(() => ({}));
  const both = [ports.ecs.deleteCluster({ cluster: "a" }), ports.ecs.deleteCluster({ cluster: "a" })];
  expect(asked).toHaveLength(2);
  await Promise.all(both);
});
