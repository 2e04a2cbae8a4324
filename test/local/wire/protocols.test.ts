import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECS } from "@aws-sdk/client-ecs";
import { IAM } from "@aws-sdk/client-iam";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { describe, expect, test } from "vitest";
import { clientOptions, json, query, send, served } from "./served.js";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const alarm = {
  AlarmName: "busy",
  Namespace: "Conference",
  MetricName: "Load",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1.5,
  ComparisonOperator: "GreaterThanThreshold",
} as const;

describe("an SDK's client", () => {
  test("creates and reads a cluster in AWS JSON, with its times and lists", async () => {
    const { url } = await served();
    const ecs = new ECS(clientOptions(url));
    await ecs.createCluster({ clusterName: "web", tags: [{ key: "team", value: "talks" }] });
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: "talk",
      containerDefinitions: [{ name: "web", image: "talk", memory: 64 }],
    });
    expect(taskDefinition?.registeredAt).toBeInstanceOf(Date);
    const { clusters, failures } = await ecs.describeClusters({
      clusters: ["web", "none"],
      include: ["TAGS"],
    });
    expect(clusters).toMatchObject([{ clusterName: "web", tags: [{ key: "team", value: "talks" }] }]);
    expect(failures).toMatchObject([{ reason: "MISSING" }]);
  });

  test("creates and reads a role in the query protocol, and gets IAM's error with its status", async () => {
    const { url } = await served();
    const iam = new IAM(clientOptions(url));
    await iam.createRole({
      RoleName: "talk",
      AssumeRolePolicyDocument: trust,
      Description: "<&>",
    });
    const { Role } = await iam.getRole({ RoleName: "talk" });
    expect(Role).toMatchObject({ RoleName: "talk", Description: "<&>" });
    expect(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!))).toEqual(JSON.parse(trust));
    await expect(iam.getRole({ RoleName: "none" })).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name none cannot be found.",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("opens a security group in EC2's query protocol, with its flat lists", async () => {
    const { url } = await served();
    const ec2 = new EC2(clientOptions(url));
    const { GroupId } = await ec2.createSecurityGroup({
      GroupName: "web",
      Description: "web",
      TagSpecifications: [{ ResourceType: "security-group", Tags: [{ Key: "a", Value: "b" }] }],
    });
    await ec2.authorizeSecurityGroupIngress({
      GroupId: GroupId!,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        { IpProtocol: "tcp", FromPort: 1, ToPort: 9, UserIdGroupPairs: [{ GroupName: "web" }] },
      ],
    });
    const { SecurityGroups } = await ec2.describeSecurityGroups({
      Filters: [{ Name: "group-name", Values: ["web"] }],
    });
    expect(SecurityGroups).toMatchObject([{ GroupId, Tags: [{ Key: "a", Value: "b" }] }]);
    expect(SecurityGroups![0]!.IpPermissions).toHaveLength(2);
  });

  test("creates and lists schedule groups in REST-JSON, by the path and the query string", async () => {
    const { url } = await served();
    const scheduler = new Scheduler(clientOptions(url));
    await scheduler.createScheduleGroup({ Name: "nightly" });
    const { ScheduleGroups } = await scheduler.listScheduleGroups({ NamePrefix: "night" });
    expect(ScheduleGroups).toMatchObject([{ Name: "nightly", State: "ACTIVE" }]);
    await expect(scheduler.getScheduleGroup({ Name: "none" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([
    ["JSON 1.0", {}],
    ["RPC v2 CBOR", { protocol: AwsSmithyRpcV2CborProtocol }],
    ["Query", { protocol: AwsQueryProtocol }],
  ])("puts and reads an alarm of CloudWatch in %s", async (_, protocol) => {
    const { url } = await served();
    const cloudWatch = new CloudWatch({ ...clientOptions(url), ...protocol });
    await cloudWatch.putMetricAlarm(alarm);
    const { MetricAlarms } = await cloudWatch.describeAlarms({ AlarmNames: ["busy"] });
    expect(MetricAlarms).toMatchObject([{ AlarmName: "busy", Threshold: 1.5 }]);
    expect(MetricAlarms![0]!.StateUpdatedTimestamp).toBeInstanceOf(Date);
    await expect(
      cloudWatch.setAlarmState({ AlarmName: "none", StateValue: "OK", StateReason: "test" }),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });
});

describe("an answer to the letter", () => {
  test("is that of the query protocol, with the service's namespace and a request id", async () => {
    const { url } = await served();
    const { status, headers, body } = await send(
      url,
      query("iam", { Action: "ListInstanceProfiles", Version: "2010-05-08" }),
    );
    expect(status).toBe(200);
    expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.replace(/[0-9a-f-]{36}/, "ID")).toBe(
      '<ListInstanceProfilesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
        "<ListInstanceProfilesResult><InstanceProfiles/><IsTruncated>false</IsTruncated></ListInstanceProfilesResult>" +
        "<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></ListInstanceProfilesResponse>",
    );
  });

  test("is that of EC2's errors, in a list", async () => {
    const { url } = await served();
    const { status, body } = await send(
      url,
      query("ec2", { Action: "DeleteSecurityGroup", Version: "2016-11-15", GroupId: "sg-0123" }),
    );
    expect(status).toBe(400);
    expect(body.replace(/[0-9a-f-]{36}/, "ID")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>InvalidGroup.NotFound</Code>' +
        "<Message>The security group 'sg-0123' does not exist</Message></Error></Errors><RequestID>ID</RequestID></Response>",
    );
  });

  test.each([
    ["a body that is not JSON", "{", "The request body is not a JSON object."],
    ["a number for a string", { clusterName: 1 }, "NUMBER_VALUE can not be converted to a String"],
    ["a string for a list", { tags: "a" }, "STRING_VALUE can not be converted"],
  ])("refuses %s", async (_, body, message) => {
    const { url } = await served();
    const answer = await send(url, json("ecs", "AmazonEC2ContainerServiceV20141113.CreateCluster", body));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      __type: "SerializationException",
      message: expect.stringContaining(message) as string,
    });
  });

  test("of an operation that is not there names it, in the form of its protocol", async () => {
    const { url } = await served();
    const target = "AmazonEC2ContainerServiceV20141113.CreateTaskSet";
    expect(JSON.parse((await send(url, json("ecs", target, {}))).body)).toEqual({
      __type: "UnknownOperationException",
      message: "The local cloud does not have the operation CreateTaskSet of ecs.",
    });
    const users = await send(url, query("iam", { Action: "ListMFADevices", Version: "2010-05-08" }));
    expect(users.body).toContain("<Code>InvalidAction</Code>");
    expect(users.body).toContain("Could not find operation ListMFADevices for version 2010-05-08.");
    const classic = { Action: "DescribeLoadBalancers", Version: "2012-06-01" };
    expect((await send(url, query("elasticloadbalancing", classic))).body).toContain("InvalidAction");
    expect((await send(url, json("dynamodb", "DynamoDB_20120810.ListTables", {}))).status).toBe(404);
  });

  test("GET / answers when the cloud is ready", async () => {
    const { url } = await served();
    expect(JSON.parse((await send(url)).body)).toMatchObject({ status: "ready" });
  });
});
