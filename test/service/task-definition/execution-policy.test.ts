import { expect, test } from "vitest";
import { executionPolicy } from "../../../src/service/task-definition/execution-policy.js";
import { talkService } from "../deployment-spec.js";

const where = { region: "eu-west-1", partition: "aws" };

test("an execution role without secrets and credentials has no policy", () => {
  expect(executionPolicy(talkService(), where)).toBeUndefined();
});

test("an execution role may read parameters, secrets and the registry's credentials, and nothing else", () => {
  const spec = talkService({
    image: {
      reference: "x",
      credentials: "arn:aws:secretsmanager:eu-west-1:1:secret:registry-abcdef",
      build: undefined,
    },
    container: {
      secrets: {
        A: { from: "parameter-store", parameter: "/talk/a" },
        B: { from: "parameter-store", parameter: "b" },
        C: { from: "arn", arn: "arn:aws:ssm:eu-central-1:1:parameter/c" },
        D: { from: "arn", arn: "arn:aws:secretsmanager:eu-west-1:1:secret:d-abcdef:password::" },
        E: { from: "arn", arn: "arn:aws:secretsmanager:eu-west-1:1:secret:d-abcdef" },
      },
    },
  });
  expect(executionPolicy(spec, { ...where, partition: "aws-cn" })).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ssm:GetParameters"],
        Resource: [
          "arn:aws-cn:ssm:eu-west-1:*:parameter/b",
          "arn:aws-cn:ssm:eu-west-1:*:parameter/talk/a",
          "arn:aws:ssm:eu-central-1:1:parameter/c",
        ],
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [
          "arn:aws:secretsmanager:eu-west-1:1:secret:d-abcdef",
          "arn:aws:secretsmanager:eu-west-1:1:secret:d-abcdef-??????",
          "arn:aws:secretsmanager:eu-west-1:1:secret:registry-abcdef",
          "arn:aws:secretsmanager:eu-west-1:1:secret:registry-abcdef-??????",
        ],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: ["*"],
        Condition: {
          StringLike: {
            "kms:ViaService": ["secretsmanager.eu-west-1.*", "ssm.eu-central-1.*", "ssm.eu-west-1.*"],
          },
        },
      },
    ],
  });
});

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";

/** The policy's resources for secrets with these ARNs. */
const secretResources = (...arns: readonly string[]) => {
  const secrets = Object.fromEntries(arns.map((arn, index) => [`S${index}`, { from: "arn", arn } as const]));
  const policy = executionPolicy(talkService({ container: { secrets } }), where)!;
  return policy.Statement.find(({ Action }) => Action.includes("secretsmanager:GetSecretValue"))!.Resource;
};

test("a secret by its partial ARN is readable, and one whose name only looks like a whole ARN is, too", () => {
  expect(secretResources(`${SECRET}MySecret`)).toEqual([`${SECRET}MySecret-??????`]);
  expect(secretResources(`${SECRET}test-secret`)).toEqual([
    `${SECRET}test-secret`,
    `${SECRET}test-secret-??????`,
  ]);
});

test("so many secrets that both forms exceed IAM's limit are taken as they look", () => {
  const arns = Array.from({ length: 70 }, (_, index) => `${SECRET}a-long-name-of-a-secret-${index}-AbCdEf`);
  expect(secretResources(...arns)).toEqual([...arns].sort());
});
