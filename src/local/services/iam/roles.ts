import type { Role as Description } from "@aws-sdk/client-iam";
import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn, nameOf } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, tagList } from "../../core/tags.js";
import { checkPolicyDocument, encodePolicy } from "./policy-document.js";
import {
  changeableRole,
  checkName,
  checkPath,
  deleteConflict,
  findRole,
  iamPage,
  readIamTags,
  requireIam,
  validationError,
} from "./request.js";
import type { Role } from "./state.js";

type Operations =
  | "createRole"
  | "getRole"
  | "updateAssumeRolePolicy"
  | "updateRole"
  | "putRolePermissionsBoundary"
  | "deleteRole"
  | "tagRole"
  | "listRoles";

export function roles(account: Account): Pick<IamApi, Operations> {
  return {
    async createRole(input) {
      requireIam(input, ["RoleName", "AssumeRolePolicyDocument"]);
      const { RoleName: name = "", AssumeRolePolicyDocument: trustPolicy = "", Path: path = "/" } = input;
      checkName(name, "roleName", 64);
      checkPath(path);
      if (path.startsWith("/aws-service-role/")) {
        throw validationError("The path '/aws-service-role/' is reserved for service-linked roles.");
      }
      checkPolicyDocument(trustPolicy, "trust");
      const tags = readIamTags(input.Tags);
      if (account.iam.roles.has(name.toLowerCase())) {
        throw new ServiceError("EntityAlreadyExists", `Role with name ${name} already exists.`, 409);
      }
      const now = account.clock.now();
      const role: Role = {
        id: `AROA${account.hex(17).toUpperCase()}`,
        name,
        path,
        arn: iamArn(account, `role${path}${name}`),
        createdAt: new Date(now),
        trustPolicy,
        description: input.Description,
        maxSessionDuration: sessionDuration(input.MaxSessionDuration),
        permissionsBoundary: boundary(input.PermissionsBoundary),
        attached: new Set(),
        inline: new Map(),
        tags,
        permittedAt: now,
        passableAt: now + untilConsistent(account, "rolePassable"),
        assumableAt: now + untilConsistent(account, "roleAssumable"),
      };
      account.iam.roles.set(name.toLowerCase(), role);
      return { Role: roleDescription(role) };
    },

    async getRole(input) {
      requireIam(input, ["RoleName"]);
      const { RoleName = "" } = input;
      const named = account.iam.roles.has(RoleName.toLowerCase()) ? undefined : namedRole(account, RoleName);
      return { Role: named ?? withLastUse(findRole(account, RoleName)) };
    },

    async updateAssumeRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyDocument"]);
      const role = changeableRole(account, input.RoleName);
      checkPolicyDocument(input.PolicyDocument ?? "", "trust");
      role.trustPolicy = input.PolicyDocument ?? "";
      return {};
    },

    async updateRole(input) {
      requireIam(input, ["RoleName"]);
      const role = changeableRole(account, input.RoleName);
      role.description = input.Description;
      role.maxSessionDuration = sessionDuration(input.MaxSessionDuration);
      return {};
    },

    async putRolePermissionsBoundary(input) {
      requireIam(input, ["RoleName", "PermissionsBoundary"]);
      changeableRole(account, input.RoleName).permissionsBoundary = boundary(input.PermissionsBoundary);
      return {};
    },

    async deleteRole(input) {
      requireIam(input, ["RoleName"]);
      const role = changeableRole(account, input.RoleName);
      const profiles = [...account.iam.instanceProfiles.values()];
      if (profiles.some((profile) => profile.roleName === role.name)) {
        throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
      }
      if (role.attached.size > 0)
        throw deleteConflict("Cannot delete entity, must detach all policies first.");
      if (role.inline.size > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
      account.iam.roles.delete(role.name.toLowerCase());
      account.iam.deletedRoles.add(role.name.toLowerCase());
      return {};
    },

    async tagRole(input) {
      requireIam(input, ["RoleName", "Tags"]);
      const role = findRole(account, input.RoleName);
      addTags(
        role.tags,
        readIamTags(input.Tags),
        (message) => new ServiceError("LimitExceeded", message, 409),
      );
      return {};
    },

    async listRoles(input) {
      const prefix = input.PathPrefix ?? "/";
      const found = [...account.iam.roles.values()]
        .filter((role) => role.path.startsWith(prefix))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, ...rest } = iamPage(found, input);
      // ListRoles leaves tags out.
      return { Roles: items.map((role) => ({ ...roleDescription(role), Tags: undefined })), ...rest };
    },
  };
}

/**
 * The user's own roles are unknown to this cloud: the task role of a task definition counts as existing, unless
 * it was created here.
 */
function namedRole(account: Account, name: string): Description | undefined {
  if (account.iam.deletedRoles.has(name.toLowerCase())) return undefined;
  const given = [...account.ecs.families.values()].flatMap(({ revisions }) =>
    revisions.map(({ description }) => description.taskRoleArn),
  );
  const arn = given.find((each) => each !== undefined && nameOf(each) === name);
  if (arn === undefined) return undefined;
  const path = arn.slice(arn.indexOf(":role/") + ":role".length, arn.length - name.length);
  return { RoleId: "AROAELSEWHERE0000000", RoleName: name, Path: path, Arn: arn, CreateDate: new Date(0) };
}

/** Source: IAM API reference, CreateRole: from one to twelve hours. UpdateRole without it sets the default. */
function sessionDuration(seconds = 3600): number {
  if (seconds < 3600 || seconds > 43_200)
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value ${seconds < 3600 ? "greater than or equal to 3600" : "less than or equal to 43200"}`,
    );
  return seconds;
}

function boundary(arn: string | undefined): string | undefined {
  if (arn !== undefined && !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+/.test(arn))
    throw validationError(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
}

/** Lists of roles do not have the last use. */
export const withLastUse = (role: Role): Description => {
  const RoleLastUsed = role.lastUsed && { LastUsedDate: role.lastUsed.at, Region: role.lastUsed.region };
  return { ...roleDescription(role), RoleLastUsed: RoleLastUsed ?? {} };
};

export const roleDescription = (role: Role): Description => ({
  RoleId: role.id,
  RoleName: role.name,
  Path: role.path,
  Arn: role.arn,
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: encodePolicy(role.trustPolicy),
  ...(role.description !== undefined && { Description: role.description }),
  MaxSessionDuration: role.maxSessionDuration,
  ...(role.permissionsBoundary !== undefined && {
    PermissionsBoundary: {
      PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
      PermissionsBoundaryArn: role.permissionsBoundary,
    },
  }),
  ...(role.tags.size === 0 ? {} : { Tags: tagList(role.tags) }),
});
