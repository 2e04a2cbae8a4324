import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  type EC2ClientConfig,
} from "@aws-sdk/client-ec2";
import { setTimeout as pause } from "node:timers/promises";

/** Creates a VPC with two public subnets, which assign no public addresses. It costs nothing. */
export async function createVpc(config: EC2ClientConfig, name: string): Promise<void> {
  await using ec2 = connect(config);
  const { Vpc } = await ec2.client.send(
    new CreateVpcCommand({
      CidrBlock: "10.77.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: name }] }],
    }),
  );
  const VpcId = Vpc!.VpcId!;
  await openToInternet(ec2.client, VpcId);
  const { AvailabilityZones = [] } = await ec2.client.send(
    new DescribeAvailabilityZonesCommand({ Filters: [{ Name: "zone-type", Values: ["availability-zone"] }] }),
  );
  for (const [index, { ZoneName }] of AvailabilityZones.slice(0, 2).entries()) {
    await onceKnown(() =>
      ec2.client.send(
        new CreateSubnetCommand({ VpcId, CidrBlock: `10.77.${index}.0/24`, AvailabilityZone: ZoneName }),
      ),
    );
  }
}

/** Deletes the VPCs of a name, with their subnets and gateways. */
export async function deleteVpc(config: EC2ClientConfig, name: string): Promise<void> {
  await using ec2 = connect(config);
  const { client } = ec2;
  const { Vpcs = [] } = await client.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] }),
  );
  for (const { VpcId } of Vpcs) {
    const inVpc = (Name: string) => ({ Filters: [{ Name, Values: [VpcId!] }] });
    const { Subnets = [] } = await client.send(new DescribeSubnetsCommand(inVpc("vpc-id")));
    for (const { SubnetId } of Subnets) await client.send(new DeleteSubnetCommand({ SubnetId }));
    const { InternetGateways = [] } = await client.send(
      new DescribeInternetGatewaysCommand(inVpc("attachment.vpc-id")),
    );
    for (const { InternetGatewayId } of InternetGateways) {
      await client.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      await client.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    }
    await client.send(new DeleteVpcCommand({ VpcId }));
  }
}

/** Gives an emulator's default VPC the way to the internet that AWS's has. */
export async function openDefaultVpc(config: EC2ClientConfig): Promise<void> {
  await using ec2 = connect(config);
  const { Vpcs = [] } = await ec2.client.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }),
  );
  const VpcId = Vpcs[0]?.VpcId;
  if (VpcId === undefined) return;
  const { InternetGateways = [] } = await ec2.client.send(
    new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [VpcId] }] }),
  );
  if (InternetGateways.length === 0) await openToInternet(ec2.client, VpcId);
}

async function openToInternet(client: EC2Client, VpcId: string): Promise<void> {
  const { InternetGateway } = await client.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway!.InternetGatewayId;
  await onceKnown(() =>
    client.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId })),
  );
  const { RouteTables = [] } = await client.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
  );
  await onceKnown(() =>
    client.send(
      new CreateRouteCommand({
        RouteTableId: RouteTables[0]!.RouteTableId,
        GatewayId,
        DestinationCidrBlock: "0.0.0.0/0",
      }),
    ),
  );
}

/** Repeats what EC2 refuses because it does not know yet what was created a moment before: at most for a minute. */
async function onceKnown<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 60 || !(error as Error).name.endsWith(".NotFound")) throw error;
      await pause(1000);
    }
  }
}

function connect(config: EC2ClientConfig): AsyncDisposable & { readonly client: EC2Client } {
  const client = new EC2Client(config);
  return { client, [Symbol.asyncDispose]: async () => client.destroy() };
}
