import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createServiceLinkedRoles } from "../../src/iam/service-linked-roles.js";
import { mockAws, sdkError } from "../aws/mock-aws.js";

const { iam, awsContext, writes } = mockAws();

test("the service-linked roles of what is created are created, once each", async () => {
  const context = await awsContext();
  await createServiceLinkedRoles(
    ["cluster", "service", "auto-scaling-group", "load-balancer", "scalable-target", "iam-role"],
    context,
  );
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
  await createServiceLinkedRoles(["cluster"], context);
});

test("any other error is one", async () => {
  const context = await awsContext();
  iam.on(CreateServiceLinkedRoleCommand).rejects(sdkError("LimitExceeded"));
  await expect(createServiceLinkedRoles(["cluster"], context)).rejects.toMatchObject({
    awsCode: "LimitExceeded",
  });
});
