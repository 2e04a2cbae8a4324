import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk } from "./issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("an environment variable has a name and a value", () => {
  const bad = [
    { "A=B": "1" },
    { "": "1" },
    { "A B": "1" },
    { DB: undefined },
    { DB: null },
    { DB: {} },
    "DB=1",
  ];
  expect(refusals(bad, (environment) => talk["env"]!(environment))).toMatchInlineSnapshot(`
    [
      "container.environment.A=B: must be a variable name in ASCII without "=" and spaces; got "A=B"",
      "container.environment.: must be a variable name in ASCII without "=" and spaces; got """,
      "container.environment.A B: must be a variable name in ASCII without "=" and spaces; got "A B"",
      "container.environment.DB: must be a string, a finite number or a boolean; got undefined",
      "container.environment.DB: must be a string, a finite number or a boolean; got null",
      "container.environment.DB: must be a string, a finite number or a boolean; got an empty object",
      "container.environment: must be an object of names and values; got "DB=1"",
    ]
  `);
  const environment = { PORT: 8080, DEBUG: false, "spring.profiles.active": "aws", EMPTY: "" };
  expect(complete.env(environment).toJSON().container.environment).toEqual({
    PORT: "8080",
    DEBUG: "false",
    "spring.profiles.active": "aws",
    EMPTY: "",
  });
});

test("a secret is a parameter or an ARN", () => {
  const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/talk/db";
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::";
  expect(
    complete.secrets({ A: "ssm:/talk/db", B: "ssm:db", C: parameter, D: secret }).toJSON().container.secrets,
  ).toEqual({
    A: { from: "parameter-store", parameter: "/talk/db" },
    B: { from: "parameter-store", parameter: "db" },
    C: { from: "arn", arn: parameter },
    D: { from: "arn", arn: secret },
  });
});

test("an invalid source of a secret is rejected and not quoted: it may be the secret itself", () => {
  const bad = ["hunter2", "ssm:", "ssm:/talk//db", "arn:aws:s3:::bucket", 1];
  const issues = refusals(bad, (DB) => talk["secrets"]!({ DB }));
  expect(issues).toMatchInlineSnapshot(`
    [
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; the name of the parameter may contain letters, digits and _.-/, and begins with / if it has several; got "ssm:"",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; the name of the parameter may contain letters, digits and _.-/, and begins with / if it has several; got "ssm:/talk//db"",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; its service, "s3", must be ssm or secretsmanager; got "arn:aws:s3:::bucket"",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got 1",
    ]
  `);
  expect(issues.join()).not.toContain("hunter2");
});

test("a secret that is also an environment variable is rejected", () => {
  expect(issuesOf(talk["env"]!({ DB: "x" })["secrets"]!({ DB: "ssm:/db" }))).toMatchInlineSnapshot(`
    [
      "container.secrets.DB: is also set in environment: a name can be either an environment variable or a secret",
    ]
  `);
});
