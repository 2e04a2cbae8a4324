import { createPrivateKey } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices();
});

describe("the network of a new account", () => {
  it("is a default VPC with a subnet in each of three zones", async () => {
    const { Vpcs } = await cloud.ec2.describeVpcs({ Filters: [{ Name: "isDefault", Values: ["true"] }] });
    const { Subnets } = await cloud.ec2.describeSubnets({
      Filters: [
        { Name: "vpc-id", Values: [Vpcs![0]!.VpcId!] },
        { Name: "default-for-az", Values: ["true"] },
      ],
    });
    expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      "eu-west-1a",
      "eu-west-1b",
      "eu-west-1c",
    ]);
    expect(new Set(Subnets!.map(({ CidrBlock }) => CidrBlock)).size).toBe(3);
  });

  it("can be configured", async () => {
    const { ec2 } = localServices({ region: "us-east-1", vpcs: [{ cidr: "10.9.0.0/16", zones: ["e"] }] });
    expect(await ec2.describeSubnets({})).toMatchObject({
      Subnets: [{ AvailabilityZone: "us-east-1e", AvailabilityZoneId: "use1-az5", DefaultForAz: false }],
    });
    const { InstanceTypeOfferings } = await ec2.describeInstanceTypeOfferings({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: ["t2.micro", "t4g.micro"] }],
    });
    expect(InstanceTypeOfferings!.map(({ InstanceType }) => InstanceType)).toEqual(["t2.micro"]);
  });

  it("describes an instance type, and rejects one that does not exist", async () => {
    expect(await cloud.ec2.describeInstanceTypes({ InstanceTypes: ["t4g.micro"] })).toMatchObject({
      InstanceTypes: [
        {
          ProcessorInfo: { SupportedArchitectures: ["arm64"] },
          VCpuInfo: { DefaultVCpus: 2 },
          MemoryInfo: { SizeInMiB: 1024 },
        },
      ],
    });
    expect(await codeOf(cloud.ec2.describeInstanceTypes({ InstanceTypes: ["t2.mikro" as "t2.micro"] }))).toBe(
      "InvalidInstanceType",
    );
  });
});

describe("key pairs", () => {
  it.each(["rsa", "ed25519"] as const)(
    "the private key of a new %s key pair is returned once",
    async (KeyType) => {
      const { KeyMaterial } = await cloud.ec2.createKeyPair({ KeyName: "key", KeyType });
      expect(createPrivateKey(KeyMaterial!).asymmetricKeyType).toBe(KeyType);
      expect(JSON.stringify(await cloud.ec2.describeKeyPairs({ KeyNames: ["key"] }))).not.toContain(
        "PRIVATE",
      );
      expect(await codeOf(cloud.ec2.createKeyPair({ KeyName: "key", KeyType }))).toBe(
        "InvalidKeyPair.Duplicate",
      );
    },
  );

  it("a missing key pair cannot be described, but can be deleted", async () => {
    expect(await codeOf(cloud.ec2.describeKeyPairs({ KeyNames: ["none"] }))).toBe("InvalidKeyPair.NotFound");
    expect(await codeOf(cloud.ec2.deleteKeyPair({ KeyName: "none" }))).toContain("no error");
  });
});

describe("launch templates", () => {
  const template = { LaunchTemplateName: "web", LaunchTemplateData: { ImageId: "ami-0" } };

  it("are checked only for their form when they are created", async () => {
    const { LaunchTemplate } = await cloud.ec2.createLaunchTemplate({
      ...template,
      LaunchTemplateData: {
        ImageId: "ami-0",
        InstanceType: "none.such" as "t2.micro",
        SecurityGroupIds: ["sg-0"],
      },
    });
    expect(LaunchTemplate).toMatchObject({ LatestVersionNumber: 1, DefaultVersionNumber: 1 });
  });

  it.each([
    ["too short a name", { LaunchTemplateName: "ab" }, "InvalidLaunchTemplateName.MalformedException"],
    ["no data", { LaunchTemplateData: {} }, "MissingParameter"],
    [
      "user data that is not base64",
      { LaunchTemplateData: { UserData: "#!/bin/sh" } },
      "InvalidUserData.Malformed",
    ],
    ["an invalid image id", { LaunchTemplateData: { ImageId: "ubuntu" } }, "InvalidAMIID.Malformed"],
  ])("rejects %s", async (_, part, code) => {
    expect(await codeOf(cloud.ec2.createLaunchTemplate({ ...template, ...part }))).toBe(code);
  });

  it("a name can be used once; the same client token creates nothing new", async () => {
    const first = await cloud.ec2.createLaunchTemplate({ ...template, ClientToken: "t" });
    const again = await cloud.ec2.createLaunchTemplate({ ...template, ClientToken: "t" });
    expect(again.LaunchTemplate?.LaunchTemplateId).toBe(first.LaunchTemplate?.LaunchTemplateId);
    expect(await codeOf(cloud.ec2.createLaunchTemplate(template))).toBe(
      "InvalidLaunchTemplateName.AlreadyExistsException",
    );
    const other = { ...template, LaunchTemplateName: "other", ClientToken: "t" };
    expect(await codeOf(cloud.ec2.createLaunchTemplate(other))).toBe("IdempotentParameterMismatch");
  });

  it("versions are numbered, can be based on another one, and are deleted with their template", async () => {
    const { LaunchTemplate } = await cloud.ec2.createLaunchTemplate(template);
    const LaunchTemplateId = LaunchTemplate!.LaunchTemplateId!;
    const version = {
      LaunchTemplateId,
      SourceVersion: "1",
      LaunchTemplateData: { KeyName: "key" },
      ClientToken: "v",
    };
    await cloud.ec2.createLaunchTemplateVersion(version);
    const { LaunchTemplateVersion } = await cloud.ec2.createLaunchTemplateVersion(version);
    expect(LaunchTemplateVersion).toMatchObject({
      VersionNumber: 2,
      LaunchTemplateData: { ImageId: "ami-0", KeyName: "key" },
    });
    const { LaunchTemplateVersions } = await cloud.ec2.describeLaunchTemplateVersions({
      LaunchTemplateId,
      Versions: ["$Latest", "$Default"],
    });
    expect(LaunchTemplateVersions!.map(({ VersionNumber }) => VersionNumber)).toEqual([2, 1]);
    await cloud.ec2.deleteLaunchTemplate({ LaunchTemplateName: "web" });
    expect(await codeOf(cloud.ec2.describeLaunchTemplateVersions({ LaunchTemplateId }))).toBe(
      "InvalidLaunchTemplateId.NotFound",
    );
    expect(await codeOf(cloud.ec2.describeLaunchTemplates({ LaunchTemplateNames: ["web"] }))).toBe(
      "InvalidLaunchTemplateName.NotFoundException",
    );
  });
});

describe("tags", () => {
  it("are set on all resources of a request, or on none", async () => {
    const [vpc = ""] = cloud.account.ec2.vpcs.keys();
    const Tags = [{ Key: "team", Value: "a" }];
    expect(await codeOf(cloud.ec2.createTags({ Resources: [vpc, "sg-0"], Tags }))).toBe(
      "InvalidGroup.NotFound",
    );
    expect(cloud.account.ec2.vpcs.get(vpc)?.tags.size).toBe(0);
    await cloud.ec2.createTags({ Resources: [vpc], Tags });
    const found = await cloud.tagging.getResources({ TagFilters: [{ Key: "team", Values: ["a"] }] });
    expect(found.ResourceTagMappingList).toMatchObject([
      { ResourceARN: expect.stringContaining(`vpc/${vpc}`) as string },
    ]);
  });
});
