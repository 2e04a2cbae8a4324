import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices({ eventualConsistency: false });
});

const MINUTE = 60_000;
const wait = (ms: number) => cloud.account.clock.sleep(ms);

/** A VPC with a public and a private subnet in one zone, each with a route table of its own. */
async function network() {
  const { ec2 } = cloud;
  const { Vpc } = await ec2.createVpc({ CidrBlock: "10.7.0.0/16" });
  const VpcId = Vpc!.VpcId!;
  const subnet = async (CidrBlock: string) =>
    (await ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone: "eu-west-1a" })).Subnet!.SubnetId!;
  const [open, closed] = [await subnet("10.7.0.0/20"), await subnet("10.7.128.0/20")];
  const table = async (SubnetId: string) => {
    const RouteTableId = (await ec2.createRouteTable({ VpcId })).RouteTable!.RouteTableId!;
    await ec2.associateRouteTable({ RouteTableId, SubnetId });
    return RouteTableId;
  };
  return { VpcId, open, closed, openTable: await table(open), closedTable: await table(closed) };
}

async function gatewayOf(VpcId: string): Promise<string> {
  const { InternetGateway } = await cloud.ec2.createInternetGateway({});
  const { InternetGatewayId = "" } = InternetGateway!;
  await cloud.ec2.attachInternetGateway({ InternetGatewayId, VpcId });
  return InternetGatewayId;
}

const everywhere = { DestinationCidrBlock: "0.0.0.0/0" };
const stateOf = async (id: string) =>
  (await cloud.ec2.describeNatGateways({ NatGatewayIds: [id] })).NatGateways![0]!;

async function natGateway(SubnetId: string): Promise<{ readonly id: string; readonly AllocationId: string }> {
  const { AllocationId = "" } = await cloud.ec2.allocateAddress({ Domain: "vpc" });
  const { NatGateway } = await cloud.ec2.createNatGateway({ SubnetId, AllocationId });
  return { id: NatGateway!.NatGatewayId!, AllocationId };
}

describe("a NAT gateway", () => {
  it("is pending for a minute or two, and holds its address until it is deleted, and some seconds longer", async () => {
    cloud = localServices();
    const { ec2 } = cloud;
    const { Vpc } = await ec2.createVpc({ CidrBlock: "10.7.0.0/16" });
    const VpcId = Vpc!.VpcId!;
    expect(await codeOf(ec2.createSubnet({ VpcId, CidrBlock: "10.7.0.0/20" }))).toBe("InvalidVpcID.NotFound");
    await wait(2000);
    const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: "10.7.0.0/20" });
    const { InternetGateway } = await ec2.createInternetGateway({});
    await wait(2000);
    const { InternetGatewayId } = InternetGateway!;
    await ec2.attachInternetGateway({ InternetGatewayId, VpcId });
    const { id, AllocationId } = await natGateway(Subnet!.SubnetId!);
    expect(await stateOf(id)).toMatchObject({ State: "pending" });
    await wait(2 * MINUTE);
    expect(await stateOf(id)).toMatchObject({ State: "available", NatGatewayAddresses: [{ AllocationId }] });

    expect(await codeOf(ec2.releaseAddress({ AllocationId }))).toBe("AuthFailure");
    expect(await codeOf(ec2.detachInternetGateway({ InternetGatewayId, VpcId }))).toBe("DependencyViolation");
    await ec2.deleteNatGateway({ NatGatewayId: id });
    expect(await stateOf(id)).toMatchObject({ State: "deleting" });
    expect(await codeOf(ec2.deleteSubnet({ SubnetId: Subnet!.SubnetId }))).toBe("DependencyViolation");
    await wait(46_000);
    expect(await stateOf(id)).toMatchObject({ State: "deleted" });
    expect(await codeOf(ec2.releaseAddress({ AllocationId }))).toBe("AuthFailure");
    await wait(5000);
    await ec2.releaseAddress({ AllocationId });
    await ec2.detachInternetGateway({ InternetGatewayId, VpcId });
    await ec2.deleteInternetGateway({ InternetGatewayId });
    await ec2.deleteSubnet({ SubnetId: Subnet!.SubnetId });
    await ec2.deleteVpc({ VpcId });
  });

  it("fails some seconds later in a VPC without an internet gateway, and with an address that is taken", async () => {
    const { open, VpcId } = await network();
    const first = await natGateway(open);
    await wait(20_000);
    expect(await stateOf(first.id)).toMatchObject({
      State: "failed",
      FailureCode: "Gateway.NotAttached",
      FailureMessage: `Network ${VpcId} has no Internet gateway attached`,
    });
    await gatewayOf(VpcId);
    const second = await natGateway(open);
    const { NatGateway } = await cloud.ec2.createNatGateway({
      SubnetId: open,
      AllocationId: second.AllocationId,
    });
    await wait(20_000);
    expect(await stateOf(NatGateway!.NatGatewayId!)).toMatchObject({
      FailureCode: "Resource.AlreadyAssociated",
    });
    expect(
      await codeOf(cloud.ec2.createRoute({ ...everywhere, RouteTableId: "rtb-0", NatGatewayId: first.id })),
    ).toBe("InvalidRouteTableID.NotFound");
  });

  it("is created once for a token, and five a zone", async () => {
    const { open, VpcId } = await network();
    await gatewayOf(VpcId);
    const { AllocationId } = await cloud.ec2.allocateAddress({});
    const create = () => cloud.ec2.createNatGateway({ SubnetId: open, AllocationId, ClientToken: "one" });
    const [one, two] = [await create(), await create()];
    expect(one.NatGateway!.NatGatewayId).toBe(two.NatGateway!.NatGatewayId);
    for (let count = 1; count < 5; count++) await natGateway(open);
    expect(await codeOf(cloud.ec2.allocateAddress({}))).toBe("AddressLimitExceeded");
    expect(await codeOf(cloud.ec2.createNatGateway({ SubnetId: open, AllocationId }))).toBe(
      "NatGatewayLimitExceeded",
    );
  });
});

describe("a route", () => {
  it("is a blackhole once its NAT gateway is deleted, and is replaced", async () => {
    const { ec2 } = cloud;
    const { VpcId, open, openTable, closedTable } = await network();
    const gateway = await gatewayOf(VpcId);
    await ec2.createRoute({ ...everywhere, RouteTableId: openTable, GatewayId: gateway });
    const { id } = await natGateway(open);
    await ec2.createRoute({ ...everywhere, RouteTableId: closedTable, NatGatewayId: id });
    await wait(2 * MINUTE);
    await ec2.deleteNatGateway({ NatGatewayId: id });
    const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [closedTable] });
    expect(RouteTables![0]!.Routes).toContainEqual(
      expect.objectContaining({ ...everywhere, NatGatewayId: id, State: "blackhole" }),
    );
    expect(
      await codeOf(ec2.createRoute({ ...everywhere, RouteTableId: closedTable, GatewayId: gateway })),
    ).toBe("RouteAlreadyExists");
    await ec2.replaceRoute({ ...everywhere, RouteTableId: closedTable, GatewayId: gateway });
    await ec2.deleteRoute({ ...everywhere, RouteTableId: closedTable });
    expect(await codeOf(ec2.deleteRoute({ ...everywhere, RouteTableId: closedTable }))).toBe(
      "InvalidRoute.NotFound",
    );
  });

  it("is in a VPC whose block AWS accepts", async () => {
    for (const CidrBlock of ["0.0.0.0/16", "127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "10.0.0.0/8"])
      expect(await codeOf(cloud.ec2.createVpc({ CidrBlock }))).toBe("InvalidVpc.Range");
  });

  it("leads to a gateway of its own VPC only", async () => {
    const { openTable } = await network();
    const other = await cloud.ec2.createVpc({ CidrBlock: "10.8.0.0/16" });
    const GatewayId = await gatewayOf(other.Vpc!.VpcId!);
    expect(await codeOf(cloud.ec2.createRoute({ ...everywhere, RouteTableId: openTable, GatewayId }))).toBe(
      "InvalidParameterValue",
    );
    expect(
      await codeOf(cloud.ec2.createRoute({ ...everywhere, RouteTableId: openTable, NatGatewayId: "nat-0" })),
    ).toBe("InvalidNatGatewayID.NotFound");
  });
});

describe("an endpoint", () => {
  const interfaceOf = (VpcId: string, SubnetIds: string[], service: string) => ({
    VpcId,
    SubnetIds,
    ServiceName: `com.amazonaws.eu-west-1.${service}`,
    VpcEndpointType: "Interface" as const,
    PrivateDnsEnabled: true,
  });

  it("with a private name needs a VPC with DNS hostnames, and is the only one of its service", async () => {
    const { ec2 } = cloud;
    const { VpcId, closed, open } = await network();
    const input = interfaceOf(VpcId, [closed], "ecr.api");
    expect(await codeOf(ec2.createVpcEndpoint(input))).toBe("InvalidParameter");
    await ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } });
    const { VpcEndpoint } = await ec2.createVpcEndpoint(input);
    expect(VpcEndpoint).toMatchObject({ State: "pending", PrivateDnsEnabled: true, SubnetIds: [closed] });
    expect(await codeOf(ec2.createVpcEndpoint(input))).toBe("InvalidParameter");
    expect(await codeOf(ec2.createVpcEndpoint(interfaceOf(VpcId, [closed, open], "logs")))).toBe(
      "DuplicateSubnetsInSameZone",
    );
    expect(await codeOf(ec2.createVpcEndpoint(interfaceOf(VpcId, [closed], "no-such")))).toBe(
      "InvalidServiceName",
    );
    await wait(2 * MINUTE);
    const ids = [VpcEndpoint!.VpcEndpointId!];
    const { VpcEndpoints } = await ec2.describeVpcEndpoints({ VpcEndpointIds: ids });
    expect(VpcEndpoints).toMatchObject([{ State: "available" }]);

    expect(await codeOf(ec2.deleteVpc({ VpcId }))).toBe("DependencyViolation");
    await ec2.deleteVpcEndpoints({ VpcEndpointIds: ids });
    expect(await codeOf(ec2.deleteSubnet({ SubnetId: closed }))).toBe("DependencyViolation");
    await wait(2 * MINUTE);
    expect(await codeOf(ec2.describeVpcEndpoints({ VpcEndpointIds: ids }))).toBe(
      "InvalidVpcEndpointId.NotFound",
    );
    await ec2.deleteSubnet({ SubnetId: closed });
    expect((await ec2.deleteVpcEndpoints({ VpcEndpointIds: ids })).Unsuccessful).toMatchObject([
      { Error: { Code: "InvalidVpcEndpointId.NotFound" } },
    ]);
  });

  it("of S3 is a route of the tables that it names, once each", async () => {
    const { ec2 } = cloud;
    const { VpcId, closedTable, openTable } = await network();
    const s3 = { VpcId, ServiceName: "com.amazonaws.eu-west-1.s3" };
    const { VpcEndpoint } = await ec2.createVpcEndpoint({ ...s3, RouteTableIds: [closedTable] });
    expect(VpcEndpoint).toMatchObject({ VpcEndpointType: "Gateway", State: "available" });
    const routes = async (id: string) =>
      (await ec2.describeRouteTables({ RouteTableIds: [id] })).RouteTables![0]!.Routes!.map(
        ({ GatewayId }) => GatewayId,
      );
    expect(await routes(closedTable)).toEqual(["local", VpcEndpoint!.VpcEndpointId]);
    expect(await routes(openTable)).toEqual(["local"]);
    expect(await codeOf(ec2.createVpcEndpoint({ ...s3, RouteTableIds: [closedTable] }))).toBe(
      "RouteAlreadyExists",
    );
    await ec2.modifyVpcEndpoint({
      VpcEndpointId: VpcEndpoint!.VpcEndpointId,
      AddRouteTableIds: [openTable],
      RemoveRouteTableIds: [closedTable],
    });
    expect(await routes(closedTable)).toEqual(["local"]);
  });
});

it("a region has five VPCs and five internet gateways", async () => {
  for (let count = 1; count < 5; count++) await cloud.ec2.createVpc({ CidrBlock: `10.${count}.0.0/16` });
  expect(await codeOf(cloud.ec2.createVpc({ CidrBlock: "10.9.0.0/16" }))).toBe("VpcLimitExceeded");
  for (let count = 1; count < 5; count++) await cloud.ec2.createInternetGateway({});
  expect(await codeOf(cloud.ec2.createInternetGateway({}))).toBe("InternetGatewayLimitExceeded");
});
