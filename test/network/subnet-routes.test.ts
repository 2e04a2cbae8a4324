import { DescribeRouteTablesCommand, type Route } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { routesOf } from "../../src/network/subnet-routes.js";
import { mockAws } from "../aws/mock-aws.js";

const { awsContext, ec2 } = mockAws();

const ipv4 = { DestinationCidrBlock: "0.0.0.0/0" };
const ipv6 = { DestinationIpv6CidrBlock: "::/0" };
const gateway = { GatewayId: "igw-1" };
const nat = { NatGatewayId: "nat-1" };
const local: Route = { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" };

test.each<[string, Route[], string]>([
  ["an internet gateway", [{ ...ipv4, ...gateway }], "internet-gateway"],
  ["a NAT gateway", [{ ...ipv4, ...nat }], "other"],
  ["no route", [], "none"],
  ["an internet gateway that was deleted", [{ ...ipv4, ...gateway, State: "blackhole" }], "none"],
  ["an internet gateway for IPv6 only", [{ ...ipv6, ...gateway }], "internet-gateway"],
  [
    "a NAT gateway, and an internet gateway for IPv6",
    [
      { ...ipv6, ...gateway },
      { ...ipv4, ...nat },
    ],
    "other",
  ],
])("the egress of a subnet with %s", async (_, routes, egress) => {
  const context = await awsContext();
  ec2
    .on(DescribeRouteTablesCommand)
    .resolves({ RouteTables: [{ Associations: [{ Main: true }], Routes: [local, ...routes] }] });
  expect((await routesOf("vpc-1", context))("subnet-1").egress).toBe(egress);
});
