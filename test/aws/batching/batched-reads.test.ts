import { expect, test } from "vitest";
import type { AwsApi } from "../../../src/aws/api.js";
import { batchReads } from "../../../src/aws/batching/batched-reads.js";

type Input = Record<string, unknown>;

/** Ports that answer by `answer`, and what they were asked. */
function recording(
  answer: (operation: string, input: Input) => Input,
  after: Promise<void> = Promise.resolve(),
): {
  ports: AwsApi;
  asked: [string, Input][];
} {
  const asked: [string, Input][] = [];
  const port = new Proxy(
    {},
    {
      get: (_, operation: string) => async (input: Input) => {
        asked.push([operation, input]);
        await after;
        return answer(operation, input);
      },
    },
  );
  const ports = new Proxy({}, { get: () => port }) as AwsApi;
  return { ports: batchReads(ports), asked };
}

const sdkError = (name: string) => Object.assign(new Error("no"), { name });

const groupOf = (name: string) => ({ TargetGroupName: name, TargetGroupArn: `arn:${name}` });

test("concurrent requests are combined, and each caller gets its part", async () => {
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

test("a caller with many items gets them from several requests", async () => {
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

test("an error about one item is that caller's alone", async () => {
  const { ports } = recording((_, { RuleArns }) => {
    const arns = RuleArns as string[];
    if (arns.includes("gone")) throw sdkError("RuleNotFound");
    return { Rules: arns.map((RuleArn) => ({ RuleArn })) };
  });
  const [there, gone] = await Promise.allSettled(
    ["there", "gone"].map((arn) => ports.elb.describeRules({ RuleArns: [arn] })),
  );
  expect(there).toMatchObject({ status: "fulfilled", value: { Rules: [{ RuleArn: "there" }] } });
  expect(gone).toMatchObject({ status: "rejected", reason: { name: "RuleNotFound" } });
});

test("an error about all items is not retried one by one", async () => {
  const { ports, asked } = recording(() => {
    throw sdkError("ClusterNotFoundException");
  });
  const answers = await Promise.allSettled(
    ["a", "b"].map((name) => ports.ecs.describeServices({ cluster: "gone", services: [name] })),
  );
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(asked).toHaveLength(1);
});

test("where ELB refuses a name that it does not know, all target groups are read instead of one at a time", async () => {
  const { ports, asked } = recording((_, { Names, Marker }) => {
    if (Names !== undefined) throw sdkError("TargetGroupNotFound");
    return Marker === undefined
      ? { TargetGroups: [groupOf("other")], NextMarker: "more" }
      : { TargetGroups: [groupOf("there")] };
  });
  const answers = await Promise.all(
    ["a", "there", "b"].map((name) => ports.elb.describeTargetGroups({ Names: [name] })),
  );
  expect(answers.map(({ TargetGroups }) => TargetGroups!.length)).toEqual([0, 1, 0]);
  expect(asked.map(([, { Names, PageSize }]) => Names ?? PageSize)).toEqual([["a", "there", "b"], 400, 400]);
});

test("what is asked while an answer is awaited goes together afterwards", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { ports, asked } = recording(
    (_, { services }) => ({ services: (services as string[]).map((serviceName) => ({ serviceName })) }),
    answered,
  );
  const describe = (name: string) => ports.ecs.describeServices({ cluster: "c", services: [name] });
  const first = describe("a");
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(1);
  const others = [describe("b"), describe("c")];
  answer();
  const answers = await Promise.all([first, ...others]);
  expect(asked.map(([, { services }]) => services)).toEqual([["a"], ["b", "c"]]);
  expect(answers.map(({ services }) => services![0]!.serviceName)).toEqual(["a", "b", "c"]);
});

const policiesOf = (ports: AwsApi, resource: string, names?: string[]) =>
  ports.applicationAutoScaling.describeScalingPolicies({
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: resource,
    ...(names === undefined ? {} : { PolicyNames: names }),
  });

const policy = (ResourceId: string, PolicyName: string) => ({
  ResourceId,
  PolicyName,
  ScalableDimension: "ecs:service:DesiredCount",
});

test("the policies of many services are read in pages of all", async () => {
  const pages: Record<string, Input> = {
    first: {
      ScalingPolicies: [policy("a", "cpu"), policy("a", "own"), policy("z", "cpu")],
      NextToken: "next",
    },
    next: { ScalingPolicies: [policy("b", "cpu")] },
  };
  const { ports, asked } = recording((_, { NextToken = "first" }) => pages[NextToken as string]!);
  const [a, b, ownOfA, none] = await Promise.all([
    policiesOf(ports, "a"),
    policiesOf(ports, "b"),
    policiesOf(ports, "a", ["own"]),
    policiesOf(ports, "c"),
  ]);
  const named = ({ ScalingPolicies = [] }: typeof a) => ScalingPolicies.map(({ PolicyName }) => PolicyName);
  expect([a, b, ownOfA, none].map(named)).toEqual([["cpu", "own"], ["cpu"], ["own"], []]);
  expect(asked.map(([, input]) => input)).toEqual([
    { ServiceNamespace: "ecs" },
    { ServiceNamespace: "ecs", NextToken: "next" },
  ]);
});

test("where others have far more policies, each service's are asked for", async () => {
  const { ports, asked } = recording((_, { ResourceId }) =>
    ResourceId === undefined
      ? { ScalingPolicies: [policy("z", "cpu")], NextToken: "more" }
      : { ScalingPolicies: [policy(ResourceId as string, "cpu")] },
  );
  const answers = await Promise.all(["a", "b"].map((resource) => policiesOf(ports, resource)));
  expect(answers.map(({ ScalingPolicies }) => ScalingPolicies![0]!.ResourceId)).toEqual(["a", "b"]);
  expect(asked.map(([, { ResourceId }]) => ResourceId)).toEqual([undefined, "a", "b"]);
});

test("what changes something is never held back or joined", async () => {
  const { ports, asked } = recording(() => ({}));
  const both = [ports.ecs.deleteCluster({ cluster: "a" }), ports.ecs.deleteCluster({ cluster: "a" })];
  expect(asked).toHaveLength(2);
  await Promise.all(both);
});
