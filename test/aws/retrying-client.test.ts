import type { CreateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import { CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { AttachRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { AbortedError, AwsError, TimeoutError } from "../../src/errors.js";
import { sdkError, mockAws, mockedContext, sent } from "./mock-aws.js";

const { ecs, iam, logs, autoScaling } = mockAws();

const draining = sdkError("InvalidParameterException", "Unable to Start a service that is still Draining.");

describe("a sdkError that passes by itself", () => {
  it("is waited out, told once, and forgotten", async () => {
    const { context, events, clock } = await mockedContext();
    const service = { serviceArn: "arn" };
    ecs
      .on(CreateServiceCommand)
      .rejectsOnce(draining)
      .rejectsOnce(draining)
      .rejectsOnce(draining)
      .resolves({ service });
    const began = clock.now();
    expect(await context.aws.ecs.createService({ serviceName: "web" })).toEqual({ service });
    expect((clock.now() - began) / 1000).toBe(1 + 1.5 + 2.25);
    expect(events).toEqual([
      {
        type: "retrying",
        at: began,
        operation: "CreateService",
        code: "InvalidParameterException",
        why: "the earlier service of this name is still draining",
      },
    ]);
  });

  it("is an error once it has not passed in the time that it usually needs", async () => {
    const { context, clock } = await mockedContext();
    const message =
      "You must use a valid fully-formed launch template. Value (p) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
    autoScaling.on(CreateAutoScalingGroupCommand).rejects(sdkError("ValidationError", message));
    const began = clock.now();
    const request = { AutoScalingGroupName: "g" } as CreateAutoScalingGroupCommandInput;
    const error: unknown = await context.aws.autoScaling
      .createAutoScalingGroup(request)
      .catch((e: unknown) => e);
    expect((clock.now() - began) / 60_000).toBe(2);
    expect(error).toMatchObject({
      code: "aws-refused",
      awsCode: "ValidationError",
      message: `CreateAutoScalingGroup failed: ${message} (waited 2 min: the new instance profile has not propagated yet (IAM is eventually consistent))`,
    });
  });

  it("is distinguished from a permanent one of the same code by its message", async () => {
    const { context, events } = await mockedContext();
    ecs
      .on(CreateServiceCommand)
      .rejects(sdkError("InvalidParameterException", "Creation of service was not idempotent."));
    await expect(context.aws.ecs.createService({ serviceName: "web" })).rejects.toMatchObject({
      message: "CreateService failed: Creation of service was not idempotent.",
      fix: "Fix the problem that AWS reports, then run again. Completed steps are kept.",
    });
    expect(sent(ecs)).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it("counts each reason's time by itself", async () => {
    const { context, clock } = await mockedContext();
    const began = clock.now();
    const minutes = () => (clock.now() - began) / 60_000;
    ecs.on(DeleteClusterCommand).callsFake(() => {
      if (minutes() < 9) throw sdkError("ClusterContainsServicesException");
      if (minutes() < 18) throw sdkError("ClusterContainsContainerInstancesException");
      return {};
    });
    await context.aws.ecs.deleteCluster({ cluster: "web" });
    expect(minutes()).toBeGreaterThanOrEqual(18);
  });

  it("is not waited for any longer when the run is aborted", async () => {
    const { context, controller } = await mockedContext();
    const reason = new Error("Ctrl-C");
    ecs.on(CreateServiceCommand).callsFake(() => {
      setImmediate(() => controller.abort(reason));
      throw draining;
    });
    const error: unknown = await context.aws.ecs
      .createService({ serviceName: "web" })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ cause: reason });
    expect(sent(ecs)).toHaveLength(1);
  });
});

describe("an aborted run", () => {
  it("sends nothing more", async () => {
    const { context, controller } = await mockedContext();
    controller.abort();
    await expect(context.aws.ecs.createCluster({})).rejects.toMatchObject({ code: "aborted" });
    expect(sent(ecs)).toEqual([]);
  });

  it("ends with the run's own reason when that is one of ours", async () => {
    const { context, controller } = await mockedContext();
    const tooLate = new TimeoutError("The run took longer than 20 min");
    controller.abort(tooLate);
    await expect(context.aws.ecs.createCluster({})).rejects.toBe(tooLate);
  });

  it("cuts reads off, and lets a change that is under way finish", async () => {
    const { context, controller } = await mockedContext();
    ecs.on(DescribeServicesCommand).resolves({});
    ecs.on(CreateClusterCommand).callsFake(() => {
      controller.abort();
      return { cluster: { clusterName: "web" } };
    });
    await context.aws.ecs.describeServices({ services: ["web"] });
    expect(await context.aws.ecs.createCluster({})).toEqual({ cluster: { clusterName: "web" } });
    const calls = ecs.calls().map(({ args }) => args as unknown as [object, unknown]);
    expect(controller.signal.aborted).toBe(true);
    expect(calls.map(([command, options]) => [command.constructor.name, options])).toEqual([
      ["DescribeServicesCommand", { abortSignal: controller.signal }],
      ["CreateClusterCommand", { abortSignal: expect.any(AbortSignal) }],
    ]);
  });
});

describe("an override", () => {
  it("has the last word on what is sent", async () => {
    const { context } = await mockedContext({
      overrides: {
        createCluster: (input) => ({ ...input, settings: [{ name: "containerInsights", value: "enabled" }] }),
      },
    });
    ecs.on(CreateClusterCommand).resolves({});
    await context.aws.ecs.createCluster({ clusterName: "web" });
    const settings = [{ name: "containerInsights", value: "enabled" }];
    expect(sent(ecs)).toEqual([["CreateCluster", { clusterName: "web", settings }]]);
  });

  it("that forgets to return the request fails with that reason", async () => {
    const { context } = await mockedContext({ overrides: { createCluster: (() => undefined) as never } });
    await expect(context.aws.ecs.createCluster({})).rejects.toMatchObject({
      code: "invalid-override",
      message: "override.createCluster is not valid: it returned undefined",
    });
  });
});

describe("a sdkError that stays", () => {
  it("keeps AWS's code, words and error", async () => {
    const { context } = await mockedContext();
    const cause = sdkError("ClientException", "Too many containers.");
    ecs.on(RegisterTaskDefinitionCommand).rejects(cause);
    const error: unknown = await context.aws.ecs
      .registerTaskDefinition({ family: "web", containerDefinitions: [] })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      service: "ecs",
      operation: "RegisterTaskDefinition",
      awsCode: "ClientException",
      message: "RegisterTaskDefinition failed: Too many containers.",
      cause,
    });
  });

  it.each([
    [
      "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/talk because no identity-based policy allows the iam:PassRole action",
      {
        action: "iam:PassRole",
        resource: "arn:aws:iam::123456789012:role/talk",
        caller: "arn:aws:iam::123456789012:user/ci",
      },
      `Add this statement to the policies of arn:aws:iam::123456789012:user/ci: {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/talk"}. permissions() of the chain returns all statements.`,
    ],
    [
      "User: arn is not authorized to perform this",
      { action: "ecs:CreateService", resource: "*" },
      `Add this statement to the policies of the credentials that quayside uses: {"Effect":"Allow","Action":"ecs:CreateService","Resource":"*"}. permissions() of the chain returns all statements.`,
    ],
    [
      "You are not authorized to use launch template: lt-0abc",
      { action: "ec2:RunInstances", resource: "*" },
      expect.stringContaining('"Action":"ec2:RunInstances"'),
    ],
    [
      "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: ecs:CreateService on resource: * with an explicit deny in a service control policy",
      { action: "ecs:CreateService", resource: "*", caller: "arn:aws:sts::123456789012:assumed-role/ci/run" },
      "Remove the policy that denies ecs:CreateService to arn:aws:sts::123456789012:assumed-role/ci/run: an explicit deny overrides every allow.",
    ],
  ])("names the action, the resource and the caller of a denied call: %s", async (message, facts, fix) => {
    const { context } = await mockedContext();
    ecs.on(CreateServiceCommand).rejects(sdkError("AccessDeniedException", message));
    await expect(context.aws.ecs.createService({ serviceName: "web" })).rejects.toMatchObject({
      code: "access-denied",
      facts: expect.objectContaining(facts),
      fix,
    });
  });
});

describe("a connection that cannot be made", () => {
  it("is distinguished from an error of AWS's", async () => {
    const { context } = await mockedContext();
    const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
    ecs.on(CreateClusterCommand).rejects(cause);
    await expect(context.aws.ecs.createCluster({ clusterName: "web" })).rejects.toMatchObject({
      message: "CreateCluster failed: connect ECONNREFUSED 127.0.0.1:9",
      fix: expect.stringContaining("AWS_ENDPOINT_URL"),
    });
  });
});

describe("AWS's rate limits", () => {
  it("cost nothing as long as AWS takes calls at once, and a little more than its pace afterwards", async () => {
    const { context, clock } = await mockedContext();
    ecs.on(RegisterTaskDefinitionCommand).resolves({});
    const began = clock.now();
    const ends = await Promise.all(
      Array.from({ length: 23 }, async () => {
        await context.aws.ecs.registerTaskDefinition({ family: "web", containerDefinitions: [] });
        return (clock.now() - began) / 1000;
      }),
    );
    expect(ends.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(ends.slice(20).map((end) => end.toFixed(1))).toEqual(["1.1", "2.2", "3.3"]);
  });

  it("hold for the moment at which a wider limit has let the calls go", async () => {
    const { context, clock } = await mockedContext();
    const groups = 30;
    const sent: number[] = [];
    logs.on(CreateLogGroupCommand).resolves({});
    logs.on(PutRetentionPolicyCommand).callsFake(() => sent.push(clock.now()));
    await Promise.all(
      Array.from({ length: groups }, async (_, index) => {
        await context.aws.logs.createLogGroup({ logGroupName: `g${index}` });
        await context.aws.logs.putRetentionPolicy({ logGroupName: `g${index}`, retentionInDays: 1 });
      }),
    );
    // CloudWatch Logs takes five at once and five a second.
    const inOneSecond = (from: number) => sent.filter((at) => at >= from && at < from + 1000).length;
    expect(Math.max(...sent.map(inOneSecond))).toBeLessThanOrEqual(10);
    expect(
      sent
        .slice(10)
        .map(inOneSecond)
        .every((count) => count <= 5),
    ).toBe(true);
  });

  it("let one change of IAM at a time", async () => {
    const { context } = await mockedContext();
    let running = 0;
    let most = 0;
    iam.on(AttachRolePolicyCommand).callsFake(async () => {
      most = Math.max(most, (running += 1));
      await context.clock.sleep(10);
      running -= 1;
    });
    const attach = () => context.aws.iam.attachRolePolicy({ RoleName: "r", PolicyArn: "a" });
    await Promise.all([attach(), attach(), attach()]);
    expect(most).toBe(1);
  });
});
