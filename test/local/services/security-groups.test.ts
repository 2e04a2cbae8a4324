import { beforeEach, describe, expect, it } from "vitest";
import {
  attachNetworkInterface,
  detachNetworkInterface,
} from "../../../src/local/services/ec2/network-interfaces.js";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices();
});

const group = (GroupName: string) => ({ GroupName, Description: "made by a test" });

/** A group that is already visible to all services. */
async function visibleGroup(name: string): Promise<string> {
  const { GroupId } = await cloud.ec2.createSecurityGroup(group(name));
  await cloud.clock.sleep(5_000);
  return GroupId!;
}

const tcp = (port: number, cidr = "0.0.0.0/0") => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp: cidr }],
});

describe("security groups", () => {
  it("a new group is not visible at once, but its name is taken", async () => {
    const { GroupId } = await cloud.ec2.createSecurityGroup(group("web"));
    expect(await codeOf(cloud.ec2.describeSecurityGroups({ GroupIds: [GroupId!] }))).toBe(
      "InvalidGroup.NotFound",
    );
    expect(await codeOf(cloud.ec2.createSecurityGroup(group("WEB")))).toBe("InvalidGroup.Duplicate");
    await cloud.clock.sleep(5_000);
    const { SecurityGroups } = await cloud.ec2.describeSecurityGroups({ GroupIds: [GroupId!] });
    expect(SecurityGroups).toMatchObject([{ GroupName: "web", IpPermissionsEgress: [{ IpProtocol: "-1" }] }]);
  });

  it.each([
    ["no description", { GroupName: "web", Description: undefined }, "MissingParameter"],
    ["a name like an id", { GroupName: "sg-web", Description: "x" }, "InvalidParameterValue"],
    ["the reserved name", { GroupName: "default", Description: "x" }, "InvalidParameterValue"],
    ["invalid characters", { GroupName: "wéb", Description: "x" }, "InvalidParameterValue"],
    [
      "a description with invalid characters",
      { GroupName: "web", Description: "it's" },
      "InvalidParameterValue",
    ],
    ["too long a name", { GroupName: "x".repeat(256), Description: "x" }, "InvalidParameterValue"],
    ["an unknown VPC", { GroupName: "web", Description: "x", VpcId: "vpc-1" }, "InvalidVpcID.NotFound"],
    [
      "an AWS tag",
      {
        GroupName: "web",
        Description: "x",
        TagSpecifications: [
          { ResourceType: "security-group" as const, Tags: [{ Key: "aws:x", Value: "y" }] },
        ],
      },
      "InvalidParameterValue",
    ],
    [
      "tags for something else",
      {
        GroupName: "web",
        Description: "x",
        TagSpecifications: [{ ResourceType: "instance" as const, Tags: [{ Key: "x", Value: "y" }] }],
      },
      "InvalidParameterValue",
    ],
  ])("rejects %s", async (_, input, code) => {
    expect(await codeOf(cloud.ec2.createSecurityGroup(input))).toBe(code);
  });

  it("without a default VPC, the VPC must be named", async () => {
    const { ec2, account } = localServices({ vpcs: [{ zones: ["a"] }] });
    expect(await codeOf(ec2.createSecurityGroup(group("web")))).toBe("VPCIdNotSpecified");
    const [VpcId] = account.ec2.vpcs.keys();
    expect(await codeOf(ec2.createSecurityGroup({ ...group("web"), VpcId }))).toContain("no error");
    expect(await ec2.describeVpcs({ Filters: [{ Name: "is-default", Values: ["true"] }] })).toMatchObject({
      Vpcs: [],
    });
  });

  it("an existing rule fails the whole request, also in another spelling of its CIDR", async () => {
    const GroupId = await visibleGroup("web");
    await cloud.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [tcp(80, "100.68.0.18/18")] });
    const twoRules = { GroupId, IpPermissions: [tcp(443), tcp(80, "100.68.0.0/18")] };
    expect(await codeOf(cloud.ec2.authorizeSecurityGroupIngress(twoRules))).toBe(
      "InvalidPermission.Duplicate",
    );
    const { SecurityGroupRules } = await cloud.ec2.describeSecurityGroupRules({
      Filters: [{ Name: "group-id", Values: [GroupId] }],
    });
    const ingress = SecurityGroupRules!.filter(({ IsEgress }) => !IsEgress);
    expect(ingress).toMatchObject([{ FromPort: 80, CidrIpv4: "100.68.0.0/18" }]);
  });

  it("IPv6 ranges have a canonical spelling, too", async () => {
    const GroupId = await visibleGroup("web");
    const v6 = (CidrIpv6: string) => ({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      Ipv6Ranges: [{ CidrIpv6 }],
    });
    await cloud.ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [v6("2001:DB8:0:0:1::1/64"), v6("0::/0")],
    });
    const { SecurityGroups } = await cloud.ec2.describeSecurityGroups({ GroupIds: [GroupId] });
    expect(SecurityGroups?.[0]?.IpPermissions?.[0]?.Ipv6Ranges).toEqual([
      { CidrIpv6: "2001:db8::/64" },
      { CidrIpv6: "::/0" },
    ]);
  });

  it.each([
    ["a port of 70000", { ...tcp(80), ToPort: 70_000 }, "InvalidParameterValue"],
    ["ports in the wrong order", { ...tcp(80), ToPort: 79 }, "InvalidParameterValue"],
    ["an invalid CIDR", tcp(80, "10.0.0.0"), "InvalidParameterValue"],
    ["no peer", { IpProtocol: "tcp", FromPort: 80, ToPort: 80 }, "MissingParameter"],
    [
      "a missing group",
      { IpProtocol: "tcp", FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: "sg-0" }] },
      "InvalidGroup.NotFound",
    ],
    [
      "a description with an apostrophe",
      { ...tcp(80), IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "it's" }] },
      "InvalidParameterValue",
    ],
  ])("rejects a rule with %s", async (_, permission, code) => {
    const GroupId = await visibleGroup("web");
    const call = cloud.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [permission] });
    expect(await codeOf(call)).toBe(code);
  });

  it("a revoked rule is deleted, and cannot be revoked again", async () => {
    const GroupId = await visibleGroup("web");
    const rule = { GroupId, IpPermissions: [tcp(80)] };
    const { SecurityGroupRules } = await cloud.ec2.authorizeSecurityGroupIngress(rule);
    const id = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    await cloud.ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [id] });
    expect(await codeOf(cloud.ec2.revokeSecurityGroupIngress(rule))).toBe("InvalidPermission.NotFound");
    expect(await codeOf(cloud.ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [id] }))).toBe(
      "InvalidSecurityGroupRuleId.NotFound",
    );
  });

  it("cannot be deleted while a network interface uses it, or another group's rule refers to it", async () => {
    const balancer = await visibleGroup("balancer");
    const instances = await visibleGroup("instances");
    await cloud.ec2.authorizeSecurityGroupIngress({
      GroupId: instances,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 1, ToPort: 65535, UserIdGroupPairs: [{ GroupId: balancer }] },
      ],
    });
    const [subnetId = ""] = cloud.account.ec2.subnets.keys();
    const card = attachNetworkInterface(cloud.account, {
      description: "ELB app/x/1",
      subnetId,
      groupIds: [instances],
      requester: "amazon-elb",
    });
    const remove = (GroupId: string) => codeOf(cloud.ec2.deleteSecurityGroup({ GroupId }));
    expect(await remove(balancer)).toBe("DependencyViolation");
    expect(await remove(instances)).toBe("DependencyViolation");
    const held = await cloud.ec2.describeNetworkInterfaces({
      Filters: [{ Name: "group-id", Values: [instances] }],
    });
    expect(held.NetworkInterfaces).toMatchObject([{ Description: "ELB app/x/1", RequesterId: "amazon-elb" }]);
    detachNetworkInterface(cloud.account, card.id);
    expect(await remove(instances)).toContain("no error");
    expect(await remove(balancer)).toContain("no error");
    expect(await remove(balancer)).toBe("InvalidGroup.NotFound");
  });

  it("filters by name and tag with wildcards, pages, and rejects an unknown filter", async () => {
    const tagged = (name: string) => ({
      ...group(name),
      TagSpecifications: [{ ResourceType: "security-group" as const, Tags: [{ Key: "team", Value: name }] }],
    });
    for (const name of ["web-a", "web-b", "db"]) await cloud.ec2.createSecurityGroup(tagged(name));
    await cloud.clock.sleep(5_000);
    const find = async (Name: string, ...Values: string[]) => {
      const { SecurityGroups } = await cloud.ec2.describeSecurityGroups({ Filters: [{ Name, Values }] });
      return SecurityGroups!.map(({ GroupName }) => GroupName);
    };
    expect(await find("group-name", "web-*")).toEqual(["web-a", "web-b"]);
    expect(await find("tag:team", "db", "web-a")).toEqual(["web-a", "db"]);
    const wrong = cloud.ec2.describeSecurityGroups({ Filters: [{ Name: "color", Values: ["red"] }] });
    expect(await codeOf(wrong)).toBe("InvalidParameterValue");

    for (let index = 0; index < 4; index++) await cloud.ec2.createSecurityGroup(group(`more-${index}`));
    await cloud.clock.sleep(5_000);
    const first = await cloud.ec2.describeSecurityGroups({ MaxResults: 5 });
    const second = await cloud.ec2.describeSecurityGroups({ MaxResults: 5, NextToken: first.NextToken });
    expect([first.SecurityGroups?.length, second.SecurityGroups?.length, second.NextToken]).toEqual([
      5,
      3,
      undefined,
    ]);
  });
});
