import { afterEach, describe, expect, it } from "vitest";
import type { PolicyDocument, PolicyStatement } from "../../../src/index.js";
import { PERMISSION_TABLES } from "../../../src/local/authorization/permission-tables.js";
import { BY_HAND } from "../../../src/local/authorization/tables/by-hand.js";
import { localCloud, type LocalCloud } from "../../../src/local/index.js";

let cloud: LocalCloud | undefined;
afterEach(() => cloud?.close());

const allow = (
  Action: PolicyStatement["Action"],
  Resource: string | readonly string[] = "*",
): PolicyStatement => ({
  Effect: "Allow",
  Action: Action!,
  Resource,
});

const as = (...Statement: readonly PolicyStatement[]) => {
  const caller: PolicyDocument = { Version: "2012-10-17", Statement };
  cloud = localCloud({ clock: "virtual", caller });
  return cloud.ports;
};

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "allowed",
    ({ name, message }: Error) => `${name}: ${message}`,
  );

it("every operation of the local cloud has a row that says what it needs", () => {
  cloud = localCloud({ clock: "virtual" });
  const operations = Object.entries(cloud.ports).flatMap(([service, port]) =>
    Object.keys(port as object).map((operation) => `${service}.${operation}`),
  );
  const rows = [...Object.entries(PERMISSION_TABLES), ...Object.entries(BY_HAND)].flatMap(
    ([service, table]) => Object.keys(table).map((operation) => `${service}.${operation}`),
  );
  expect(operations.length).toBeGreaterThan(150);
  expect(operations.filter((operation) => !rows.includes(operation))).toEqual([]);
});

describe("a call that the caller's policy does not allow", () => {
  it("is denied in the words of its service", async () => {
    const { ecs, elb, iam } = as(allow("logs:*"));
    expect(await refusal(ecs.describeClusters({ clusters: ["main"] }))).toMatchInlineSnapshot(
      `"AccessDeniedException: User: arn:aws:iam::123456789012:user/developer is not authorized to perform: ecs:DescribeClusters on resource: arn:aws:ecs:eu-west-1:123456789012:cluster/main because no identity-based policy allows the ecs:DescribeClusters action"`,
    );
    expect(await refusal(elb.describeLoadBalancers({}))).toMatchInlineSnapshot(
      `"AccessDenied: User: arn:aws:iam::123456789012:user/developer is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers on resource: * because no identity-based policy allows the elasticloadbalancing:DescribeLoadBalancers action"`,
    );
    expect(await refusal(iam.getRole({ RoleName: "talk" }))).toMatchInlineSnapshot(
      `"AccessDenied: User: arn:aws:iam::123456789012:user/developer is not authorized to perform: iam:GetRole on resource: arn:aws:iam::123456789012:role/talk because no identity-based policy allows the iam:GetRole action"`,
    );
  });

  it("is an UnauthorizedOperation in EC2, also for what it only checks", async () => {
    const { ec2 } = as(allow("ec2:CreateSecurityGroup"), allow("ec2:DescribeVpcs"));
    const { Vpcs } = await ec2.describeVpcs({});
    const group = { GroupName: "talk", Description: "talk", VpcId: Vpcs![0]!.VpcId! };
    expect(await refusal(ec2.createSecurityGroup(group))).toBe("allowed");
    const tagged = {
      ...group,
      GroupName: "tagged",
      TagSpecifications: [{ ResourceType: "security-group" as const, Tags: [{ Key: "a", Value: "b" }] }],
    };
    expect(await refusal(ec2.createSecurityGroup(tagged))).toMatchInlineSnapshot(
      `"UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/developer is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:123456789012:security-group/* because no identity-based policy allows the ec2:CreateTags action"`,
    );
  });

  it("names the role that may not be passed, and the explicit deny", async () => {
    const { ecs, iam } = as(allow("*"), {
      Effect: "Deny",
      Action: "iam:PassRole",
      Resource: "*",
      Condition: { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    });
    const { Role } = await iam.createRole({
      RoleName: "talk",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
    const registered = ecs.registerTaskDefinition({
      family: "talk",
      taskRoleArn: Role!.Arn,
      containerDefinitions: [{ name: "talk", image: "talk:1", memory: 64 }],
    });
    expect(await refusal(registered)).toMatchInlineSnapshot(
      `"AccessDeniedException: User: arn:aws:iam::123456789012:user/developer is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/talk with an explicit deny in an identity-based policy"`,
    );
  });

  it("is recorded with its error, and changes nothing", async () => {
    const { ecs } = as(allow("ecs:Describe*"));
    await refusal(ecs.createCluster({ clusterName: "main" }));
    expect(cloud!.calls.at(-1)).toMatchObject({ operation: "createCluster", error: "AccessDeniedException" });
    expect((await ecs.describeClusters({ clusters: ["main"] })).clusters).toEqual([]);
  });
});

describe("an operation that only people call", () => {
  it("is checked on the resource that its input names", async () => {
    const { ec2, logs } = as(
      allow("ec2:CreateVpc", "arn:aws:ec2:eu-west-1:123456789012:vpc/*"),
      allow("logs:*", "arn:aws:logs:eu-west-1:123456789012:log-group:talk:*"),
    ) as unknown as Record<string, Record<string, (input: object) => Promise<{ Vpc: { VpcId: string } }>>>;
    const { Vpc } = await ec2!["createVpc"]!({ CidrBlock: "10.0.0.0/16" });
    expect(await refusal(ec2!["deleteVpc"]!({ VpcId: Vpc.VpcId }))).toContain(
      `ec2:DeleteVpc on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/${Vpc.VpcId}`,
    );
    const stream = (logGroupName: string) =>
      logs!["createLogStream"]!({ logGroupName, logStreamName: "one" });
    expect(await refusal(stream("talk"))).toMatch(/^ResourceNotFoundException/);
    expect(await refusal(stream("other"))).toMatch(/^AccessDeniedException/);
  });
});

describe("a policy", () => {
  const main = "arn:aws:ecs:eu-west-1:123456789012:cluster/main";
  const describes = (statement: PolicyStatement): Promise<boolean> =>
    as(statement)
      .ecs.describeClusters({ clusters: ["main"] })
      .then(
        () => true,
        () => false,
      );
  const under = (Condition: PolicyStatement["Condition"]): Promise<boolean> =>
    describes({ ...allow("ecs:*"), Condition: Condition! });

  it.each<[string, PolicyStatement, boolean]>([
    ["an action in another case", allow("ECS:describeclusters"), true],
    ["wildcards in actions", allow("ecs:Describe?luster*"), true],
    ["another action", allow("ecs:ListClusters"), false],
    ["the resource", allow("ecs:*", main), true],
    ["wildcards in resources", allow("ecs:*", "arn:aws:ecs:*:*:cluster/*"), true],
    ["a resource in another case", allow("ecs:*", main.replace("main", "MAIN")), false],
    ["another region", allow("ecs:*", main.replace("eu-west-1", "us-east-1")), false],
    ["NotAction", { Effect: "Allow", NotAction: "iam:*", Resource: "*" }, true],
    ["NotAction of the action itself", { Effect: "Allow", NotAction: "ecs:*", Resource: "*" }, false],
    ["NotResource", { Effect: "Allow", Action: "ecs:*", NotResource: main }, false],
  ])("with %s", async (_, statement, isAllowed) => {
    expect(await describes(statement)).toBe(isAllowed);
  });

  it.each<[string, PolicyStatement["Condition"], boolean]>([
    ["StringEquals", { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } }, true],
    ["StringEquals of another value", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }, false],
    ["StringLike", { StringLike: { "aws:RequestedRegion": "eu-*" } }, true],
    ["StringNotEquals of a missing key", { StringNotEquals: { "aws:ResourceTag/team": "other" } }, true],
    ["StringEquals of a missing key", { StringEquals: { "aws:ResourceTag/team": "talk" } }, false],
    ["IfExists of a missing key", { StringEqualsIfExists: { "aws:ResourceTag/team": "talk" } }, true],
    ["Null", { Null: { "aws:ResourceTag/team": "true" } }, true],
    ["Null of a key that is there", { Null: { "aws:RequestedRegion": "true" } }, false],
    ["ForAnyValue", { "ForAnyValue:StringEquals": { "aws:TagKeys": "team" } }, false],
    ["ForAllValues of a missing key", { "ForAllValues:StringEquals": { "aws:TagKeys": "team" } }, true],
    [
      "two operators, of which one does not hold",
      { StringLike: { "aws:RequestedRegion": "eu-*" }, Null: { "aws:RequestedRegion": "true" } },
      false,
    ],
  ])("with the condition %s", async (_, condition, isAllowed) => {
    expect(await under(condition)).toBe(isAllowed);
  });

  it("with an operator that the local cloud does not know is an error, not a denial", async () => {
    const { ecs } = as({
      ...allow("ecs:*"),
      Condition: { DateLessThan: { "aws:CurrentTime": "2030-01-01" } },
    });
    expect(await refusal(ecs.describeClusters({}))).toContain("DateLessThan");
  });
});
