import { EC2Client, DescribeVpcsCommand, DescribeAddressesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Network } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { shortPauses } from "./short-pauses.js";
import { underItsPolicy } from "./under-its-policy.js";

const conference = (account: Account) =>
  new Network("conference").zones(2).on(shortPauses(underItsPolicy(account), 20));

describeOverHttp("a network over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let ec2: EC2Client;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account } = await sharedAccount(cloud));
    const { endpoint, region, credentials } = account;
    ec2 = new EC2Client({ endpoint, region, credentials });
  });
  afterAll(() => cloud?.stop());

  test("has its NAT gateway, then endpoints instead, and a destroy leaves nothing", async () => {
    const vpcs = async () => (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map(({ VpcId }) => VpcId);
    const before = await vpcs();
    const { vpcId } = await conference(account).deploy();
    expect(await vpcs()).toEqual(expect.arrayContaining([...before, vpcId]));
    expect((await conference(account).plan()).toString()).toMatch(/^Plan: nothing to change/);
    const status = await conference(account).status();
    expect(status).toMatchObject({ exists: true, vpcId, natGateways: [{ state: "available" }] });
    expect(status.subnets.map(({ access, cidr }) => `${access} ${cidr}`)).toEqual([
      "public 10.0.16.0/20",
      "public 10.0.0.0/20",
      "private 10.0.144.0/20",
      "private 10.0.128.0/20",
    ]);

    const isolated = conference(account).nat("none");
    await isolated.deploy();
    expect((await isolated.plan()).toString()).toMatch(/^Plan: nothing to change/);
    const { natGateways, endpoints } = await isolated.status();
    expect(natGateways).toEqual([]);
    expect(endpoints.map(({ service }) => service.replace(/.*\.eu-west-1\./, ""))).toEqual([
      "ecr.api",
      "ecr.dkr",
      "logs",
      "s3",
    ]);

    expect((await isolated.destroy()).kept).toEqual([]);
    expect((await vpcs()).sort()).toEqual(before.sort());
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses).toEqual([]);
  });
});
