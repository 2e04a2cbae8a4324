import type { Account } from "../../core/account.js";
import { page } from "../../core/page.js";
import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";
import type { Group, InstanceProfile, Role, User } from "./state.js";

/** The parts that IAM's requests share. */

export const validationError = (message: string): ServiceError =>
  new ServiceError("ValidationError", message);

export const invalidInput = (message: string): ServiceError => new ServiceError("InvalidInput", message);

/** Tag keys of IAM are case-insensitive. */
export function readIamTags(tags: Parameters<typeof readTags>[0]): Map<string, string> {
  const keys = (tags ?? []).map(({ Key = "" }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    throw invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  return readTags(tags, invalidInput);
}

export const noSuchEntity = (message: string): ServiceError => new ServiceError("NoSuchEntity", message, 404);

export const deleteConflict = (message: string): ServiceError =>
  new ServiceError("DeleteConflict", message, 409);

export const requireIam = membersRequired(validationError);

export function checkName(name: string, member: string, max: number): void {
  if (name.length > max || !/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and at most ${max} of them`,
    );
  }
}

export function checkPath(path: string): void {
  if (path.length > 512 || !/^\/$|^\/[\x21-\x7e]+\/$/.test(path)) {
    throw validationError(
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    );
  }
}

export function findRole(account: Account, name: string | undefined): Role {
  const role = account.iam.roles.get((name ?? "").toLowerCase());
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** A role that the caller may change: AWS's own service-linked roles are not. */
export function changeableRole(account: Account, name: string | undefined): Role {
  const role = findRole(account, name);
  if (role.path.startsWith("/aws-service-role/")) {
    throw new ServiceError(
      "UnmodifiableEntity",
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    );
  }
  return role;
}

export function findUser(account: Account, name: string | undefined): User {
  const user = account.iam.users.get((name ?? "").toLowerCase());
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

export function findGroup(account: Account, name: string | undefined): Group {
  const group = account.iam.groups.get((name ?? "").toLowerCase());
  if (group === undefined) throw noSuchEntity(`The group with name ${name} cannot be found.`);
  return group;
}

/** The groups of a user. */
export const groupsOf = ({ iam }: Pick<Account, "iam">, userName: string): Group[] =>
  [...iam.groups.values()].filter(({ members }) => members.has(userName.toLowerCase()));

export function findInstanceProfile(account: Account, name: string | undefined): InstanceProfile {
  const profile = account.iam.instanceProfiles.get((name ?? "").toLowerCase());
  if (profile === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

/**
 * IAM's pagination: Marker, MaxItems and IsTruncated.
 *
 * @param most - the items of an answer, however many are asked for
 */
export function iamPage<Item>(
  all: readonly Item[],
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
  most = 1000,
): { readonly items: Item[]; readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  const size = input.MaxItems ?? 100;
  if (size < 1 || size > 1000) throw validationError("MaxItems must be between 1 and 1000");
  const { items, nextToken } = page(all, input.Marker, Math.min(size, most), () =>
    validationError("Invalid Marker."),
  );
  return { items, IsTruncated: nextToken !== undefined, Marker: nextToken };
}
