import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices();
});

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const permissions = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
});
const role = (RoleName: string) => ({ RoleName, AssumeRolePolicyDocument: trust });
const managed = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";

describe("roles", () => {
  it("are unique whatever the case, and are returned with their trust policy encoded", async () => {
    await cloud.iam.createRole(role("ecsInstanceRole"));
    expect(await codeOf(cloud.iam.createRole(role("ECSINSTANCEROLE")))).toBe("EntityAlreadyExists");
    const { Role } = await cloud.iam.getRole({ RoleName: "ecsinstancerole" });
    expect(Role).toMatchObject({ RoleName: "ecsInstanceRole", Path: "/" });
    expect(Role!.AssumeRolePolicyDocument).not.toContain("{");
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust);
  });

  it.each([
    ["65 characters", { RoleName: "x".repeat(65) }, "ValidationError"],
    ["a slash", { RoleName: "a/b" }, "ValidationError"],
    ["no trust policy", { AssumeRolePolicyDocument: undefined }, "ValidationError"],
    ["a trust policy that is not JSON", { AssumeRolePolicyDocument: "{" }, "MalformedPolicyDocument"],
    [
      "a trust policy without principal",
      { AssumeRolePolicyDocument: permissions },
      "MalformedPolicyDocument",
    ],
    ["a path without its slashes", { Path: "app" }, "ValidationError"],
    [
      "duplicate tags",
      {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
      "InvalidInput",
    ],
  ])("rejects %s", async (_, part, code) => {
    expect(await codeOf(cloud.iam.createRole({ ...role("web"), ...part }))).toBe(code);
  });

  it("are listed by path, in pages", async () => {
    for (const name of ["one", "two", "three"]) await cloud.iam.createRole({ ...role(name), Path: "/app/" });
    await cloud.iam.createRole(role("other"));
    const first = await cloud.iam.listRoles({ PathPrefix: "/app/", MaxItems: 2 });
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: "one" }, { RoleName: "three" }] });
    const second = await cloud.iam.listRoles({ PathPrefix: "/app/", MaxItems: 2, Marker: first.Marker });
    expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: "two" }] });
  });

  it("are listed with all that they may do, in pages over users, groups, roles and policies", async () => {
    const path = { RoleName: "web", PolicyName: "own" };
    await cloud.iam.createRole({ ...role("web"), Description: "Web", Tags: [{ Key: "a", Value: "1" }] });
    await cloud.iam.putRolePolicy({ ...path, PolicyDocument: permissions });
    await cloud.iam.attachRolePolicy({ RoleName: "web", PolicyArn: managed });
    await cloud.iam.createInstanceProfile({ InstanceProfileName: "hosts" });
    await cloud.iam.addRoleToInstanceProfile({ InstanceProfileName: "hosts", RoleName: "web" });
    await cloud.iam.createRole(role("api"));
    const first = await cloud.iam.getAccountAuthorizationDetails({ Filter: ["Role"], MaxItems: 1 });
    expect(first).toMatchObject({
      IsTruncated: true,
      UserDetailList: [],
      RoleDetailList: [
        {
          RoleName: "web",
          Tags: [{ Key: "a", Value: "1" }],
          RolePolicyList: [
            { PolicyName: "own", PolicyDocument: encodeURIComponent(permissions).replaceAll("*", "%2A") },
          ],
          AttachedManagedPolicies: [{ PolicyArn: managed }],
          InstanceProfileList: [{ InstanceProfileName: "hosts" }],
        },
      ],
    });
    // GetRole alone has them.
    expect(first.RoleDetailList![0]).not.toHaveProperty("Description");
    expect(first.RoleDetailList![0]).not.toHaveProperty("MaxSessionDuration");
    const { Marker } = first;
    const second = await cloud.iam.getAccountAuthorizationDetails({ Filter: ["Role"], MaxItems: 1, Marker });
    expect(second).toMatchObject({ IsTruncated: false, RoleDetailList: [{ RoleName: "api" }] });
    const all = await cloud.iam.getAccountAuthorizationDetails({});
    expect(all.Policies).toMatchObject([{ Arn: managed, AttachmentCount: 1 }]);
    const unknown = cloud.iam.getAccountAuthorizationDetails({ Filter: ["Roles" as "Role"] });
    expect(await codeOf(unknown)).toBe("ValidationError");
  });

  it("attach only policies that exist", async () => {
    await cloud.iam.createRole(role("web"));
    const attach = (PolicyArn: string) => codeOf(cloud.iam.attachRolePolicy({ RoleName: "web", PolicyArn }));
    expect(await attach("arn:aws:iam::aws:policy/NoSuchPolicy")).toBe("NoSuchEntity");
    // A frequent mistake: this policy has no service-role/ in its path.
    expect(
      await attach("arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForLoadBalancers"),
    ).toBe("NoSuchEntity");
    expect(await attach(managed)).toContain("no error");
    expect(await attach(managed)).toContain("no error");
    const { AttachedPolicies } = await cloud.iam.listAttachedRolePolicies({ RoleName: "web" });
    expect(AttachedPolicies).toEqual([
      { PolicyArn: managed, PolicyName: "AmazonEC2ContainerServiceforEC2Role" },
    ]);
  });

  it("can be deleted only when nothing is attached to them any more", async () => {
    const RoleName = "web";
    await cloud.iam.createRole(role(RoleName));
    await cloud.iam.attachRolePolicy({ RoleName, PolicyArn: managed });
    await cloud.iam.putRolePolicy({ RoleName, PolicyName: "inline", PolicyDocument: permissions });
    await cloud.iam.createInstanceProfile({ InstanceProfileName: "profile" });
    await cloud.iam.addRoleToInstanceProfile({ InstanceProfileName: "profile", RoleName });
    const remove = () => cloud.iam.deleteRole({ RoleName });

    await expect(remove()).rejects.toThrow("must remove roles from instance profile first");
    expect(await codeOf(cloud.iam.deleteInstanceProfile({ InstanceProfileName: "profile" }))).toBe(
      "DeleteConflict",
    );
    await cloud.iam.removeRoleFromInstanceProfile({ InstanceProfileName: "profile", RoleName });
    await cloud.iam.deleteInstanceProfile({ InstanceProfileName: "profile" });
    await expect(remove()).rejects.toThrow("must detach all policies first");
    await cloud.iam.detachRolePolicy({ RoleName, PolicyArn: managed });
    await expect(remove()).rejects.toThrow("must delete policies first");
    await cloud.iam.deleteRolePolicy({ RoleName, PolicyName: "inline" });
    await remove();
    expect(await codeOf(remove())).toBe("NoSuchEntity");
  });
});

describe("instance profiles", () => {
  it("hold one role", async () => {
    await cloud.iam.createRole(role("one"));
    await cloud.iam.createRole(role("two"));
    await cloud.iam.createInstanceProfile({ InstanceProfileName: "profile" });
    await cloud.iam.addRoleToInstanceProfile({ InstanceProfileName: "profile", RoleName: "one" });
    const second = cloud.iam.addRoleToInstanceProfile({ InstanceProfileName: "profile", RoleName: "two" });
    expect(await codeOf(second)).toBe("LimitExceeded");
    const { InstanceProfile } = await cloud.iam.getInstanceProfile({ InstanceProfileName: "profile" });
    expect(InstanceProfile?.Roles).toMatchObject([{ RoleName: "one" }]);
    const { InstanceProfiles } = await cloud.iam.listInstanceProfilesForRole({ RoleName: "one" });
    expect(InstanceProfiles).toMatchObject([{ InstanceProfileName: "profile" }]);
  });
});
