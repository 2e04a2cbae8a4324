import { ECS } from "@aws-sdk/client-ecs";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { clientOptions, served } from "./served.js";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});
const allow = (Action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

/** The options of a client with the credentials of a role. */
async function assumed(url: string, role: string) {
  const { Credentials } = await new STS(clientOptions(url)).assumeRole({
    RoleArn: `arn:aws:iam::123456789012:role/${role}`,
    RoleSessionName: "tester",
  });
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = {
    accessKeyId: AccessKeyId!,
    secretAccessKey: SecretAccessKey!,
    sessionToken: SessionToken!,
  };
  return { ...clientOptions(url), credentials };
}

test("credentials of an assumed role are the role's: GetCallerIdentity names its session", async () => {
  const { url } = await served();
  const { Role } = await new IAM(clientOptions(url)).createRole({
    RoleName: "talk",
    AssumeRolePolicyDocument: TRUST,
  });
  const identity = await new STS(await assumed(url, "talk")).getCallerIdentity({});
  expect(identity).toMatchObject({
    Account: "123456789012",
    Arn: "arn:aws:sts::123456789012:assumed-role/talk/tester",
    UserId: `${Role!.RoleId}:tester`,
  });
});

test("where the caller's policy is checked, a role's session may do what the role's policies allow", async () => {
  const caller = {
    Version: "2012-10-17" as const,
    Statement: [{ Effect: "Allow" as const, Action: "*", Resource: "*" }],
  };
  const { url } = await served({ caller });
  const iam = new IAM(clientOptions(url));
  await iam.createRole({ RoleName: "talk", AssumeRolePolicyDocument: TRUST });
  await iam.putRolePolicy({ RoleName: "talk", PolicyName: "list", PolicyDocument: allow("ecs:List*") });
  const ecs = new ECS(await assumed(url, "talk"));
  expect((await ecs.listClusters({})).clusterArns).toEqual([]);
  await expect(ecs.createCluster({ clusterName: "web" })).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      "User: arn:aws:sts::123456789012:assumed-role/talk/tester is not authorized to perform: ecs:CreateCluster",
    ) as string,
  });
  const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: allow("*") });
  await iam.attachRolePolicy({ RoleName: "talk", PolicyArn: Policy!.Arn });
  await expect(ecs.createCluster({ clusterName: "web" })).resolves.toBeDefined();
});

test("credentials of a role in another account reach that account", async () => {
  const { url } = await served();
  const { Credentials } = await new STS(clientOptions(url)).assumeRole({
    RoleArn: "arn:aws:iam::222222222222:role/any",
    RoleSessionName: "tester",
  });
  const options = clientOptions(url, { account: Credentials!.AccessKeyId! });
  expect((await new STS(options).getCallerIdentity({})).Account).toBe("222222222222");
});

test("requests with a user's access key are the user's, as long as the key is active", async () => {
  const { url } = await served();
  const iam = new IAM(clientOptions(url));
  await iam.createUser({ UserName: "deployer" });
  const { AccessKey } = await iam.createAccessKey({ UserName: "deployer" });
  const sts = new STS(clientOptions(url, { account: AccessKey!.AccessKeyId! }));
  expect((await sts.getCallerIdentity({})).Arn).toBe("arn:aws:iam::123456789012:user/deployer");
  await expect(iam.deleteUser({ UserName: "deployer" })).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: "Cannot delete entity, must delete access keys first.",
  });
  const key = { UserName: "deployer", AccessKeyId: AccessKey!.AccessKeyId! };
  await iam.updateAccessKey({ ...key, Status: "Inactive" });
  await expect(sts.getCallerIdentity({})).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  await iam.deleteAccessKey(key);
  await iam.deleteUser({ UserName: "deployer" });
  await expect(iam.getUser({ UserName: "deployer" })).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});

test("a third access key of a user is refused", async () => {
  const { url } = await served();
  const iam = new IAM(clientOptions(url));
  await iam.createUser({ UserName: "deployer" });
  for (let index = 0; index < 2; index++) await iam.createAccessKey({ UserName: "deployer" });
  await expect(iam.createAccessKey({ UserName: "deployer" })).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for AccessKeysPerUser: 2",
  });
});
