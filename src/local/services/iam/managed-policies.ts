import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { iamArn } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, tagList } from "../../core/tags.js";
import { checkPolicyDocument, encodePolicy } from "./policy-document.js";
import {
  checkName,
  checkPath,
  deleteConflict,
  iamPage,
  readIamTags,
  noSuchEntity,
  requireIam,
} from "./request.js";
import { AWS_POLICIES } from "./role-policies.js";
import type { ManagedPolicy } from "./state.js";

/** Quota: versions of a managed policy. */
const MOST_VERSIONS = 5;

/** The account's own managed policies, and AWS's as far as this cloud knows them. */
export const managedPolicies = (account: Account) => ({
  async createPolicy(input: Iam.CreatePolicyCommandInput): Answer<Iam.CreatePolicyCommandOutput> {
    requireIam(input, ["PolicyName", "PolicyDocument"]);
    const { PolicyName: name = "", PolicyDocument: document = "", Path: path = "/" } = input;
    checkName(name, "policyName", 128);
    checkPath(path);
    checkPolicyDocument(document, "permissions");
    const arn = iamArn(account, `policy${path}${name}`);
    const tags = readIamTags(input.Tags);
    if (account.iam.policies.has(arn))
      throw new ServiceError(
        "EntityAlreadyExists",
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    const now = new Date(account.clock.now());
    const policy: ManagedPolicy = {
      id: `ANPA${account.hex(17).toUpperCase()}`,
      ...{ arn, name, path, tags, description: input.Description, createdAt: now, updatedAt: now },
      versions: [{ id: "v1", document, createdAt: now }],
      defaultVersion: "v1",
    };
    account.iam.policies.set(arn, policy);
    return { Policy: describe(account, policy) };
  },

  async getPolicy(input: Iam.GetPolicyCommandInput): Answer<Iam.GetPolicyCommandOutput> {
    requireIam(input, ["PolicyArn"]);
    return { Policy: describe(account, findPolicy(account, input.PolicyArn)) };
  },

  async listPolicies(input: Iam.ListPoliciesCommandInput): Answer<Iam.ListPoliciesCommandOutput> {
    const own = [...account.iam.policies.values()];
    const aws = managedPoliciesOf(account);
    const { Scope: scope = "All", PathPrefix: prefix = "/" } = input;
    const found = [...(scope === "AWS" ? [] : own), ...(scope === "Local" ? [] : aws)]
      .filter(({ path }) => path.startsWith(prefix))
      .filter(({ arn }) => input.OnlyAttached !== true || attachments(account, arn) > 0)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const { items, ...rest } = iamPage(found, input);
    return { Policies: items.map((policy) => describe(account, policy)), ...rest };
  },

  async deletePolicy(input: Iam.DeletePolicyCommandInput): Answer<Iam.DeletePolicyCommandOutput> {
    requireIam(input, ["PolicyArn"]);
    const policy = ownPolicy(account, input.PolicyArn);
    if (attachments(account, policy.arn) > 0)
      throw deleteConflict("Cannot delete a policy attached to entities.");
    if (policy.versions.length > 1)
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    account.iam.policies.delete(policy.arn);
    return {};
  },

  async createPolicyVersion(
    input: Iam.CreatePolicyVersionCommandInput,
  ): Answer<Iam.CreatePolicyVersionCommandOutput> {
    requireIam(input, ["PolicyArn", "PolicyDocument"]);
    const policy = ownPolicy(account, input.PolicyArn);
    const { PolicyDocument: document = "" } = input;
    checkPolicyDocument(document, "permissions");
    if (policy.versions.length >= MOST_VERSIONS)
      throw new ServiceError(
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
        409,
      );
    const createdAt = new Date(account.clock.now());
    const number = Math.max(...policy.versions.map(({ id }) => Number(id.slice(1)))) + 1;
    const version = { id: `v${number}`, document, createdAt };
    policy.versions.push(version);
    policy.updatedAt = createdAt;
    if (input.SetAsDefault === true) policy.defaultVersion = version.id;
    return { PolicyVersion: { ...describeVersion(policy, version), Document: undefined } };
  },

  async getPolicyVersion(input: Iam.GetPolicyVersionCommandInput): Answer<Iam.GetPolicyVersionCommandOutput> {
    requireIam(input, ["PolicyArn", "VersionId"]);
    const policy = findPolicy(account, input.PolicyArn);
    return { PolicyVersion: describeVersion(policy, versionOf(policy, input.VersionId)) };
  },

  async listPolicyVersions(
    input: Iam.ListPolicyVersionsCommandInput,
  ): Answer<Iam.ListPolicyVersionsCommandOutput> {
    requireIam(input, ["PolicyArn"]);
    const policy = findPolicy(account, input.PolicyArn);
    const { items, ...rest } = iamPage(policy.versions.toReversed(), input);
    return {
      Versions: items.map((each) => ({ ...describeVersion(policy, each), Document: undefined })),
      ...rest,
    };
  },

  async setDefaultPolicyVersion(
    input: Iam.SetDefaultPolicyVersionCommandInput,
  ): Answer<Iam.SetDefaultPolicyVersionCommandOutput> {
    requireIam(input, ["PolicyArn", "VersionId"]);
    const policy = ownPolicy(account, input.PolicyArn);
    policy.defaultVersion = versionOf(policy, input.VersionId).id;
    return {};
  },

  async deletePolicyVersion(
    input: Iam.DeletePolicyVersionCommandInput,
  ): Answer<Iam.DeletePolicyVersionCommandOutput> {
    requireIam(input, ["PolicyArn", "VersionId"]);
    const policy = ownPolicy(account, input.PolicyArn);
    const version = versionOf(policy, input.VersionId);
    if (version.id === policy.defaultVersion)
      throw deleteConflict("Cannot delete the default version of a policy.");
    policy.versions.splice(policy.versions.indexOf(version), 1);
    return {};
  },

  async tagPolicy(input: Iam.TagPolicyCommandInput): Answer<Iam.TagPolicyCommandOutput> {
    requireIam(input, ["PolicyArn", "Tags"]);
    const tooMany = (message: string) => new ServiceError("LimitExceeded", message, 409);
    addTags(ownPolicy(account, input.PolicyArn).tags, readIamTags(input.Tags), tooMany);
    return {};
  },

  async untagPolicy(input: Iam.UntagPolicyCommandInput): Answer<Iam.UntagPolicyCommandOutput> {
    requireIam(input, ["PolicyArn", "TagKeys"]);
    const { tags } = ownPolicy(account, input.PolicyArn);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },

  async listPolicyTags(input: Iam.ListPolicyTagsCommandInput): Answer<Iam.ListPolicyTagsCommandOutput> {
    requireIam(input, ["PolicyArn"]);
    const { items, ...rest } = iamPage(tagList(findPolicy(account, input.PolicyArn).tags), input);
    return { Tags: items, ...rest };
  },

  async listEntitiesForPolicy(
    input: Iam.ListEntitiesForPolicyCommandInput,
  ): Answer<Iam.ListEntitiesForPolicyCommandOutput> {
    requireIam(input, ["PolicyArn"]);
    const { arn } = findPolicy(account, input.PolicyArn);
    const roles = [...account.iam.roles.values()].filter(({ attached }) => attached.has(arn));
    const { items, ...rest } = iamPage(roles, input);
    const users = [...account.iam.users.values()].filter(({ attached }) => attached.has(arn));
    const groups = [...account.iam.groups.values()].filter(({ attached }) => attached.has(arn));
    return {
      PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: users.map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyGroups: groups.map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      ...rest,
    };
  },
});

/** AWS's own managed policies. */
export const managedPoliciesOf = (account: Account): readonly ManagedPolicy[] =>
  AWS_POLICIES.map((name) => awsPolicy(account, name));

export const attachments = ({ iam }: Account, arn: string): number =>
  [...iam.roles.values(), ...iam.users.values(), ...iam.groups.values()].filter(({ attached }) =>
    attached.has(arn),
  ).length;

function findPolicy(account: Account, arn = ""): ManagedPolicy {
  const name = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  const known = name !== undefined && AWS_POLICIES.includes(name) ? awsPolicy(account, name) : undefined;
  const found = account.iam.policies.get(arn) ?? known;
  if (found === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return found;
}

function ownPolicy(account: Account, arn = ""): ManagedPolicy {
  const found = account.iam.policies.get(arn);
  if (found === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return found;
}

function versionOf(policy: ManagedPolicy, id: string | undefined): ManagedPolicy["versions"][number] {
  const found = policy.versions.find((version) => version.id === id);
  if (found === undefined)
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return found;
}

/** A policy of AWS's: what it allows is not known here. */
function awsPolicy(account: Account, name: string): ManagedPolicy {
  const slash = name.lastIndexOf("/");
  const createdAt = new Date(Date.UTC(2015, 1, 6));
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  return {
    id: `ANPA${Buffer.from(name).toString("hex").slice(0, 17).toUpperCase()}`,
    arn: `arn:${account.partition}:iam::aws:policy/${name}`,
    name: name.slice(slash + 1),
    path: slash < 0 ? "/" : `/${name.slice(0, slash + 1)}`,
    ...{ description: undefined, createdAt, updatedAt: createdAt, tags: new Map<string, string>() },
    versions: [{ id: "v1", document, createdAt }],
    defaultVersion: "v1",
  };
}

export const describe = (account: Account, policy: ManagedPolicy): Iam.Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: attachments(account, policy.arn),
  PermissionsBoundaryUsageCount: 0,
  IsAttachable: true,
  ...(policy.description !== undefined && { Description: policy.description }),
  CreateDate: policy.createdAt,
  UpdateDate: policy.updatedAt,
  ...(policy.tags.size > 0 && { Tags: tagList(policy.tags) }),
});

export const describeVersion = (
  { defaultVersion }: ManagedPolicy,
  { id, document, createdAt }: ManagedPolicy["versions"][number],
): Iam.PolicyVersion => ({
  VersionId: id,
  IsDefaultVersion: id === defaultVersion,
  CreateDate: createdAt,
  Document: encodePolicy(document),
});
