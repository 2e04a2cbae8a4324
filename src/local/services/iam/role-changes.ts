import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { describeProfile } from "./instance-profiles.js";
import {
  changeableRole,
  findInstanceProfile,
  findRole,
  iamPage,
  noSuchEntity,
  requireIam,
} from "./request.js";
import { roleDescription } from "./roles.js";

/** What a person does with roles and instance profiles, besides what quayside does. */
export const roleChanges = (account: Account) => ({
  async updateRoleDescription(
    input: Iam.UpdateRoleDescriptionCommandInput,
  ): Answer<Iam.UpdateRoleDescriptionCommandOutput> {
    requireIam(input, ["RoleName", "Description"]);
    const role = changeableRole(account, input.RoleName);
    role.description = input.Description;
    return { Role: roleDescription(role) };
  },

  async deleteRolePermissionsBoundary(
    input: Iam.DeleteRolePermissionsBoundaryCommandInput,
  ): Answer<Iam.DeleteRolePermissionsBoundaryCommandOutput> {
    requireIam(input, ["RoleName"]);
    changeableRole(account, input.RoleName).permissionsBoundary = undefined;
    return {};
  },

  async untagRole(input: Iam.UntagRoleCommandInput): Answer<Iam.UntagRoleCommandOutput> {
    requireIam(input, ["RoleName", "TagKeys"]);
    const { tags } = findRole(account, input.RoleName);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },

  async listRoleTags(input: Iam.ListRoleTagsCommandInput): Answer<Iam.ListRoleTagsCommandOutput> {
    requireIam(input, ["RoleName"]);
    const { items, ...rest } = iamPage(tagList(findRole(account, input.RoleName).tags), input);
    return { Tags: items, ...rest };
  },

  async listInstanceProfiles(
    input: Iam.ListInstanceProfilesCommandInput,
  ): Answer<Iam.ListInstanceProfilesCommandOutput> {
    const { PathPrefix: prefix = "/" } = input;
    const found = [...account.iam.instanceProfiles.values()]
      .filter(({ path }) => path.startsWith(prefix))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const { items, ...rest } = iamPage(found, input);
    const profiles = items.map((each) => ({ ...describeProfile(account, each), Tags: undefined }));
    return { InstanceProfiles: profiles, ...rest };
  },

  async untagInstanceProfile(
    input: Iam.UntagInstanceProfileCommandInput,
  ): Answer<Iam.UntagInstanceProfileCommandOutput> {
    requireIam(input, ["InstanceProfileName", "TagKeys"]);
    const { tags } = findInstanceProfile(account, input.InstanceProfileName);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },

  async listInstanceProfileTags(
    input: Iam.ListInstanceProfileTagsCommandInput,
  ): Answer<Iam.ListInstanceProfileTagsCommandOutput> {
    requireIam(input, ["InstanceProfileName"]);
    const { tags } = findInstanceProfile(account, input.InstanceProfileName);
    const { items, ...rest } = iamPage(tagList(tags), input);
    return { Tags: items, ...rest };
  },

  async deleteServiceLinkedRole(
    input: Iam.DeleteServiceLinkedRoleCommandInput,
  ): Answer<Iam.DeleteServiceLinkedRoleCommandOutput> {
    requireIam(input, ["RoleName"]);
    const { name, path } = findRole(account, input.RoleName);
    if (!path.startsWith("/aws-service-role/"))
      throw new ServiceError("InvalidInput", `${name} is not a service-linked role.`);
    account.iam.roles.delete(name.toLowerCase());
    return { DeletionTaskId: `task${path}${name}/${account.hex(32)}` };
  },

  async getServiceLinkedRoleDeletionStatus(
    input: Iam.GetServiceLinkedRoleDeletionStatusCommandInput,
  ): Answer<Iam.GetServiceLinkedRoleDeletionStatusCommandOutput> {
    if (!input.DeletionTaskId?.startsWith("task/aws-service-role/"))
      throw noSuchEntity(`Service linked role deletion task ${input.DeletionTaskId} cannot be found.`);
    return { Status: "SUCCEEDED" };
  },

  async listAccountAliases(
    _input: Iam.ListAccountAliasesCommandInput,
  ): Answer<Iam.ListAccountAliasesCommandOutput> {
    return { AccountAliases: [], IsTruncated: false };
  },

  async getAccountSummary(): Answer<Iam.GetAccountSummaryCommandOutput> {
    const { roles, instanceProfiles, policies, users, groups } = account.iam;
    return {
      SummaryMap: {
        Users: users.size + 1,
        UsersQuota: 5000,
        Roles: roles.size,
        RolesQuota: 1000,
        InstanceProfiles: instanceProfiles.size,
        InstanceProfilesQuota: 1000,
        Policies: policies.size,
        PoliciesQuota: 1500,
        Groups: groups.size,
        GroupsQuota: 300,
        AttachedPoliciesPerRoleQuota: 10,
        VersionsPerPolicyQuota: 5,
      },
    };
  },
});
