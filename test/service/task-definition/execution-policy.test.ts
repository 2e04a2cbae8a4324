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
          "arn:aws:secretsmanager:eu-west-1:1:secret:registry-abcdef",
        ],
      },
    ],
  });
});
