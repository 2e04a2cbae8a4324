import {
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  type ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { actualCapacity } from "../../src/cluster/actual-capacity.js";
import type { Ec2CapacitySpec } from "../../src/spec/ec2.js";
import { Issues } from "../../src/spec/parsing/issues.js";
import { parseCluster } from "../../src/spec/cluster.js";
import { mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2 } = mockAws();

const web = parseCluster({ named: "web" }, new Issues());
const capacity = web.capacity as Ec2CapacitySpec;

/** A template of that owner's, made from this. */
function made(owner: string, LaunchTemplateData: ResponseLaunchTemplateData): void {
  const template = { LaunchTemplateId: "lt-1", Tags: [{ Key: "quayside:owner", Value: owner }] };
  ec2.on(DescribeLaunchTemplatesCommand).resolves({ LaunchTemplates: [template] });
  ec2
    .on(DescribeLaunchTemplateVersionsCommand)
    .resolves({ LaunchTemplateVersions: [{ LaunchTemplateData }] });
  ec2
    .on(DescribeSecurityGroupsCommand)
    .resolves({ SecurityGroups: [{ GroupId: "sg-1", GroupName: "webGroup", VpcId: "vpc-1" }] });
}

test("the capacity of a cluster that is only named is that of its launch template", async () => {
  const { context } = await mockedContext();
  made("cluster/web", {
    InstanceType: "t4g.small",
    IamInstanceProfile: { Name: "webRole" },
    SecurityGroupIds: ["sg-1"],
  });
  expect(await actualCapacity(web, capacity, context)).toMatchObject({
    instanceType: "t4g.small",
    instanceRole: "webRole",
    securityGroup: "webGroup",
    vpcId: "vpc-1",
  });
});

test("a template without a security group, as an override can make it, gets no other group", async () => {
  const { context } = await mockedContext();
  made("cluster/web", { InstanceType: "t3.small" });
  expect(await actualCapacity(web, capacity, context)).toEqual({ ...capacity, vpcId: undefined });
  expect(sent(ec2).map(([command]) => command)).not.toContain("DescribeSecurityGroups");
});

test("a foreign launch template of that name is ignored", async () => {
  const { context } = await mockedContext();
  made("cluster/other", { InstanceType: "m5.large", SecurityGroupIds: ["sg-1"] });
  expect(await actualCapacity(web, capacity, context)).toEqual(capacity);
});
