import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { amiKind } from "../../src/cluster/ami.js";
import { instanceTypeKind } from "../../src/cluster/instance-type.js";
import { userData } from "../../src/cluster/launch-template.js";
import { UNKNOWN } from "../../src/engine/kind.js";
import { networkKind } from "../../src/network/network.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2, ssm } = mockAws();

const subnet = (zone: string) => ({ SubnetId: `subnet-${zone}`, AvailabilityZone: `eu-west-1${zone}` });

describe("the network", () => {
  it("is the default VPC with one default subnet a zone, in the zones' order", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("c"), subnet("a"), subnet("b")] });
    const observed = await networkKind.read({ zones: 2, tags: {} }, context);
    expect(observed?.state).toEqual({
      vpcId: "vpc-1",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      capacitySubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      isPublic: true,
    });
    expect(sent(ec2)).toEqual([
      ["DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] }],
      [
        "DescribeSubnets",
        {
          Filters: [
            { Name: "vpc-id", Values: ["vpc-1"] },
            { Name: "default-for-az", Values: ["true"] },
          ],
        },
      ],
    ]);
  });

  it("starts instances only in zones that offer their type", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("a"), subnet("b")] });
    ec2
      .on(DescribeInstanceTypeOfferingsCommand)
      .resolves({ InstanceTypeOfferings: [{ Location: "eu-west-1b" }] });
    const observed = await networkKind.read({ zones: 2, instanceType: "t2.micro", tags: {} }, context);
    expect(observed?.state.subnetIds).toEqual(["subnet-a", "subnet-b"]);
    expect(observed?.state.capacitySubnetIds).toEqual(["subnet-b"]);
  });

  it("is missing where there is no default VPC, with what to do", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [] });
    const desired = { zones: 2, tags: {} };
    expect(await networkKind.read(desired, context)).toBeUndefined();
    expect(networkKind.notFoundError!(desired)).toMatchObject({
      code: "no-default-vpc",
      fix: expect.stringContaining("create-default-vpc"),
    });
  });

  it("is refused when a load balancer would find too few zones", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("a")] });
    await expect(networkKind.read({ zones: 2, tags: {} }, context)).rejects.toMatchObject({
      code: "too-few-zones",
      message:
        "Nothing was changed: default subnets are needed in 2 zones, but the default VPC vpc-1 has them only in: eu-west-1a",
    });
    expect((await networkKind.read({ zones: 1, tags: {} }, context))?.state.zones).toEqual(["eu-west-1a"]);
  });

  it("is refused when no zone offers the instance type", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("a"), subnet("b")] });
    ec2.on(DescribeInstanceTypeOfferingsCommand).resolves({ InstanceTypeOfferings: [] });
    await expect(
      networkKind.read({ zones: 2, instanceType: "t2.micro", tags: {} }, context),
    ).rejects.toMatchObject({ code: "instance-type-not-offered" });
  });
});

describe("the instance type", () => {
  it.each([
    [["i386", "x86_64"], "x86_64"],
    [["arm64"], "arm64"],
  ])("that runs %j is %s", async (SupportedArchitectures, architecture) => {
    const { context } = await mockedContext();
    ec2.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [
        {
          ProcessorInfo: { SupportedArchitectures: SupportedArchitectures as never },
          MemoryInfo: { SizeInMiB: 1024 },
          VCpuInfo: { DefaultVCpus: 2 },
        },
      ],
    });
    const observed = await instanceTypeKind.read({ instanceType: "t", tags: {} }, context);
    expect(observed?.state).toEqual({ architecture, memory: 1024, vcpus: 2 });
  });

  it.each([
    ["t3.mirco", 'Did you mean t3.micro? .ec2({ instanceType: "t3.micro" }).'],
    ["huge", 'Check the spelling, or choose another type: .ec2({ instanceType: "t3.micro" }).'],
  ])("%s that EC2 does not know is an error that knows what was meant, if it is near", async (typo, fix) => {
    const { context } = await mockedContext();
    ec2.on(DescribeInstanceTypesCommand).rejects(sdkError("InvalidInstanceType"));
    ec2.on(DescribeInstanceTypeOfferingsCommand).resolves({
      InstanceTypeOfferings: [{ InstanceType: "t3.nano" }, { InstanceType: "t3.micro" }],
    });
    await expect(instanceTypeKind.read({ instanceType: typo, tags: {} }, context)).rejects.toMatchObject({
      message: `Nothing was changed: EC2 has no instance type ${typo} in this region`,
      fix,
    });
  });

  it("that EC2 does not know is one also where the types may not be listed", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeInstanceTypesCommand).rejects(sdkError("InvalidInstanceType"));
    ec2.on(DescribeInstanceTypeOfferingsCommand).rejects(sdkError("UnauthorizedOperation"));
    await expect(
      instanceTypeKind.read({ instanceType: "t3.mirco", tags: {} }, context),
    ).rejects.toMatchObject({ code: "unknown-instance-type" });
  });
});

describe("the machine image", () => {
  it.each([
    ["x86_64", "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"],
    ["arm64", "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"],
  ] as const)("is the one that ECS recommends for %s", async (architecture, Name) => {
    const { context } = await mockedContext();
    ssm.on(GetParameterCommand, { Name }).resolves({ Parameter: { Value: "ami-1" } });
    expect((await amiKind.read({ architecture, tags: {} }, context))?.state).toEqual({ imageId: "ami-1" });
  });

  it("is the user's own when one is named, and not looked up while the architecture is not known", async () => {
    const { context } = await mockedContext();
    const named = await amiKind.read({ ami: "ami-2", architecture: "x86_64", tags: {} }, context);
    expect(named?.state).toEqual({ imageId: "ami-2" });
    expect(await amiKind.read({ architecture: UNKNOWN as "arm64", tags: {} }, context)).toBeUndefined();
    expect(sent(ssm)).toEqual([]);
  });
});

describe("the user data", () => {
  it("names the cluster first, then runs the user's lines", () => {
    expect(userData("web", "yum install -y htop\n")).toBe(
      "#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\nyum install -y htop\n",
    );
    expect(userData("web")).toBe("#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n");
  });
});
