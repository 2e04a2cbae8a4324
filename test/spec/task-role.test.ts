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
    { policies: [{ Statement: { ...read, Resource: `arn:aws:s3:::${"a".repeat(10_240)}` } }] },
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
      "taskRole: must be the ARN of an IAM role, arn:aws:iam::{account}:role/talk-role, or { policies: […] }: permissions() needs its account and path, which",
      "taskRole: must be the ARN of an IAM role, or { policies: […] }; got "arn:aws:iam::123456789012:user/talk"",
      "taskRole: must be the ARN of an IAM role, or { policies: […] }; got undefined",
      "taskRole.policy: unknown option; valid options: policies
    taskRole.policies: must be an array of managed policy ARNs and policy documents; got undefined",
      "taskRole.policies: must be an array of managed policy ARNs and policy documents; got an object",
      "taskRole.policies.0: must be the ARN of a managed policy, such as "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", or a policy document; got "AmazonS",
      "taskRole.policies: must have at most 20 managed policies; got 21",
      "taskRole.policies: must have at most 10240 characters of policy documents; got 10346",
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

test("a policy document follows IAM's grammar", () => {
  const statement = (given: object) =>
    talk["taskRole"]!({ policies: [{ Statement: [{ ...read, ...given }] }] });
  const bad = [
    { Sid: "Allow S3!" },
    { Sid: 1 },
    { Action: "s3" },
    { Action: "GetObject" },
    { Action: "s3:*:x" },
    { Action: "*:GetObject" },
    { Action: ["s3:GetObject", "s3:"] },
    { Resource: "bucket" },
    { Resource: "arn:aws:s3" },
    { Resource: "arn:amazon:s3:::bucket" },
    { Resource: "arn:aws:*:::bucket" },
    { Resource: "arn:aws:s3::bucket" },
    { Resource: "arn:aws:s3:eu-west-1::bucket" },
    { Resource: "arn:aws:iam:eu-west-1:123456789012:role/x" },
    { Condition: { StringIs: { "aws:RequestedRegion": "x" } } },
    { Condition: { StringEquals: "x" } },
    { Condition: { StringEquals: { RequestedRegion: "x" } } },
    { Condition: { StringEquals: { "aws:RequestedRegion": {} } } },
    { Condition: { NumericEquals: { "s3:max-keys": NaN } } },
    { Condition: { DateLessThan: { "aws:CurrentTime": "tomorrow" } } },
    { Resource: "arn:aws:s3:::b\u2603" },
  ];
  expect(refusals(bad, statement)).toMatchInlineSnapshot(`
    [
      "taskRole.policies.0.Statement.0.Sid: must contain only letters and digits (A-Z, a-z, 0-9); got "Allow S3!"",
      "taskRole.policies.0.Statement.0.Sid: must contain only letters and digits (A-Z, a-z, 0-9); got 1",
      "taskRole.policies.0.Statement.0.Action: must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action; got "s3"",
      "taskRole.policies.0.Statement.0.Action: must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action; got "GetObject"",
      "taskRole.policies.0.Statement.0.Action: must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action; got "s3:*:x"",
      "taskRole.policies.0.Statement.0.Action: must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action; got "*:GetObject"",
      "taskRole.policies.0.Statement.0.Action: must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action; got "s3:"",
      "taskRole.policies.0.Statement.0.Resource: must be "*" or an ARN; got "bucket"",
      "taskRole.policies.0.Statement.0.Resource: must be "*" or an ARN; got "arn:aws:s3"",
      "taskRole.policies.0.Statement.0.Resource: must be an ARN of an existing partition, such as arn:aws:…; got "arn:amazon:s3:::bucket"",
      "taskRole.policies.0.Statement.0.Resource: must name the service of the ARN without wildcards; got "arn:aws:*:::bucket"",
      "taskRole.policies.0.Statement.0.Resource: must be an ARN of six parts, arn:partition:service:region:account:resource; got "arn:aws:s3::bucket"",
      "taskRole.policies.0.Statement.0.Resource: must have no region: resources of s3 are global; got "arn:aws:s3:eu-west-1::bucket"",
      "taskRole.policies.0.Statement.0.Resource: must have no region: resources of iam are global; got "arn:aws:iam:eu-west-1:123456789012:role/x"",
      "taskRole.policies.0.Statement.0.Condition.StringIs: must be an operator of IAM, such as "StringEquals" or "ArnLike"",
      "taskRole.policies.0.Statement.0.Condition.StringEquals: must be an object of condition keys and values; got "x"",
      "taskRole.policies.0.Statement.0.Condition.StringEquals.RequestedRegion: must be a condition key with its service, such as "aws:RequestedRegion"",
      "taskRole.policies.0.Statement.0.Condition.StringEquals.aws:RequestedRegion: must be a string, a number, a boolean, or an array of them; got an empty object",
      "taskRole.policies.0.Statement.0.Condition.NumericEquals.s3:max-keys: must be a string, a number, a boolean, or an array of them; got NaN",
      "taskRole.policies.0.Statement.0.Condition.DateLessThan.aws:CurrentTime: must be a date, such as "2030-01-31T00:00:00Z"; got "tomorrow"",
      "taskRole.policies.0: must contain only characters of Latin-1, which are all that IAM accepts",
    ]
  `);
  const good = [
    { Sid: "AllowS3" },
    { Sid: "" },
    { Action: "*" },
    { Action: ["s3:Get*", "s3-object-lambda:?et*"] },
    {
      Resource: [
        "arn:aws:s3:::bucket/${aws:username}/*",
        "arn:aws-cn:dynamodb:*:*:table/x",
        "arn:*:sqs:*:*:q",
      ],
    },
    { Resource: "arn:aws:s3:eu-west-1:123456789012:accesspoint/x" },
    { Condition: { "ForAnyValue:StringLikeIfExists": { "aws:TagKeys": ["a", "b"] } } },
    { Condition: { Null: { "aws:TokenIssueTime": true }, NumericLessThan: { "s3:max-keys": 10 } } },
    { Condition: { DateGreaterThan: { "aws:CurrentTime": "2030-01-31T00:00:00Z", "aws:EpochTime": 1 } } },
  ];
  expect(wronglyRefused(good, statement)).toEqual([]);
  const twice = { Sid: "One", ...read };
  expect(issuesOf(talk["taskRole"]!({ policies: [{ Statement: [twice, twice] }] }))).toEqual([
    'taskRole.policies.0.Statement.1.Sid: must be unique in the document; got "One" again',
  ]);
});
