import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type Image,
  type State,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { amiKind } from "../../src/cluster/ami.js";
import { instanceTypeKind } from "../../src/cluster/instance-type.js";
import { userData } from "../../src/cluster/user-data.js";
import { UNKNOWN } from "../../src/engine/kind.js";
import { networkKind } from "../../src/network/network.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2, ssm } = mockAws();

const INTERNET = {
  RouteTableId: "rtb-1",
  Associations: [{ Main: true }],
  Routes: [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }],
};
const subnet = (zone: string) => ({ SubnetId: `subnet-${zone}`, AvailabilityZone: `eu-west-1${zone}` });

describe("the network", () => {
  it("is the default VPC with one default subnet a zone, in the zones' order", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("c"), subnet("a"), subnet("b")] });
    ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [INTERNET] });
    const observed = await networkKind.read({ zones: 2, tags: {} }, context);
    expect(observed?.state).toEqual({
      vpcId: "vpc-1",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      capacitySubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      isPublic: true,
      needsPublicIp: false,
      isolated: undefined,
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
      ["DescribeRouteTables", { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }] }],
    ]);
  });

  it("asks for public addresses where a subnet with an internet gateway assigns none", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({
      Subnets: [
        { ...subnet("a"), MapPublicIpOnLaunch: true },
        { ...subnet("b"), MapPublicIpOnLaunch: false },
      ],
    });
    ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [INTERNET] });
    const observed = await networkKind.read({ zones: 2, tags: {} }, context);
    expect(observed?.state).toMatchObject({ isPublic: true, needsPublicIp: true });
  });

  it.each([
    ["a NAT gateway", [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1" }], []],
    [
      "another network, which may have endpoints",
      [{ DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId: "tgw-1" }],
      [],
    ],
    [
      "a NAT gateway that was deleted",
      [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1", State: "blackhole" as const }],
      ["subnet-a"],
    ],
    ["a gateway endpoint", [{ DestinationPrefixListId: "pl-1", GatewayId: "vpce-1" }], ["subnet-a"]],
    ["itself", [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" }], ["subnet-a"]],
  ])("that leads to %s is isolated or not", async (_, Routes, isolated) => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("a")] });
    ec2.on(DescribeRouteTablesCommand).resolves({
      RouteTables: [{ RouteTableId: "rtb-1", Associations: [{ Main: true }], Routes }],
    });
    ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [] });
    const observed = await networkKind.read({ zones: 1, tags: {} }, context);
    expect(observed?.state.isolated?.subnetIds ?? []).toEqual(isolated);
    // A destroy asks for no subnet, and for no endpoint.
    expect((await networkKind.read({ zones: 0, tags: {} }, context))?.state.isolated).toBeUndefined();
  });

  it("counts endpoints whose names lead to them, and a gateway endpoint in every route table", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: "vpc-1" }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("a")] });
    ec2.on(DescribeRouteTablesCommand).resolves({
      RouteTables: [{ RouteTableId: "rtb-1", Associations: [{ Main: true }], Routes: [] }],
    });
    const endpoint = (service: string, rest: VpcEndpoint): VpcEndpoint => ({
      ServiceName: `com.amazonaws.eu-west-1.${service}`,
      VpcEndpointType: "Interface",
      State: "available" as State,
      PrivateDnsEnabled: true,
      ...rest,
    });
    ec2.on(DescribeVpcEndpointsCommand).resolves({
      VpcEndpoints: [
        endpoint("ecr.api", {}),
        { ...endpoint("ecs", {}), ServiceName: "cn.com.amazonaws.cn-north-1.ecs" },
        endpoint("ecr.dkr", { PrivateDnsEnabled: false }),
        endpoint("logs", { State: "pending" as State }),
        endpoint("s3", { VpcEndpointType: "Gateway", PrivateDnsEnabled: false, RouteTableIds: ["rtb-1"] }),
      ],
    });
    const observed = await networkKind.read({ zones: 1, tags: {} }, context);
    expect(observed?.state.isolated?.endpoints).toEqual(["ecr.api", "ecs", "s3"]);
    ec2.on(DescribeVpcEndpointsCommand).resolves({
      VpcEndpoints: [
        endpoint("s3", { VpcEndpointType: "Gateway", RouteTableIds: ["rtb-2"] }),
        endpoint("s3", {}),
      ],
    });
    expect((await networkKind.read({ zones: 1, tags: {} }, context))?.state.isolated?.endpoints).toEqual([]);
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
    expect(observed?.state).toEqual({ architecture, memory: 1024, vcpus: 2, accelerator: undefined });
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
  const prefix = "/aws/service/ecs/optimized-ami/amazon-linux-2023";
  const wanted = {
    instanceType: "t3.small",
    architecture: "x86_64",
    accelerator: undefined,
    launchTemplateName: "web-instances",
    tags: {},
  } as const;
  /** The launch template with that image, and the image as EC2 describes it. */
  function templateWith(ImageId: string, image: Image | "missing" | "denied"): void {
    ec2
      .on(DescribeLaunchTemplatesCommand)
      .resolves({ LaunchTemplates: [{ LaunchTemplateId: "lt-1", LatestVersionNumber: 1 }] });
    ec2
      .on(DescribeLaunchTemplateVersionsCommand)
      .resolves({ LaunchTemplateVersions: [{ VersionNumber: 1, LaunchTemplateData: { ImageId } }] });
    if (typeof image === "object") ec2.on(DescribeImagesCommand).resolves({ Images: [image] });
    else
      ec2
        .on(DescribeImagesCommand)
        .rejects(sdkError(image === "missing" ? "InvalidAMIID.NotFound" : "UnauthorizedOperation"));
  }
  const ecs = (variant: string, Architecture: "x86_64" | "arm64"): Image => ({
    Architecture,
    Name: `al2023-ami-ecs-${variant}hvm-2023.0.20261030-kernel-6.1-${Architecture}`,
  });

  it.each([
    ["x86_64", undefined, `${prefix}/recommended/image_id`],
    ["arm64", undefined, `${prefix}/arm64/recommended/image_id`],
    ["x86_64", "gpu", `${prefix}/gpu/recommended/image_id`],
    ["x86_64", "neuron", `${prefix}/neuron/recommended/image_id`],
  ] as const)("is the one that ECS recommends for %s and %s", async (architecture, accelerator, Name) => {
    const { context } = await mockedContext();
    ec2.on(DescribeLaunchTemplatesCommand).rejects(sdkError("InvalidLaunchTemplateName.NotFoundException"));
    ssm.on(GetParameterCommand, { Name }).resolves({ Parameter: { Value: "ami-1" } });
    const observed = await amiKind.read({ ...wanted, architecture, accelerator }, context);
    expect(observed?.state).toEqual({ imageId: "ami-1", system: "amazon-linux" });
  });

  it("is not recommended for arm64 with GPUs", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeLaunchTemplatesCommand).rejects(sdkError("InvalidLaunchTemplateName.NotFoundException"));
    const g5g = { ...wanted, instanceType: "g5g.xlarge", architecture: "arm64", accelerator: "gpu" } as const;
    expect(await amiKind.read(g5g, context)).toBeUndefined();
    expect(amiKind.notFoundError!(g5g)).toMatchObject({
      message:
        "Nothing was changed: this region has no ECS-optimized Amazon Linux 2023 AMI for arm64 with GPUs (g5g.xlarge)",
    });
  });

  it.each([
    ["suits the instance type", ecs("", "x86_64"), true],
    ["is the user's former choice", { Name: "golden", Architecture: "x86_64" }, true],
    ["may not be described", "denied", true],
    ["is for another architecture", ecs("", "arm64"), false],
    ["is for GPUs", ecs("gpu-", "x86_64"), false],
    ["was deregistered", "missing", false],
  ] as const)("of the launch template is kept or replaced if it %s", async (_, image, isKept) => {
    const { context } = await mockedContext();
    templateWith("ami-1", image);
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: "ami-2" } });
    expect((await amiKind.read(wanted, context))?.state.imageId).toBe(isKept ? "ami-1" : "ami-2");
    // The parameter is read only when an image is needed: it may be denied, or be missing.
    expect(sent(ssm)).toHaveLength(isKept ? 0 : 1);
  });

  it("is the user's own when one is named, and not looked up while the architecture is not known", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeImagesCommand).resolves({ Images: [{ Name: "golden", Architecture: "x86_64" }] });
    const named = await amiKind.read({ ...wanted, ami: "ami-2" }, context);
    expect(named?.state).toEqual({ imageId: "ami-2", system: "amazon-linux" });
    expect(await amiKind.read({ ...wanted, architecture: UNKNOWN as "arm64" }, context)).toBeUndefined();
    expect(sent(ssm)).toEqual([]);
  });

  it.each([
    ["ami-not-found", undefined],
    ["ami-architecture", { Architecture: "arm64" }],
    ["ami-platform", { Architecture: "x86_64", Platform: "windows" }],
  ] as const)("that is named and cannot be used is the error %s", async (code, image) => {
    const { context } = await mockedContext();
    if (image === undefined) ec2.on(DescribeImagesCommand).rejects(sdkError("InvalidAMIID.NotFound"));
    else ec2.on(DescribeImagesCommand).resolves({ Images: [image as Image] });
    await expect(amiKind.read({ ...wanted, ami: "ami-2" }, context)).rejects.toMatchObject({ code });
  });
});

describe("the user data", () => {
  const web = { clusterName: "web", system: "amazon-linux", spot: false } as const;
  it("names the cluster first, then runs the user's lines", () => {
    expect(userData({ ...web, commands: "yum install -y htop\n" })).toBe(
      "#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\nyum install -y htop\n",
    );
    expect(userData(web)).toBe("#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n");
  });

  it("lets the agent drain Spot Instances, which it does not by default", () => {
    expect(userData({ ...web, spot: true })).toContain(
      "echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config\n",
    );
  });

  it("of Bottlerocket is settings, not a script", () => {
    expect(userData({ ...web, system: "bottlerocket", spot: true })).toBe(
      '[settings.ecs]\ncluster = "web"\nenable-spot-instance-draining = true\n',
    );
  });
});
