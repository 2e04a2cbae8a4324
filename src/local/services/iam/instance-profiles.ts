import type { InstanceProfile as Description } from "@aws-sdk/client-iam";
import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, tagList } from "../../core/tags.js";
import {
  checkName,
  checkPath,
  deleteConflict,
  findInstanceProfile,
  findRole,
  iamPage,
  readIamTags,
  noSuchEntity,
  requireIam,
} from "./request.js";
import { roleDescription } from "./roles.js";
import type { InstanceProfile } from "./state.js";

type Operations =
  | "createInstanceProfile"
  | "getInstanceProfile"
  | "deleteInstanceProfile"
  | "tagInstanceProfile"
  | "addRoleToInstanceProfile"
  | "removeRoleFromInstanceProfile"
  | "listInstanceProfilesForRole";

export function instanceProfiles(account: Account): Pick<IamApi, Operations> {
  const description = (profile: InstanceProfile): Description => describeProfile(account, profile);

  return {
    async createInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      const { InstanceProfileName: name = "", Path: path = "/" } = input;
      checkName(name, "instanceProfileName", 128);
      checkPath(path);
      const tags = readIamTags(input.Tags);
      if (account.iam.instanceProfiles.has(name.toLowerCase())) {
        throw new ServiceError("EntityAlreadyExists", `Instance Profile ${name} already exists.`, 409);
      }
      const now = account.clock.now();
      const profile: InstanceProfile = {
        id: `AIPA${account.hex(17).toUpperCase()}`,
        name,
        path,
        arn: iamArn(account, `instance-profile${path}${name}`),
        createdAt: new Date(now),
        roleName: undefined,
        tags,
        usableAt: now + untilConsistent(account, "iamPropagation"),
      };
      account.iam.instanceProfiles.set(name.toLowerCase(), profile);
      return { InstanceProfile: description(profile) };
    },

    async getInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      return { InstanceProfile: description(findInstanceProfile(account, input.InstanceProfileName)) };
    },

    async deleteInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      const profile = findInstanceProfile(account, input.InstanceProfileName);
      if (profile.roleName !== undefined) {
        throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
      }
      account.iam.instanceProfiles.delete(profile.name.toLowerCase());
      return {};
    },

    async tagInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "Tags"]);
      const profile = findInstanceProfile(account, input.InstanceProfileName);
      const tags = readIamTags(input.Tags);
      addTags(profile.tags, tags, (message) => new ServiceError("LimitExceeded", message, 409));
      return {};
    },

    async addRoleToInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "RoleName"]);
      const profile = findInstanceProfile(account, input.InstanceProfileName);
      const role = findRole(account, input.RoleName);
      // Fails also for the same role.
      if (profile.roleName !== undefined) {
        throw new ServiceError(
          "LimitExceeded",
          "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
          409,
        );
      }
      profile.roleName = role.name;
      profile.usableAt = Math.max(
        profile.usableAt,
        account.clock.now() + untilConsistent(account, "iamPropagation"),
      );
      return {};
    },

    async removeRoleFromInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "RoleName"]);
      const profile = findInstanceProfile(account, input.InstanceProfileName);
      const role = findRole(account, input.RoleName);
      if (profile.roleName !== role.name) {
        throw noSuchEntity(`The role with name ${role.name} is not in the instance profile ${profile.name}.`);
      }
      profile.roleName = undefined;
      return {};
    },

    async listInstanceProfilesForRole(input) {
      requireIam(input, ["RoleName"]);
      const role = findRole(account, input.RoleName);
      const found = [...account.iam.instanceProfiles.values()].filter(
        (profile) => profile.roleName === role.name,
      );
      const { items, ...rest } = iamPage(found, input);
      return { InstanceProfiles: items.map(description), ...rest };
    },
  };
}

export const describeProfile = (account: Account, profile: InstanceProfile): Description => ({
  InstanceProfileId: profile.id,
  InstanceProfileName: profile.name,
  Path: profile.path,
  Arn: profile.arn,
  CreateDate: profile.createdAt,
  Roles: profile.roleName === undefined ? [] : [roleDescription(findRole(account, profile.roleName))],
  ...(profile.tags.size === 0 ? {} : { Tags: tagList(profile.tags) }),
});
