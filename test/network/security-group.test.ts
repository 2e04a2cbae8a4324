import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../src/engine/kind.js";
import { securityGroupRuleKind, type RuleSource } from "../../src/network/security-group-rule.js";
import { securityGroupKind } from "../../src/network/security-group.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ec2 } = mockAws();

const tags = { "quayside:owner": "cluster/web" };
const Tags = [{ Key: "quayside:owner", Value: "cluster/web" }];
const desired = { groupName: "web", description: "of web", vpcId: "vpc-1", tags };

describe("a security group", () => {
  it("is found by its name in its VPC", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeSecurityGroupsCommand).resolves({
      SecurityGroups: [
        { GroupId: "sg-2", GroupName: "web", Description: "theirs", VpcId: "vpc-2" },
        { GroupId: "sg-1", GroupName: "web", Description: "other", VpcId: "vpc-1", Tags },
      ],
    });
    expect(await securityGroupKind.read(desired, context)).toEqual({
      state: { groupId: "sg-1", groupName: "web", vpcId: "vpc-1" },
      current: { groupName: "web", description: "other", vpcId: "vpc-1" },
      tags,
    });
    // A run that does not know the VPC yet has asked the same.
    const Filters = [{ Name: "group-name", Values: ["web"] }];
    expect(sent(ec2)).toEqual([["DescribeSecurityGroups", { Filters }]]);
  });

  it("is not looked for while its VPC is not known", async () => {
    const { context } = await mockedContext();
    expect(await securityGroupKind.read({ ...desired, vpcId: UNKNOWN }, context)).toBeUndefined();
    expect(sent(ec2)).toEqual([]);
  });

  it("is created with its tags in one call, and tagged anew when only they change", async () => {
    const { context } = await mockedContext();
    ec2.on(CreateSecurityGroupCommand).resolves({ GroupId: "sg-1" });
    ec2.on(CreateTagsCommand).resolves({});
    const state = await securityGroupKind.create!(desired, context);
    const change = { path: "tags.quayside:owner", before: undefined, after: "cluster/web" };
    await securityGroupKind.update!(desired, { state, current: {}, tags: {} }, [change], context);
    expect(sent(ec2)).toEqual([
      [
        "CreateSecurityGroup",
        {
          GroupName: "web",
          Description: "of web",
          VpcId: "vpc-1",
          TagSpecifications: [{ ResourceType: "security-group", Tags }],
        },
      ],
      ["CreateTags", { Resources: ["sg-1"], Tags }],
    ]);
  });

  it("whose name is taken is reported only when it can be seen whose it is", async () => {
    const { context } = await mockedContext();
    ec2.on(CreateSecurityGroupCommand).rejects(sdkError("InvalidGroup.Duplicate"));
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolvesOnce({ SecurityGroups: [] })
      .resolves({ SecurityGroups: [{ GroupId: "sg-1", VpcId: "vpc-1" }] });
    const error: unknown = await securityGroupKind.create!(desired, context).catch((e: unknown) => e);
    expect(securityGroupKind.alreadyExists!(error)).toBe(true);
    expect(await securityGroupKind.read(desired, context)).toBeDefined();
  });

  it("is deleted once nothing uses it, and reports what it waits for", async () => {
    const { context, events } = await mockedContext();
    const held = sdkError("DependencyViolation", "resource sg-1 has a dependent object");
    ec2.on(DeleteSecurityGroupCommand).rejectsOnce(held).rejectsOnce(held).rejectsOnce(held).resolves({});
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "ELB app/alb/1" }] })
      .resolvesOnce({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Description: "ELB app/alb/1" }] })
      .resolves({ NetworkInterfaces: [] });
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolves({ SecurityGroups: [{ GroupName: "other", GroupId: "sg-2" }] });
    await securityGroupKind.delete!({ groupId: "sg-1", groupName: "web", vpcId: "vpc-1" }, context);
    expect(events.map((event) => event.type === "waiting" && event.why)).toEqual([
      "network interfaces still use it: eni-1 (ELB app/alb/1)",
      "rules of these security groups still refer to it: other (sg-2)",
    ]);
  });

  it("that stays held is an error that names what holds it", async () => {
    const { context, clock } = await mockedContext();
    ec2.on(DeleteSecurityGroupCommand).rejects(sdkError("DependencyViolation"));
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
    const began = clock.now();
    await expect(
      securityGroupKind.delete!({ groupId: "sg-1", groupName: "web", vpcId: "vpc-1" }, context),
    ).rejects.toMatchObject({
      code: "timed-out",
      message:
        "Timed out after 15 min waiting for security group web to be released: network interfaces still use it: eni-1",
    });
    expect((clock.now() - began) / 60_000).toBe(15);
  });

  it("that no longer exists counts as deleted", async () => {
    const { context } = await mockedContext();
    ec2.on(DeleteSecurityGroupCommand).rejects(sdkError("InvalidGroup.NotFound"));
    await expect(
      securityGroupKind.delete!({ groupId: "sg-1", groupName: "web", vpcId: "vpc-1" }, context),
    ).resolves.toBeUndefined();
  });

  it("is held by groups of others whose rules let it in, and not by ours or by those that go too", async () => {
    const { context } = await mockedContext();
    ec2.on(DescribeSecurityGroupsCommand).resolves({
      SecurityGroups: [
        { GroupId: "sg-1", GroupName: "web" },
        { GroupId: "sg-2", GroupName: "theirs" },
        { GroupId: "sg-3", GroupName: "ours", Tags },
        { GroupId: "sg-4", GroupName: "leaving" },
      ],
    });
    const leaving = { has: (kind: string, name: string) => kind === "security-group" && name === "leaving" };
    const found = { name: "web", state: { groupId: "sg-1", groupName: "web", vpcId: "vpc-1" }, tags };
    expect(await securityGroupKind.blockedBy!(found, leaving, context)).toEqual([
      "a rule of security group theirs (sg-2)",
    ]);
  });
});

const rule = (source: RuleSource) => ({
  groupId: "sg-1",
  protocol: "tcp" as const,
  fromPort: 80,
  toPort: 80,
  source,
  description: "Listener 80",
  tags,
});

describe("a security group rule", () => {
  it.each([
    [{ cidrIpv4: "0.0.0.0/0" }, { IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "Listener 80" }] }],
    [{ cidrIpv6: "::/0" }, { Ipv6Ranges: [{ CidrIpv6: "::/0", Description: "Listener 80" }] }],
    [{ sourceGroupId: "sg-2" }, { UserIdGroupPairs: [{ GroupId: "sg-2", Description: "Listener 80" }] }],
  ])("from %j is created with its tags in one call", async (source, peer) => {
    const { context } = await mockedContext();
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: "sgr-1" }] });
    const state = await securityGroupRuleKind.create!(rule(source), context);
    expect(state).toEqual({ ruleId: "sgr-1", groupId: "sg-1" });
    expect(sent(ec2)).toEqual([
      [
        "AuthorizeSecurityGroupIngress",
        {
          GroupId: "sg-1",
          IpPermissions: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, ...peer }],
          TagSpecifications: [{ ResourceType: "security-group-rule", Tags }],
        },
      ],
    ]);
  });

  it("with equal values is the same rule, no matter who created it; one with other values is not", async () => {
    const { context } = await mockedContext();
    const same = { GroupId: "sg-1", IpProtocol: "tcp", FromPort: 80, ToPort: 80, IsEgress: false };
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({
      SecurityGroupRules: [
        { ...same, SecurityGroupRuleId: "sgr-out", IsEgress: true, CidrIpv4: "0.0.0.0/0" },
        { ...same, SecurityGroupRuleId: "sgr-wide", FromPort: 1, CidrIpv4: "0.0.0.0/0" },
        { ...same, SecurityGroupRuleId: "sgr-theirs", CidrIpv4: "0.0.0.0/0" },
        { ...same, SecurityGroupRuleId: "sgr-group", ReferencedGroupInfo: { GroupId: "sg-2" } },
      ],
    });
    const idOf = async (source: RuleSource) =>
      (await securityGroupRuleKind.read(rule(source), context))?.state.ruleId;
    expect(await idOf({ cidrIpv4: "0.0.0.0/0" })).toBe("sgr-theirs");
    expect(await idOf({ sourceGroupId: "sg-2" })).toBe("sgr-group");
    expect(await idOf({ cidrIpv6: "::/0" })).toBeUndefined();
  });

  it("is waited for when EC2 does not see its new group yet", async () => {
    const { context, events } = await mockedContext();
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(sdkError("InvalidGroup.NotFound"))
      .resolves({ SecurityGroupRules: [{ SecurityGroupRuleId: "sgr-1" }] });
    await securityGroupRuleKind.create!(rule({ cidrIpv4: "0.0.0.0/0" }), context);
    expect(events).toMatchObject([{ type: "retrying", code: "InvalidGroup.NotFound" }]);
  });

  it("found by its tags has the name that it has in a graph", async () => {
    const { context } = await mockedContext();
    const SecurityGroupRules = [
      {
        SecurityGroupRuleId: "sgr-1",
        GroupId: "sg-1",
        FromPort: 1,
        ToPort: 65535,
        ReferencedGroupInfo: { GroupId: "sg-2" },
      },
      { SecurityGroupRuleId: "sgr-2", GroupId: "sg-2", FromPort: 80, ToPort: 80, CidrIpv6: "::/0" },
    ];
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules });
    ec2.on(DescribeSecurityGroupsCommand).resolves({
      SecurityGroups: [
        { GroupId: "sg-1", GroupName: "instances" },
        { GroupId: "sg-2", GroupName: "balancer" },
      ],
    });
    const found = await securityGroupRuleKind.findOwned!("cluster/web", context);
    expect(found.map(({ name }) => name)).toEqual([
      "instances: tcp 1-65535 from balancer",
      "balancer: tcp 80 from ::/0",
    ]);
  });

  it("is deleted by its id, and no longer exists once its group is deleted", async () => {
    const { context } = await mockedContext();
    ec2.on(RevokeSecurityGroupIngressCommand).rejects(sdkError("InvalidGroup.NotFound"));
    await securityGroupRuleKind.delete!({ ruleId: "sgr-1", groupId: "sg-1" }, context);
    expect(sent(ec2)).toEqual([
      ["RevokeSecurityGroupIngress", { GroupId: "sg-1", SecurityGroupRuleIds: ["sgr-1"] }],
    ]);
  });
});
