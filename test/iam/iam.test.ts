import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  RemoveRoleFromInstanceProfileCommand,
  type PutRolePolicyRequest,
  type Role,
} from "@aws-sdk/client-iam";
import { DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { diff } from "../../src/engine/diff.js";
import { iamRoleKind, type IamRoleDesired } from "../../src/iam/iam-role.js";
import { regionalRoleName } from "../../src/iam/role-name.js";
import { instanceProfileKind } from "../../src/iam/instance-profile.js";
import { trustedService, trustPolicy } from "../../src/iam/trust-policy.js";
import { changesTo, mockAws, mockedContext, sdkError, sent } from "../aws/mock-aws.js";

const { ec2, iam } = mockAws();

const tags = { "quayside:owner": "cluster/web" };
const Tags = [{ Key: "quayside:owner", Value: "cluster/web" }];
const secrets = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["ssm:GetParameters"], Resource: ["a"] }],
};
const desired: IamRoleDesired = {
  roleName: "web",
  path: "/quayside/cluster/web/",
  service: "ecs-tasks.amazonaws.com",
  managedPolicies: ["arn:b", "arn:a"],
  inlinePolicies: { secrets },
  description: "of web",
  tags,
};

/** A role as IAM describes it: documents URL-encoded, lists in its own order. */
function roleThere(role: Partial<Role> = {}, attached = ["arn:a", "arn:b"], inline: object = { secrets }) {
  const encode = (document: unknown) => encodeURIComponent(JSON.stringify(document));
  iam.on(GetRoleCommand).resolves({
    Role: {
      RoleName: "web",
      Arn: "arn:role",
      RoleId: "id",
      CreateDate: new Date(),
      Path: "/quayside/cluster/web/",
      Description: "of web",
      AssumeRolePolicyDocument: encodeURIComponent(trustPolicy("ecs-tasks.amazonaws.com")),
      Tags,
      ...role,
    },
  });
  // In two pages, as IAM does with long lists.
  iam
    .on(ListAttachedRolePoliciesCommand, { RoleName: "web" })
    .resolves({ AttachedPolicies: [{ PolicyArn: attached[0] }], IsTruncated: true, Marker: "m" });
  iam
    .on(ListAttachedRolePoliciesCommand, { RoleName: "web", Marker: "m" })
    .resolves({ AttachedPolicies: attached.slice(1).map((PolicyArn) => ({ PolicyArn })) });
  iam.on(ListRolePoliciesCommand).resolves({ PolicyNames: Object.keys(inline) });
  for (const [PolicyName, document] of Object.entries(inline)) {
    iam.on(GetRolePolicyCommand, { PolicyName }).resolves({ PolicyDocument: encode(document) });
  }
}

/** Roles under the paths that are given, or under that of `cluster/web` in this region. */
function rolesThere(roles: Readonly<Record<string, Partial<Role>>>): void {
  const all = Object.entries(roles).map(
    ([RoleName, role]) =>
      ({ RoleName, Arn: `arn:${RoleName}`, Path: "/quayside/eu-west-1/cluster/web/", ...role }) as Role,
  );
  // ListRoles leaves tags and the last use out.
  iam.on(ListRolesCommand).resolves({
    Roles: all.map((role) => ({ ...role, Tags: undefined, RoleLastUsed: undefined })),
  });
  iam.on(GetRoleCommand).rejects(sdkError("NoSuchEntityException"));
  for (const role of all) iam.on(GetRoleCommand, { RoleName: role.RoleName! }).resolves({ Role: role });
}

const read = async () => (await iamRoleKind.read(desired, (await mockedContext()).context))!;

describe("an IAM role", () => {
  it("as described shows no difference, however IAM encodes and orders it", async () => {
    roleThere();
    const observed = await read();
    expect(diff(desired, observed.current)).toEqual([]);
    expect(observed.state).toEqual({ arn: "arn:role", roleName: "web" });
    expect(observed.tags).toEqual(tags);
  });

  it("that another run deletes meanwhile does not exist, and one of whose policies it deletes has the others", async () => {
    roleThere();
    iam
      .on(ListRolePoliciesCommand)
      .resolves({ PolicyNames: ["taken", ...Object.keys(desired.inlinePolicies)] });
    iam.on(GetRolePolicyCommand, { PolicyName: "taken" }).rejects(sdkError("NoSuchEntityException"));
    expect((await read()).current.inlinePolicies).toEqual(desired.inlinePolicies);
    iam.on(ListRolePoliciesCommand).rejects(sdkError("NoSuchEntityException"));
    expect(await read()).toBeUndefined();
  });

  it("of ours shows what was attached to it besides", async () => {
    roleThere({}, ["arn:a", "arn:b", "arn:c"], { secrets, more: secrets });
    expect(diff(desired, (await read()).current).map(({ path }) => path)).toEqual([
      "managedPolicies.2",
      "inlinePolicies.more",
    ]);
  });

  it("of others, or taken over from them, keeps what was attached to it besides", async () => {
    for (const theirs of [[], [...Tags, { Key: "quayside:adopted", Value: "true" }]]) {
      roleThere({ Tags: theirs }, ["arn:a", "arn:b", "arn:c"], { secrets, more: secrets });
      expect(diff(desired, (await read()).current)).toEqual([]);
    }
  });

  it("is created under its owner's path, then given its policies", async () => {
    const { context } = await mockedContext();
    iam.on(CreateRoleCommand).resolves({ Role: { Arn: "arn:role" } as Role });
    expect(await iamRoleKind.create!(desired, context)).toEqual({ arn: "arn:role", roleName: "web" });
    expect(sent(iam)).toEqual([
      [
        "CreateRole",
        {
          RoleName: "web",
          Path: "/quayside/cluster/web/",
          Description: "of web",
          AssumeRolePolicyDocument:
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
          Tags,
        },
      ],
      ["AttachRolePolicy", { RoleName: "web", PolicyArn: "arn:b" }],
      ["AttachRolePolicy", { RoleName: "web", PolicyArn: "arn:a" }],
      ["PutRolePolicy", { RoleName: "web", PolicyName: "secrets", PolicyDocument: JSON.stringify(secrets) }],
    ]);
  });

  it("is changed only where it differs, and loses permissions only once everything works", async () => {
    const former = {
      ...secrets,
      Statement: [...secrets.Statement, { ...secrets.Statement[0], Resource: ["b"] }],
    };
    roleThere({}, ["arn:a", "arn:c"], { secrets: former, more: secrets });
    const { context } = await mockedContext();
    const observed = (await iamRoleKind.read(desired, context))!;
    iam.resetHistory();
    const changes = diff(desired, observed.current);
    await iamRoleKind.update!(desired, observed, changes, context);
    expect(sent(iam)).toEqual([["AttachRolePolicy", { RoleName: "web", PolicyArn: "arn:b" }]]);
    iam.resetHistory();
    await iamRoleKind.narrow!(desired, observed, changes, context);
    expect(sent(iam)).toEqual([
      ["PutRolePolicy", { RoleName: "web", PolicyName: "secrets", PolicyDocument: JSON.stringify(secrets) }],
      ["DeleteRolePolicy", { RoleName: "web", PolicyName: "more" }],
      ["DetachRolePolicy", { RoleName: "web", PolicyArn: "arn:c" }],
    ]);
  });

  it.each([
    ["more resources of a statement", [["a", "b"]], [["a"]], [["a", "b"]]],
    ["fewer resources of a statement", [["a"]], [["a", "b"]], undefined],
    ["another resource of a statement", [["c"]], [["a"]], [["a"], ["c"]]],
    ["a statement more and one fewer", [["a"], ["c"]], [["a"], ["b"]], [["a"], ["b"], ["c"]]],
  ])("that gets %s is first written with what it has", async (_, wanted, present, written) => {
    const policy = (resources: readonly (readonly string[])[]) => ({
      ...secrets,
      Statement: resources.map((Resource) => ({ ...secrets.Statement[0], Resource })),
    });
    roleThere({}, ["arn:a", "arn:b"], { secrets: policy(present) });
    const { context } = await mockedContext();
    const wider = { ...desired, inlinePolicies: { secrets: policy(wanted) } };
    const observed = (await iamRoleKind.read(wider, context))!;
    iam.resetHistory();
    await iamRoleKind.update!(wider, observed, diff(wider, observed.current), context);
    const documents = sent(iam).map(
      ([, input]) => JSON.parse((input as PutRolePolicyRequest).PolicyDocument!) as unknown,
    );
    expect(documents).toEqual(written === undefined ? [] : [policy(written)]);
  });

  it("is emptied before it is deleted, and IAM's delay in noticing is waited out", async () => {
    roleThere();
    const { context, events } = await mockedContext();
    const gone = sdkError("NoSuchEntityException");
    iam.on(DetachRolePolicyCommand).resolvesOnce({}).rejects(gone);
    iam.on(DeleteRolePolicyCommand).resolves({});
    iam.on(DeleteRoleCommand).rejectsOnce(sdkError("DeleteConflictException")).resolves({});
    await iamRoleKind.delete!({ arn: "arn:role", roleName: "web" }, context);
    expect(sent(iam).map(([command]) => command)).toEqual([
      "ListAttachedRolePolicies",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
      "DetachRolePolicy",
      "DetachRolePolicy",
      "DeleteRolePolicy",
      "DeleteRole",
      "DeleteRole",
    ]);
    expect(events).toMatchObject([{ type: "retrying", operation: "DeleteRole" }]);
  });

  it("that no longer exists counts as deleted", async () => {
    const { context } = await mockedContext();
    iam.onAnyCommand().rejects(sdkError("NoSuchEntityException"));
    await expect(iamRoleKind.delete!({ arn: "arn:role", roleName: "web" }, context)).resolves.toBeUndefined();
  });

  it("is found by its owner's path, and only when it carries the owner's tag", async () => {
    const { context } = await mockedContext();
    rolesThere({
      ours: { Tags },
      theirs: {},
    });
    const found = await iamRoleKind.findOwned!("cluster/web", context);
    expect(found).toEqual([{ name: "ours", state: { arn: "arn:ours", roleName: "ours" }, tags }]);
    // The paths with and without the region begin with it.
    expect(sent(iam)[0]).toEqual(["ListRoles", { PathPrefix: "/quayside/" }]);
  });
});

const tagsIn = (region: string) => [...Tags, { Key: "quayside:region", Value: region }];
const FORMER_PATH = "/quayside/cluster/web/";

describe("the roles of an owner", () => {
  it("are those of this region, and those of an older version that no other region has claimed", async () => {
    const { context } = await mockedContext();
    rolesThere({
      ours: { Tags: tagsIn("eu-west-1") },
      claimed: { Tags: tagsIn("eu-west-1"), Path: FORMER_PATH },
      unclaimed: { Tags, Path: FORMER_PATH },
      usedHere: { Tags, Path: FORMER_PATH, RoleLastUsed: { Region: "eu-west-1" } },
      claimedElsewhere: { Tags: tagsIn("us-east-1"), Path: FORMER_PATH },
      usedElsewhere: { Tags, Path: FORMER_PATH, RoleLastUsed: { Region: "us-east-1" } },
      inAnotherRegion: { Tags: tagsIn("us-east-1"), Path: "/quayside/us-east-1/cluster/web/" },
    });
    const found = await iamRoleKind.findOwned!("cluster/web", context);
    expect(found.map(({ name }) => name)).toEqual(["ours", "claimed", "unclaimed", "usedHere"]);
  });

  it("have the region in their name, unless an older version's role is there", async () => {
    const nameIn = async (roles: Readonly<Record<string, Partial<Role>>>) => {
      rolesThere(roles);
      const nameOf = (region?: string) => (region === undefined ? "web-role" : `web-role-${region}`);
      return regionalRoleName(nameOf, "cluster/web", (await mockedContext()).context);
    };
    const regional = "web-role-eu-west-1";
    expect(await nameIn({})).toBe(regional);
    expect(await nameIn({ "web-role": { Tags } })).toBe("web-role");
    expect(await nameIn({ "web-role": { Tags: tagsIn("eu-west-1") } })).toBe("web-role");
    expect(await nameIn({ "web-role": { Tags: tagsIn("us-east-1") } })).toBe(regional);
    expect(await nameIn({ "web-role": {} })).toBe(regional);
    const adopted = [...Tags, { Key: "quayside:adopted", Value: "true" }];
    expect(await nameIn({ "web-role": { Tags: adopted } })).toBe("web-role");
    const RoleLastUsed = { Region: "us-east-1" };
    expect(await nameIn({ "web-role": { Tags, RoleLastUsed } })).toBe(regional);
    const templates = { LaunchTemplates: [{ LaunchTemplateId: "lt-1" }] };
    ec2.on(DescribeLaunchTemplatesCommand).resolves(templates);
    expect(await nameIn({ "web-role": { Tags, RoleLastUsed } })).toBe("web-role");
    expect(await nameIn({ "web-role": { Tags: adopted, RoleLastUsed } })).toBe("web-role");
  });

  it("without a region are kept while another region was the last to use one", async () => {
    const { context } = await mockedContext();
    const state = { arn: "arn:web", roleName: "web" };
    const blockers = (of: typeof tags & { readonly "quayside:region"?: string }) =>
      iamRoleKind.blockedBy!({ name: "web", state, tags: of }, { has: () => false }, context);
    rolesThere({ web: { Tags, RoleLastUsed: { Region: "us-east-1" } } });
    expect(await blockers(tags)).toEqual(["region us-east-1, where it was last used"]);
    expect(await blockers({ ...tags, "quayside:region": "eu-west-1" })).toEqual([]);
    rolesThere({ web: { Tags, RoleLastUsed: { Region: "eu-west-1" } } });
    expect(await blockers(tags)).toEqual([]);
    rolesThere({});
    expect(await blockers(tags)).toEqual([]);
  });
});

describe("a role of another region", () => {
  it("is told apart, whoever owns it there", async () => {
    roleThere({ Tags: tagsIn("us-east-1") });
    expect((await read()).elsewhere).toMatchObject({ place: "region us-east-1" });
    roleThere({ Tags: tagsIn("eu-west-1") });
    expect((await read()).elsewhere).toBeUndefined();
  });

  it("that was adopted belongs to every region, and is given none", async () => {
    roleThere({ Tags: [...tagsIn("us-east-1"), { Key: "quayside:adopted", Value: "true" }] });
    const { context } = await mockedContext();
    const wanted = { ...desired, tags: { ...tags, team: "web", "quayside:region": "eu-west-1" } };
    const observed = (await iamRoleKind.read(wanted, context))!;
    expect(observed.elsewhere).toBeUndefined();
    expect(observed.tags["quayside:region"]).toBe("eu-west-1");
    await iamRoleKind.update!(wanted, observed, changesTo(wanted, observed), context);
    expect(sent(iam).at(-1)).toEqual([
      "TagRole",
      { RoleName: "web", Tags: [...Tags, { Key: "team", Value: "web" }] },
    ]);
  });
});

describe("a trust policy", () => {
  const document = (statement: object) => encodeURIComponent(JSON.stringify({ Statement: statement }));
  const plain = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };

  it("names its service, written as a list or not", () => {
    expect(trustedService(document(plain))).toBe("ec2.amazonaws.com");
    expect(
      trustedService(
        document([{ ...plain, Principal: { Service: ["ec2.amazonaws.com"] }, Action: ["sts:AssumeRole"] }]),
      ),
    ).toBe("ec2.amazonaws.com");
  });

  it.each([
    ["a condition", { ...plain, Condition: { Bool: {} } }],
    ["another service too", { ...plain, Principal: { Service: ["ec2.amazonaws.com", "ecs.amazonaws.com"] } }],
    ["an account too", { ...plain, Principal: { Service: "ec2.amazonaws.com", AWS: "*" } }],
    ["a second statement", [plain, plain]],
  ])("with %s is not the plain one", (_, statement) => {
    expect(trustedService(document(statement))).not.toBe("ec2.amazonaws.com");
  });
});

const profile = { profileName: "web", path: "/quayside/cluster/web/", roleName: "web", tags };

describe("an instance profile", () => {
  it("is created and given its role, once the role has propagated", async () => {
    const { context, events } = await mockedContext();
    iam.on(CreateInstanceProfileCommand).resolves({ InstanceProfile: { Arn: "arn:profile" } as never });
    iam.on(AddRoleToInstanceProfileCommand).rejectsOnce(sdkError("NoSuchEntityException")).resolves({});
    expect(await instanceProfileKind.create!(profile, context)).toEqual({
      arn: "arn:profile",
      profileName: "web",
    });
    expect(sent(iam)).toEqual([
      ["CreateInstanceProfile", { InstanceProfileName: "web", Path: "/quayside/cluster/web/", Tags }],
      ["AddRoleToInstanceProfile", { InstanceProfileName: "web", RoleName: "web" }],
      ["AddRoleToInstanceProfile", { InstanceProfileName: "web", RoleName: "web" }],
    ]);
    expect(events).toMatchObject([{ type: "retrying" }]);
  });

  it.each([
    ["no role", [], ["AddRoleToInstanceProfile"]],
    ["another role", [{ RoleName: "other" }], ["RemoveRoleFromInstanceProfile", "AddRoleToInstanceProfile"]],
  ])("with %s in it is given the described one", async (_, Roles, commands) => {
    const { context } = await mockedContext();
    iam.on(GetInstanceProfileCommand).resolves({ InstanceProfile: { Arn: "arn", Roles, Tags } as never });
    const observed = (await instanceProfileKind.read(profile, context))!;
    const changes = diff(profile, observed.current);
    expect(changes.map(({ path }) => path)).toContain("roleName");
    await instanceProfileKind.update!(profile, observed, changes, context);
    expect(sent(iam).flatMap(([command]) => (command.startsWith("Get") ? [] : [command]))).toEqual(commands);
  });

  it("is emptied before it is deleted", async () => {
    const { context } = await mockedContext();
    iam
      .on(GetInstanceProfileCommand)
      .resolves({ InstanceProfile: { Roles: [{ RoleName: "web" }] } as never });
    iam.on(RemoveRoleFromInstanceProfileCommand).rejects(sdkError("NoSuchEntityException"));
    iam.on(DeleteInstanceProfileCommand).resolves({});
    await instanceProfileKind.delete!({ arn: "", profileName: "web" }, context);
    expect(sent(iam).at(-1)).toEqual(["DeleteInstanceProfile", { InstanceProfileName: "web" }]);
  });
});
