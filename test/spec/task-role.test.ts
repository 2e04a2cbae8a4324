import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk, wronglyRefused } from "./issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } as const;

test("a task role is used as it is, or created from policies", () => {
  const arn = "arn:aws:iam::123456789012:role/teams/talk";
  expect(complete.toJSON().taskRole).toBeUndefined();
  expect(complete.taskRole(arn).toJSON().taskRole).toEqual({ from: "arn", arn });
  const managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  const { taskRole } = complete
    .taskRole(arn)
    .taskRole({ policies: [managed, { Statement: read }, managed] })
    .toJSON();
  expect(taskRole).toEqual({
    from: "policies",
    managed: [managed],
    inline: [{ Version: "2012-10-17", Statement: read }],
  });
});

test("an invalid task role is rejected with its path", () => {
  const bad = [
    "talk-role",
    "arn:aws:iam::123456789012:user/talk",
    undefined,
    { policy: [] },
    { policies: read },
    { policies: ["AmazonS3ReadOnlyAccess"] },
    { policies: Array.from({ length: 21 }, (_, index) => `arn:aws:iam::123456789012:policy/p${index}`) },
    { policies: [{ Statement: { ...read, Resource: "a".repeat(10_240) } }] },
  ];
  const role = (given: unknown) => talk["taskRole"]!(given);
  expect(
    bad.map((each) =>
      issuesOf(role(each))
        .map((issue) => issue.slice(0, 150))
        .join("\n"),
    ),
  ).toMatchInlineSnapshot(`
    [
      "taskRole: must be the ARN of an IAM role, or { policies: […] }; got "talk-role"",
      "taskRole: must be the ARN of an IAM role, or { policies: […] }; got "arn:aws:iam::123456789012:user/talk"",
      "taskRole: must be the ARN of an IAM role, or { policies: […] }; got undefined",
      "taskRole.policy: unknown option; valid options: policies
    taskRole.policies: must be an array of managed policy ARNs and policy documents; got undefined",
      "taskRole.policies: must be an array of managed policy ARNs and policy documents; got an object",
      "taskRole.policies.0: must be the ARN of a managed policy, such as "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", or a policy document; got "AmazonS",
      "taskRole.policies: must have at most 20 managed policies; got 21",
      "taskRole.policies: must have at most 10240 characters of policy documents; got 10335",
    ]
  `);
});

test("a policy document has statements that allow or deny", () => {
  const document = (given: unknown) => talk["taskRole"]!({ policies: [given] });
  const bad = [
    {},
    { Statement: [] },
    { Version: 1, Statement: read },
    { Statement: [read, { ...read, Effect: "allow" }] },
    { Statement: { ...read, Action: undefined } },
    { Statement: { ...read, NotResource: "*" } },
    { Statement: { ...read, Action: [] } },
    { Statement: { ...read, Principal: "*" } },
    { Statement: { ...read, Condition: "never" } },
  ];
  expect(refusals(bad, document)).toMatchInlineSnapshot(`
    [
      "taskRole.policies.0.Statement: must be a statement: { Effect, Action, Resource }; got undefined",
      "taskRole.policies.0.Statement: must have at least one statement",
      "taskRole.policies.0.Version: must be "2012-10-17"; got 1",
      "taskRole.policies.0.Statement.1.Effect: must be "Allow" or "Deny"; got "allow"",
      "taskRole.policies.0.Statement.Action: is required: set either Action or NotAction, but not both",
      "taskRole.policies.0.Statement.Resource: is required: set either Resource or NotResource, but not both",
      "taskRole.policies.0.Statement.Action: must be one pattern or an array of patterns, such as "s3:GetObject"; got an empty array",
      "taskRole.policies.0.Statement.Principal: unknown option; valid options: Sid, Effect, Action, NotAction, Resource, NotResource, Condition",
      "taskRole.policies.0.Statement.Condition: must be an object; got "never"",
    ]
  `);
  const Condition = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };
  const good = [
    { Statement: { ...read, Condition } },
    {
      Version: "2012-10-17",
      Id: "talk",
      Statement: [{ Effect: "Deny", NotAction: ["s3:*"], Resource: "*" }],
    },
  ];
  expect(wronglyRefused(good, document)).toEqual([]);
});
