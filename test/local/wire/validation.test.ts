import { describe, expect, test } from "vitest";
import { json, query, send, served } from "./served.js";

const elb = (Action: string, more: Record<string, string>) =>
  query("elasticloadbalancing", { Action, Version: "2015-12-01", ...more });
const messageOf = (body: string): string =>
  /<Message>(.*)<\/Message>/s.exec(body)?.[1]?.replaceAll("&amp;", "&") ?? "";

describe("an input that breaks the API's model is refused in the service's own words", () => {
  test.each([
    [
      "a missing name",
      elb("CreateTargetGroup", {}),
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a port beyond the last",
      elb("CreateTargetGroup", { Name: "a", Port: "70000" }),
      "Value '70000' at 'port' failed to satisfy constraint: Member must have value less than or equal to 65535",
    ],
    [
      "a protocol that does not exist",
      elb("CreateTargetGroup", { Name: "a", Protocol: "GOPHER" }),
      "Value 'GOPHER' at 'protocol' failed to satisfy constraint: Member must satisfy enum value set: [",
    ],
    [
      "a nested member that is missing",
      elb("AddTags", { "ResourceArns.member.1": "a", "Tags.member.1.Value": "b" }),
      "Value null at 'tags.1.member.key' failed to satisfy constraint: Member must not be null",
    ],
  ])("by Elastic Load Balancing: %s", async (_, request, why) => {
    const { url } = await served();
    const { status, body } = await send(url, request);
    expect(status).toBe(400);
    expect(body).toContain("<Code>ValidationError</Code>");
    expect(messageOf(body)).toContain(`1 validation error detected: ${why}`);
  });

  test("several at once, by IAM", async () => {
    const { url } = await served();
    const { body } = await send(
      url,
      query("iam", { Action: "CreateRole", Version: "2010-05-08", RoleName: "a b" }),
    );
    expect(messageOf(body)).toBe(
      "2 validation errors detected: Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; " +
        "Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
    );
  });

  test("by EC2, which names what is missing", async () => {
    const { url } = await served();
    const { body } = await send(url, query("ec2", { Action: "CreateSubnet", Version: "2016-11-15" }));
    expect(body).toContain(
      "<Code>MissingParameter</Code><Message>The request must contain the parameter VpcId<",
    );
  });

  test.each([
    ["RunTask", {}, "ClientException", "TaskDefinition can not be blank."],
    [
      "ListServices",
      { launchType: "SAUCER" },
      "InvalidParameterException",
      expect.stringMatching(/^launch type should be one of \[EC2,EXTERNAL,FARGATE/) as string,
    ],
  ])("by ECS: %s", async (operation, input, code, message) => {
    const { url } = await served();
    const answer = await send(url, json("ecs", `AmazonEC2ContainerServiceV20141113.${operation}`, input));
    expect(JSON.parse(answer.body)).toEqual({ __type: code, message });
  });

  test.each([
    ["logs", "Logs_20140328.DescribeLogGroups", { limit: 51 }, "InvalidParameterException", "limit"],
    ["ssm", "AmazonSSM.GetParameters", { Names: [] }, "ValidationException", "names"],
  ])("by %s, in JSON", async (service, target, input, code, path) => {
    const { url } = await served();
    const { body } = await send(url, json(service, target, input));
    const { __type, message, Message } = JSON.parse(body) as Record<string, string>;
    expect(__type).toBe(code);
    expect(message ?? Message).toMatch(
      new RegExp(`^1 validation error detected: Value '.*' at '${path}' failed`),
    );
  });
});
