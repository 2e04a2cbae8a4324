import type { InstanceProfile as Description } from "@aws-sdk/client-iam";
import type { IamPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { Refusal } from "../../core/service-error.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import {
  checkName,
  checkPath,
  deleteConflict,
  findInstanceProfile,
  findRole,
  iamPage,
  invalidInput,
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

export function instanceProfiles(world: World): Pick<IamPort, Operations> {
  const description = (profile: InstanceProfile): Description => ({
    InstanceProfileId: profile.id,
    InstanceProfileName: profile.name,
    Path: profile.path,
    Arn: profile.arn,
    CreateDate: profile.createdAt,
    Roles: profile.roleName === undefined ? [] : [roleDescription(findRole(world, profile.roleName))],
    ...(profile.tags.size === 0 ? {} : { Tags: tagList(profile.tags) }),
  });

  return {
    async createInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      const { InstanceProfileName: name = "", Path: path = "/" } = input;
      checkName(name, "instanceProfileName", 128);
      checkPath(path);
      const tags = readTags(input.Tags, invalidInput);
      if (world.iam.instanceProfiles.has(name.toLowerCase())) {
        throw new Refusal("EntityAlreadyExists", `Instance Profile ${name} already exists.`, 409);
      }
      const now = world.clock.now();
      const profile: InstanceProfile = {
        id: `AIPA${world.hex(17).toUpperCase()}`,
        name,
        path,
        arn: `arn:${world.partition}:iam::${world.accountId}:instance-profile${path}${name}`,
        createdAt: new Date(now),
        roleName: undefined,
        tags,
        usableAt: now + durations.iamPropagation,
      };
      world.iam.instanceProfiles.set(name.toLowerCase(), profile);
      return { InstanceProfile: description(profile) };
    },

    async getInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      return { InstanceProfile: description(findInstanceProfile(world, input.InstanceProfileName)) };
    },

    async deleteInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName"]);
      const profile = findInstanceProfile(world, input.InstanceProfileName);
      if (profile.roleName !== undefined) {
        throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
      }
      world.iam.instanceProfiles.delete(profile.name.toLowerCase());
      return {};
    },

    async tagInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "Tags"]);
      const profile = findInstanceProfile(world, input.InstanceProfileName);
      const tags = readTags(input.Tags, invalidInput);
      addTags(profile.tags, tags, (message) => new Refusal("LimitExceeded", message, 409));
      return {};
    },

    async addRoleToInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "RoleName"]);
      const profile = findInstanceProfile(world, input.InstanceProfileName);
      const role = findRole(world, input.RoleName);
      // Also when it is the same role.
      if (profile.roleName !== undefined) {
        throw new Refusal(
          "LimitExceeded",
          "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
          409,
        );
      }
      profile.roleName = role.name;
      profile.usableAt = Math.max(profile.usableAt, world.clock.now() + durations.iamPropagation);
      return {};
    },

    async removeRoleFromInstanceProfile(input) {
      requireIam(input, ["InstanceProfileName", "RoleName"]);
      const profile = findInstanceProfile(world, input.InstanceProfileName);
      const role = findRole(world, input.RoleName);
      if (profile.roleName !== role.name) {
        throw noSuchEntity(`The role with name ${role.name} is not in the instance profile ${profile.name}.`);
      }
      profile.roleName = undefined;
      return {};
    },

    async listInstanceProfilesForRole(input) {
      requireIam(input, ["RoleName"]);
      const role = findRole(world, input.RoleName);
      const found = [...world.iam.instanceProfiles.values()].filter(
        (profile) => profile.roleName === role.name,
      );
      const { items, ...rest } = iamPage(found, input);
      return { InstanceProfiles: items.map(description), ...rest };
    },
  };
}
