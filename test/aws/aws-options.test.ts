import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsOptions } from "../../src/aws/aws-options.js";
import { SpecError } from "../../src/errors.js";

function problemsOf(options: unknown): string[] {
  try {
    aws(options as AwsOptions);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError);
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

const roleArn = "arn:aws:iam::123456789012:role/deployer";

describe("the options of aws()", () => {
  test.each<AwsOptions>([
    {},
    { region: undefined, profile: "prod", endpoint: "http://127.0.0.1:4566" },
    { credentials: { accessKeyId: "id", secretAccessKey: "secret", expiration: new Date() } },
    { credentials: async () => ({ accessKeyId: "id", secretAccessKey: "secret" }) },
    { assumeRole: roleArn, allowedAccounts: ["123456789012"], proxy: false },
    {
      assumeRole: { roleArn, externalId: "x-1", sessionName: "ci", duration: "2h", tags: { team: "talks" } },
    },
    { assumeRole: { roleArn, mfaSerial: "arn:aws:iam::123456789012:mfa/me" }, mfa: async () => "123456" },
    { readAccountRoles: true },
    { proxy: "http://user:password@proxy.example.com:3128" },
  ])("%j are valid", (options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [{ regoin: "eu-west-1" }, "aws.regoin: unknown option; did you mean region?"],
    [{ region: "" }, 'aws.region: must be the id of a region, such as "eu-west-1"; got ""'],
    [
      { allowedAccounts: [123456789012] },
      'aws.allowedAccounts: must be an array of account ids, each a string of 12 digits, such as ["123456789012"]; got an array',
    ],
    [
      { allowedAccounts: [] },
      'aws.allowedAccounts: must be an array of account ids, each a string of 12 digits, such as ["123456789012"]; got an empty array',
    ],
    [
      { assumeRole: "deployer" },
      'aws.assumeRole: must be the ARN of a role, such as arn:aws:iam::123456789012:role/deployer; got "deployer"',
    ],
    [{ readAccountRoles: "yes" }, 'aws.readAccountRoles: must be true or false; got "yes"'],
    [{ assumeRole: {} }, "aws.assumeRole.roleArn: is required: the ARN of the role"],
    [
      { assumeRole: { roleArn, duration: "5m" } },
      'aws.assumeRole.duration: must be a duration from 15m to 12h, such as "60s", "5m", "1h" or "3d"; got "5m"',
    ],
    [
      { assumeRole: { roleArn, sessionName: "a b" } },
      'aws.assumeRole.sessionName: must be 2 to 64 letters, digits and _+=,.@-; got "a b"',
    ],
    [
      { assumeRole: { roleArn, tags: { team: 7 } } },
      "aws.assumeRole.tags.team: must be a key of 1 to 128 characters with a text of at most 256",
    ],
    [{ mfa: "123456" }, 'aws.mfa: must be a function; got "123456"'],
  ])("%j are not", (options, problem) => {
    expect(problemsOf(options)).toEqual([problem]);
  });

  test("that hold secrets are not repeated in the message", () => {
    const [credentials] = problemsOf({
      credentials: { accessKeyId: "AKIA", secretAccessKey: 7, x: "hidden" },
    });
    expect(credentials).toMatch(/^aws.credentials: must be \{ accessKeyId/);
    expect(credentials).not.toMatch(/hidden|AKIA/);
    expect(problemsOf({ proxy: "user:hidden@proxy" })).toEqual([
      'aws.proxy: must be the URL of an HTTP proxy, such as "http://proxy.example.com:3128", or false',
    ]);
  });
});

test("all roles of the account are read only where the user asks for it, and never into a recording", () => {
  const record = mkdtempSync(join(tmpdir(), "quayside-"));
  const reads = (options: AwsOptions) => aws(options).readAccountRoles;
  expect([{}, { readAccountRoles: true }, { readAccountRoles: true, record }].map(reads)).toEqual([
    ...[false, true, false],
  ]);
  rmSync(record, { recursive: true });
});
