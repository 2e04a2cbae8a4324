import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import {
  launchTemplateData,
  launchTemplateKind,
  type LaunchTemplateDesired,
} from "../../src/cluster/launch-template.js";
import { diff } from "../../src/engine/diff.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2 } = mockAws();

const desired: LaunchTemplateDesired = {
  launchTemplateName: "web-instances",
  imageId: "ami-1",
  instanceType: "t2.micro",
  keyName: "conference-key",
  securityGroupIds: ["sg-2", "sg-1"],
  profileName: "ecsInstanceRole",
  userData: "#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n",
  publicIp: undefined,
  metadataHopLimit: 1,
  spot: false,
  detailedMonitoring: false,
  instanceTags: { "quayside:owner": "cluster/web", team: "web" },
  tags: { "quayside:owner": "cluster/web", "quayside:kind": "launch-template", team: "web" },
};

/** EC2 lists security groups in an order of its own. */
const withGroups = (data: ResponseLaunchTemplateData, groups: string[]): ResponseLaunchTemplateData =>
  data.NetworkInterfaces === undefined
    ? { ...data, SecurityGroupIds: groups }
    : { ...data, NetworkInterfaces: [{ ...data.NetworkInterfaces[0], Groups: groups }] };

function templateThere(data: LaunchTemplateDesired) {
  ec2.on(DescribeLaunchTemplatesCommand).resolves({
    LaunchTemplates: [{ LaunchTemplateId: "lt-1", LatestVersionNumber: 3 }],
  });
  const LaunchTemplateData = launchTemplateData(data) as ResponseLaunchTemplateData;
  ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
    LaunchTemplateVersions: [
      { VersionNumber: 3, LaunchTemplateData: withGroups(LaunchTemplateData, ["sg-1", "sg-2"]) },
    ],
  });
}

describe("a launch template", () => {
  it("wants signed metadata requests, tags what it starts, and names things by their ids", async () => {
    const { context } = await mockedContext();
    ec2
      .on(CreateLaunchTemplateCommand)
      .resolves({ LaunchTemplate: { LaunchTemplateId: "lt-1", LatestVersionNumber: 1 } });
    expect(await launchTemplateKind.create!(desired, context)).toEqual({
      id: "lt-1",
      launchTemplateName: "web-instances",
      version: "1",
    });
    const Tags = [
      { Key: "quayside:owner", Value: "cluster/web" },
      { Key: "team", Value: "web" },
    ];
    expect(sent(ec2)).toEqual([
      [
        "CreateLaunchTemplate",
        {
          LaunchTemplateName: "web-instances",
          LaunchTemplateData: {
            ImageId: "ami-1",
            InstanceType: "t2.micro",
            KeyName: "conference-key",
            SecurityGroupIds: ["sg-2", "sg-1"],
            IamInstanceProfile: { Name: "ecsInstanceRole" },
            UserData: "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj13ZWIgPj4gL2V0Yy9lY3MvZWNzLmNvbmZpZwo=",
            MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled", HttpPutResponseHopLimit: 1 },
            Monitoring: { Enabled: false },
            TagSpecifications: [
              { ResourceType: "instance", Tags },
              { ResourceType: "volume", Tags },
              { ResourceType: "network-interface", Tags },
            ],
          },
          TagSpecifications: [
            {
              ResourceType: "launch-template",
              Tags: [Tags[0], { Key: "quayside:kind", Value: "launch-template" }, Tags[1]],
            },
          ],
          ClientToken: expect.stringMatching(/^quayside-[0-9a-f]{16}$/),
        },
      ],
    ]);
  });

  it("is sent with the same token again in one run, and with another in the next", async () => {
    const { context, clock } = await mockedContext();
    ec2.on(CreateLaunchTemplateCommand).resolves({ LaunchTemplate: { LaunchTemplateId: "lt-1" } });
    await launchTemplateKind.create!(desired, context);
    await launchTemplateKind.create!(desired, context);
    await launchTemplateKind.create!(desired, { ...context, startedAt: clock.now() + 1 });
    const [first, again, next] = sent(ec2).map(([, input]) => (input as { ClientToken: string }).ClientToken);
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  it("as described shows no difference, whatever order EC2 lists groups in", async () => {
    const { context } = await mockedContext();
    templateThere(desired);
    const observed = await launchTemplateKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(observed!.state).toEqual({ id: "lt-1", launchTemplateName: "web-instances", version: "3" });
  });

  it("without a key pair differs from one with it", async () => {
    const { context } = await mockedContext();
    const { keyName: _, ...without } = desired;
    templateThere(without);
    expect(diff(desired, (await launchTemplateKind.read(desired, context))!.current)).toEqual([
      { path: "keyName", before: undefined, after: "conference-key" },
    ]);
    expect(
      diff({ ...without, keyName: undefined }, (await launchTemplateKind.read(without, context))!.current),
    ).toEqual([]);
  });

  it("gets a new version when it changes", async () => {
    const { context } = await mockedContext();
    templateThere(desired);
    ec2.on(CreateLaunchTemplateVersionCommand).resolves({ LaunchTemplateVersion: { VersionNumber: 4 } });
    const changed = { ...desired, imageId: "ami-2", instanceType: "t4g.micro" };
    const observed = (await launchTemplateKind.read(changed, context))!;
    const changes = diff(changed, observed.current);
    expect(changes.map(({ path }) => path)).toEqual(["imageId", "instanceType"]);
    const state = await launchTemplateKind.update!(changed, observed, changes, context);
    expect(state.version).toBe("4");
    const [version] = ec2.commandCalls(CreateLaunchTemplateVersionCommand);
    expect(version!.args[0].input).toMatchObject({
      LaunchTemplateId: "lt-1",
      LaunchTemplateData: { ImageId: "ami-2", InstanceType: "t4g.micro" },
    });
  });

  it("asks for a public address on a network interface, which then has the security groups", async () => {
    const { context } = await mockedContext();
    const outside = { ...desired, publicIp: true } as const;
    expect(launchTemplateData(outside)).toMatchObject({
      NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: ["sg-2", "sg-1"] }],
    });
    expect(launchTemplateData(outside)).not.toHaveProperty("SecurityGroupIds");
    templateThere(outside);
    expect(diff(desired, (await launchTemplateKind.read(desired, context))!.current)).toEqual([
      { path: "publicIp", before: true, after: undefined },
    ]);
  });

  it("gets a new version when the tags of its instances change, or one type of them lacks one", async () => {
    const { context } = await mockedContext();
    templateThere({ ...desired, instanceTags: { team: "app" } });
    expect(
      diff(desired, (await launchTemplateKind.read(desired, context))!.current).map(({ path }) => path),
    ).toEqual(["instanceTags.team", "instanceTags.quayside:owner"]);
    templateThere(desired);
    const observed = (await launchTemplateKind.read(desired, context))!;
    expect(observed.current.instanceTags).toEqual(desired.instanceTags);
  });

  it("whose tags alone change gets no new version", async () => {
    const { context } = await mockedContext();
    const observed = {
      state: { id: "lt-1", launchTemplateName: "web-instances", version: "3" },
      current: {},
      tags: {},
    };
    const change = { path: "tags.team", before: undefined, after: "web" };
    expect(await launchTemplateKind.update!(desired, observed, [change], context)).toEqual(observed.state);
    expect(sent(ec2).map(([command]) => command)).toEqual(["CreateTags"]);
  });

  it("that does not exist is not found", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeLaunchTemplatesCommand).rejects(sdkError("InvalidLaunchTemplateName.NotFoundException"));
    expect(await launchTemplateKind.read(desired, context)).toBeUndefined();
  });
});
