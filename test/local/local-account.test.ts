import { afterEach, expect, it } from "vitest";
import {
  localAccount,
  localCloud,
  type LocalAccount,
  type LocalCloud,
  type LocalCloudOptions,
} from "../../src/local/index.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

function open(options: LocalCloudOptions): LocalCloud {
  const cloud = localCloud({ clock: "virtual", ...options });
  clouds.push(cloud);
  return cloud;
}

function regionsOf(account: LocalAccount) {
  return { eu: open({ account, region: "eu-west-1" }), us: open({ account, region: "us-east-1" }) };
}

const trust = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

it("the regions of an account have one IAM, and everything else for themselves", async () => {
  const { eu, us } = regionsOf(localAccount({ id: "210987654321" }));
  await eu.ports.iam.createRole({ RoleName: "Web", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") });
  await eu.ports.iam.createInstanceProfile({ InstanceProfileName: "Web" });
  await eu.ports.ecs.createCluster({ clusterName: "web" });

  const { Role } = await us.ports.iam.getRole({ RoleName: "web" });
  expect(Role!.Arn).toBe("arn:aws:iam::210987654321:role/Web");
  await expect(
    us.ports.iam.createRole({ RoleName: "web", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }),
  ).rejects.toMatchObject({ name: "EntityAlreadyExists" });
  expect(us.state().instanceProfiles).toEqual(eu.state().instanceProfiles);
  expect(us.state().clusters).toEqual({});
  expect(Object.keys(eu.state().clusters)).toEqual(["web"]);
});

it("a service-linked role that one region has created is there for the other", async () => {
  const { eu, us } = regionsOf(localAccount());
  await eu.ports.ecs.createCluster({ clusterName: "web" });
  const roles = eu.state().serviceLinkedRoles;
  expect(roles).toContain("AWSServiceRoleForECS");
  expect(us.state().serviceLinkedRoles).toEqual(roles);
});

it("the regions of an account share its clock, which a closed region does not stop", async () => {
  const { eu, us } = regionsOf(localAccount());
  await eu.clock.sleep(60_000);
  expect(us.clock.now()).toBe(eu.clock.now());
  const waiting = us.clock.sleep(1_000);
  await eu.close();
  await waiting;
  await us.clock.sleep(60_000);
});

it("the regions of an account have identifiers of their own, the same ones every time", () => {
  const idsOf = (cloud: LocalCloud) => [
    ...cloud.account.ec2.subnets.keys(),
    ...cloud.account.ec2.vpcs.keys(),
  ];
  const { eu, us } = regionsOf(localAccount());
  const again = regionsOf(localAccount());
  expect(idsOf(eu).filter((id) => idsOf(us).includes(id))).toEqual([]);
  expect([eu, us].map(idsOf)).toEqual([again.eu, again.us].map(idsOf));
});

it("two accounts share nothing", async () => {
  const one = open({ account: localAccount({ id: "111111111111" }) });
  const other = open({ account: localAccount({ id: "222222222222" }) });
  await one.ports.iam.createRole({ RoleName: "web", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") });
  expect(other.state().roles).toEqual({});
});

it("a role's last use is reported with its region, as IAM does", async () => {
  const { eu, us } = regionsOf(localAccount());
  const { iam, ecs } = us.ports;
  const names = { RoleName: "execution" };
  await iam.createRole({ ...names, AssumeRolePolicyDocument: trust("ecs-tasks.amazonaws.com") });
  expect((await iam.getRole(names)).Role!.RoleLastUsed).toEqual({});
  await ecs.createCluster({ clusterName: "web" });
  await us.clock.sleep(60_000);
  await ecs.registerTaskDefinition({
    family: "web",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    executionRoleArn: "arn:aws:iam::123456789012:role/execution",
    containerDefinitions: [{ name: "web", image: "registry.example.com/web:1" }],
  });
  await ecs.runTask({
    cluster: "web",
    taskDefinition: "web",
    launchType: "FARGATE",
    networkConfiguration: {
      awsvpcConfiguration: { subnets: [[...us.account.ec2.subnets.keys()][0]!], assignPublicIp: "ENABLED" },
    },
  });
  await us.clock.sleep(300_000);
  expect((await eu.ports.iam.getRole(names)).Role!.RoleLastUsed).toMatchObject({ Region: "us-east-1" });
  expect(
    (await eu.ports.iam.listRoles({})).Roles!.map(({ RoleLastUsed }) => RoleLastUsed),
  ).not.toContainEqual(expect.objectContaining({ Region: "us-east-1" }));
});

it("what contradicts the account is an error that says so", () => {
  const account = localAccount();
  open({ account });
  const messageOf = (work: () => unknown): string => {
    try {
      work();
      return "no error";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([
    messageOf(() => localAccount({ id: "1234" })),
    messageOf(() => open({ accountId: "prod" })),
    messageOf(() => open({ account, accountId: "210987654321" })),
    messageOf(() => open({ account, clock: "real" })),
    messageOf(() => open({ account, region: "cn-north-1" })),
    messageOf(() => open({ account: { id: "123456789012" } })),
  ]).toMatchInlineSnapshot(`
    [
      "The id of an AWS account has twelve digits; got "1234".",
      "The cloud localCloud() is not valid: localCloud.accountId: must be an account id of 12 digits; got "prod"",
      "The accountId "210987654321" is not the id of the account, "123456789012": omit it.",
      "The regions of account 123456789012 share one clock: give each localCloud() the same clock and timeScale.",
      "The region cn-north-1 is in the partition aws-cn, and account 123456789012 in aws: an AWS account is in one partition.",
      "The account of a local cloud must be a localAccount().",
    ]
  `);
});
