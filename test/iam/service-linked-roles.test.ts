import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createServiceLinkedRoles } from "../../src/iam/service-linked-roles.js";
import { mockAws, sdkError } from "../aws/mock-aws.js";

const { iam, awsContext, writes } = mockAws();

test("the service-linked roles of what is created are created, once each", async () => {
  const context = await awsContext();
  const kinds = ["cluster", "service", "auto-scaling-group", "load-balancer", "scalable-target", "iam-role"];
  const before = createServiceLinkedRoles(kinds, context);
  for (const kind of kinds) await before(kind);
  expect(before("iam-role"), "which needs none").toBe(undefined);
  expect(writes()).toEqual(
    [
      "ecs.amazonaws.com",
      "autoscaling.amazonaws.com",
      "elasticloadbalancing.amazonaws.com",
      "ecs.application-autoscaling.amazonaws.com",
    ].map((AWSServiceName) => ["CreateServiceLinkedRole", { AWSServiceName }]),
  );
});

test.each([
  "InvalidInputException",
  "EntityAlreadyExistsException",
  "AccessDenied",
  "UnknownOperationException",
])("%s is no error: the role exists, or AWS creates it", async (code) => {
  const context = await awsContext();
  iam.on(CreateServiceLinkedRoleCommand).rejects(sdkError(code));
  await createServiceLinkedRoles(["cluster"], context)("cluster");
});

test("any other error is one", async () => {
  const context = await awsContext();
  iam.on(CreateServiceLinkedRoleCommand).rejects(sdkError("LimitExceeded"));
  await expect(createServiceLinkedRoles(["cluster"], context)("cluster")).rejects.toMatchObject({
    awsCode: "LimitExceeded",
  });
});
