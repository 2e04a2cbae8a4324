import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  type Activity,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeContainerInstancesCommand, ListContainerInstancesCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { autoScalingGroupKind, waitUntilUsable } from "../../src/cluster/auto-scaling-group.js";
import type { AwsContext } from "../../src/aws/context.js";
import { diff } from "../../src/engine/diff.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { autoScaling, ec2, ecs } = mockAws();

const tags = { "quayside:owner": "cluster/web" };
const desired = {
  groupName: "web-instances",
  clusterName: "web",
  min: 2,
  max: 4,
  launchTemplateId: "lt-1",
  launchTemplateVersion: "1",
  subnetIds: ["subnet-b", "subnet-a"],
  vpcId: "vpc-1",
  capacityRebalance: undefined,
  protectedFromScaleIn: undefined,
  tags,
};
const state = {
  arn: "arn:group",
  groupName: "web-instances",
  clusterName: "web",
  desiredCapacity: 2,
  min: 2,
};
const Tags = [
  {
    Key: "quayside:owner",
    Value: "cluster/web",
    ResourceId: "web-instances",
    ResourceType: "auto-scaling-group",
    PropagateAtLaunch: false,
  },
];

const group = (more: Partial<AutoScalingGroup> = {}) => ({
  AutoScalingGroups: [
    {
      AutoScalingGroupName: "web-instances",
      AutoScalingGroupARN: "arn:group",
      MinSize: 2,
      MaxSize: 4,
      DesiredCapacity: 3,
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
      VPCZoneIdentifier: "subnet-a,subnet-b",
      Tags,
      ...more,
    } as AutoScalingGroup,
  ],
});
const instances = (...states: string[]) => ({
  Instances: states.map((LifecycleState, index) => ({
    InstanceId: `i-${index}`,
    LifecycleState: LifecycleState as never,
    HealthStatus: "Healthy",
    AvailabilityZone: "a",
    ProtectedFromScaleIn: false,
  })),
});
const failed = (StatusMessage: string, at: number) =>
  ({ StatusCode: "Failed", StatusMessage, StartTime: new Date(at) }) as Activity;

function agents(connected: number) {
  ecs.on(ListContainerInstancesCommand).resolves({ containerInstanceArns: ["a", "b"] });
  ecs.on(DescribeContainerInstancesCommand).resolves({
    containerInstances: [0, 1].map((index) => ({
      ec2InstanceId: `i-${index}`,
      status: "ACTIVE",
      agentConnected: index < connected,
    })),
  });
}

const empty = { ...state, desiredCapacity: 0, min: 0 };
/** What makes the group usable: `instance-bounds` waits for it once it has set the minimum. */
async function ready(known: typeof state, { min: _, ...wanted }: typeof desired, context: AwsContext) {
  await waitUntilUsable({ ...wanted, min: known.min }, context);
  return known;
}

describe("an Auto Scaling group", () => {
  it("is created without instances, which start once ECS knows the group", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group());
    expect(await autoScalingGroupKind.create!(desired, context)).toEqual(empty);
    expect(sent(autoScaling)[0]).toEqual([
      "CreateAutoScalingGroup",
      {
        AutoScalingGroupName: "web-instances",
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 0,
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
        VPCZoneIdentifier: "subnet-b,subnet-a",
        Tags,
      },
    ]);
  });

  it("has its ARN once a read shows it", async () => {
    const { context, clock } = await mockedContext();
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce({ AutoScalingGroups: [] })
      .resolves(group());
    const began = clock.now();
    expect(await autoScalingGroupKind.create!(desired, context)).toEqual(empty);
    expect(clock.now() - began).toBe(2_000);
  });

  it("as described shows no difference, however many instances scaling gave it", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group());
    const observed = (await autoScalingGroupKind.read(desired, context))!;
    expect(diff(desired, observed.current)).toEqual([]);
    expect(observed.state.desiredCapacity).toBe(3);
  });

  it("is changed only where it differs, and never in its number of instances", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group());
    const changed = { ...desired, launchTemplateVersion: "2" };
    const observed = (await autoScalingGroupKind.read(changed, context))!;
    await autoScalingGroupKind.update!(changed, observed, diff(changed, observed.current), context);
    expect(sent(autoScaling).at(-1)).toEqual([
      "UpdateAutoScalingGroup",
      {
        AutoScalingGroupName: "web-instances",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" },
      },
    ]);
  });

  it("that is being deleted does not exist; its name is waited for", async () => {
    const { context } = await mockedContext();
    const leaving = group({ Status: "Delete in progress" });
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(leaving)
      .resolvesOnce(leaving)
      .resolvesOnce(leaving)
      .resolvesOnce({ AutoScalingGroups: [] })
      .resolves(group());
    autoScaling.on(CreateAutoScalingGroupCommand).rejectsOnce(sdkError("AlreadyExistsFault")).resolves({});
    expect(await autoScalingGroupKind.read(desired, context)).toBeUndefined();
    expect(await autoScalingGroupKind.create!(desired, context)).toEqual(empty);
  });

  it("that exists already is reported as that", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group());
    autoScaling.on(CreateAutoScalingGroupCommand).rejects(sdkError("AlreadyExistsFault"));
    const error: unknown = await autoScalingGroupKind.create!(desired, context).catch((e: unknown) => e);
    expect(autoScalingGroupKind.alreadyExists!(error)).toBe(true);
  });

  it("is deleted with its instances, and waits until they are terminated", async () => {
    const { context } = await mockedContext();
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(group({ Status: "Delete in progress" }))
      .resolves({ AutoScalingGroups: [] });
    const inState = (Name: "shutting-down" | "terminated") => ({
      Reservations: [{ Instances: [{ State: { Name } }, { State: { Name: "terminated" as const } }] }],
    });
    ec2.on(DescribeInstancesCommand).resolvesOnce(inState("shutting-down")).resolves(inState("terminated"));
    await autoScalingGroupKind.delete!(state, context);
    expect(autoScaling.commandCalls(DeleteAutoScalingGroupCommand)[0]?.args[0].input).toEqual({
      AutoScalingGroupName: "web-instances",
      ForceDelete: true,
    });
    const ofGroup = { Filters: [{ Name: "tag:aws:autoscaling:groupName", Values: ["web-instances"] }] };
    expect(sent(ec2)).toEqual([
      ["DescribeInstances", ofGroup],
      ["DescribeInstances", ofGroup],
    ]);
  });

  it("that no longer exists counts as deleted", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    autoScaling
      .on(DeleteAutoScalingGroupCommand)
      .rejects(sdkError("ValidationError", "AutoScalingGroup name not found - web-instances"));
    ec2.on(DescribeInstancesCommand).resolves({});
    await autoScalingGroupKind.delete!(state, context);
    expect(autoScaling.commandCalls(DeleteAutoScalingGroupCommand)).toHaveLength(1);
  });
});

describe("an Auto Scaling group is ready", () => {
  it("when its instances are in service and their agents have joined the cluster", async () => {
    const { context, events } = await mockedContext();
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(group(instances("Pending", "InService")))
      .resolves(group(instances("InService", "InService")));
    autoScaling.on(DescribeScalingActivitiesCommand).resolves({ Activities: [] });
    agents(1);
    const usable = ready(state, desired, context);
    void context.clock.sleep(60_000).then(() => agents(2));
    expect(await usable).toEqual(state);
    expect(events.map((event) => event.type === "waiting" && event.why)).toEqual([
      "1 of 2 instances are in service",
      "1 of 2 instances have registered with cluster web",
    ]);
  });

  it("never, and fails at once, when launches fail for a reason that does not pass", async () => {
    const { context, clock } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group(instances("InService")));
    const message = "You have requested more vCPU capacity than your current vCPU limit of 1 allows.";
    const before = context.startedAt - 1;
    autoScaling
      .on(DescribeScalingActivitiesCommand)
      // It is mended since an earlier run.
      .resolvesOnce({ Activities: [failed(message, before)] })
      .resolves({ Activities: [failed(message, context.startedAt), failed(message, before)] });
    const began = clock.now();
    await expect(ready(state, desired, context)).rejects.toMatchObject({
      code: "instances-failed",
      message: `Auto Scaling group web-instances cannot launch instances: ${message}`,
      fix: expect.stringContaining("vCPU quota"),
    });
    expect((clock.now() - began) / 1000).toBe(5);
  });

  it("never when the volumes are encrypted with a key that Auto Scaling may not use", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group(instances("InService")));
    const message =
      "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InternalError: Client error on launch";
    const ended = { ...failed(message, context.startedAt), StatusCode: "Cancelled" as const };
    autoScaling.on(DescribeScalingActivitiesCommand).resolves({ Activities: [ended, ended] });
    await expect(ready(state, desired, context)).rejects.toMatchObject({
      code: "instances-failed",
      fix: expect.stringContaining("kms:CreateGrant"),
    });
  });

  it("not yet while the instance profile has not propagated to EC2, however often it fails", async () => {
    const { context } = await mockedContext();
    const message =
      "Value (p) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(group())
      .resolvesOnce(group())
      .resolves(group(instances("InService", "InService")));
    autoScaling.on(DescribeScalingActivitiesCommand).resolves({
      Activities: [failed(message, context.startedAt), failed(message, context.startedAt)],
    });
    agents(2);
    expect(await ready(state, desired, context)).toEqual(state);
  });

  it("in the end, however often launches fail for reasons that pass, which are told", async () => {
    const { context, events } = await mockedContext();
    const lack =
      "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (eu-west-1b).";
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(group())
      .resolvesOnce(group())
      .resolves(group(instances("InService", "InService")));
    autoScaling
      .on(DescribeScalingActivitiesCommand)
      .resolves({ Activities: [failed(lack, context.startedAt + 1), failed(lack, context.startedAt)] });
    agents(2);
    expect(await ready(state, desired, context)).toEqual(state);
    expect(events.map((event) => event.type === "waiting" && event.why)).toEqual([
      `0 of 2 instances are in service; the last launch failed: ${lack}`,
    ]);
  });

  it("never when agents do not join: the error says what to look at", async () => {
    const { context, clock } = await mockedContext();
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves(group(instances("InService", "InService")));
    agents(0);
    const began = clock.now();
    await expect(ready(state, desired, context)).rejects.toMatchObject({
      code: "timed-out",
      message:
        "Timed out after 10 min waiting for 2 instances of Auto Scaling group web-instances to register with cluster web: 0 have registered",
      fix: expect.stringMatching(/ECS_CLUSTER=web.*endpoints.*role/s),
    });
    expect((clock.now() - began) / 60_000).toBe(10);
  });

  it("at once when it is to have no instances", async () => {
    const { context } = await mockedContext();
    const none = { ...state, desiredCapacity: 0, min: 0 };
    expect(await ready(none, { ...desired, min: 0 }, context)).toEqual(none);
    expect(sent(autoScaling)).toEqual([]);
  });
});
