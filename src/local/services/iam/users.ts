import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { iamArn } from "../../core/arn.js";
import { callerArn } from "../../core/caller.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, tagList } from "../../core/tags.js";
import {
  checkName,
  checkPath,
  deleteConflict,
  findUser,
  groupsOf,
  iamPage,
  readIamTags,
  noSuchEntity,
  requireIam,
} from "./request.js";
import type { AccessKey, User } from "./state.js";

/** Quota: access keys of one user. */
const KEYS_PER_USER = 2;

/** IAM users and their access keys. The caller's own user exists besides, and cannot be changed. */
export const users = (account: Account) => ({
  async createUser(input: Iam.CreateUserCommandInput): Answer<Iam.CreateUserCommandOutput> {
    requireIam(input, ["UserName"]);
    const { UserName: name = "", Path: path = "/" } = input;
    checkName(name, "userName", 64);
    checkPath(path);
    const arn = iamArn(account, `user${path}${name}`);
    if (account.iam.users.has(name.toLowerCase()) || arn === callerArn(account))
      throw new ServiceError("EntityAlreadyExists", `User with name ${name} already exists.`, 409);
    const user: User = {
      id: `AIDA${account.hex(17).toUpperCase()}`,
      name,
      path,
      arn,
      createdAt: new Date(account.clock.now()),
      tags: readIamTags(input.Tags),
      attached: new Set(),
      inline: new Map(),
      accessKeys: new Map(),
    };
    account.iam.users.set(name.toLowerCase(), user);
    return { User: describeUser(user) };
  },

  /** Without a name, the caller's own user. */
  async getUser(input: Iam.GetUserCommandInput): Answer<Iam.GetUserCommandOutput> {
    const own = ownUser(account);
    if ((input.UserName ?? own.UserName) === own.UserName) return { User: own };
    return { User: describeUser(findUser(account, input.UserName)) };
  },

  async listUsers(input: Iam.ListUsersCommandInput): Answer<Iam.ListUsersCommandOutput> {
    const all = [ownUser(account), ...[...account.iam.users.values()].map(describeUser)]
      .filter(({ Path = "/" }) => Path.startsWith(input.PathPrefix ?? "/"))
      .sort((one, other) => ((one.UserName ?? "") < (other.UserName ?? "") ? -1 : 1));
    const { items, ...rest } = iamPage(all, input);
    return { Users: items.map((each) => ({ ...each, Tags: undefined })), ...rest };
  },

  async deleteUser(input: Iam.DeleteUserCommandInput): Answer<Iam.DeleteUserCommandOutput> {
    requireIam(input, ["UserName"]);
    const { name, accessKeys, attached, inline } = findUser(account, input.UserName);
    if (groupsOf(account, name).length > 0)
      throw deleteConflict("Cannot delete entity, must remove users from group first.");
    if (accessKeys.size > 0) throw deleteConflict("Cannot delete entity, must delete access keys first.");
    if (attached.size > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
    if (inline.size > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
    account.iam.users.delete(name.toLowerCase());
    return {};
  },

  async tagUser(input: Iam.TagUserCommandInput): Answer<Iam.TagUserCommandOutput> {
    requireIam(input, ["UserName", "Tags"]);
    const tooMany = (message: string) => new ServiceError("LimitExceeded", message, 409);
    addTags(findUser(account, input.UserName).tags, readIamTags(input.Tags), tooMany);
    return {};
  },

  async untagUser(input: Iam.UntagUserCommandInput): Answer<Iam.UntagUserCommandOutput> {
    requireIam(input, ["UserName", "TagKeys"]);
    const { tags } = findUser(account, input.UserName);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },

  async listUserTags(input: Iam.ListUserTagsCommandInput): Answer<Iam.ListUserTagsCommandOutput> {
    requireIam(input, ["UserName"]);
    const { items, ...rest } = iamPage(tagList(findUser(account, input.UserName).tags), input);
    return { Tags: items, ...rest };
  },

  /** Requests that are signed with the key are the user's. */
  async createAccessKey(input: Iam.CreateAccessKeyCommandInput): Answer<Iam.CreateAccessKeyCommandOutput> {
    const user = findUser(account, input.UserName);
    if (user.accessKeys.size >= KEYS_PER_USER)
      throw new ServiceError(
        "LimitExceeded",
        `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`,
        409,
      );
    const key: AccessKey = {
      id: freshKeyId(account),
      createdAt: new Date(account.clock.now()),
      status: "Active",
    };
    user.accessKeys.set(key.id, key);
    return { AccessKey: { ...keyOf(user, key), SecretAccessKey: account.hex(40) } };
  },

  async listAccessKeys(input: Iam.ListAccessKeysCommandInput): Answer<Iam.ListAccessKeysCommandOutput> {
    // The caller's own user has none that IAM knows.
    if (input.UserName === undefined) return { AccessKeyMetadata: [], IsTruncated: false };
    const user = findUser(account, input.UserName);
    const { items, ...rest } = iamPage([...user.accessKeys.values()], input);
    return { AccessKeyMetadata: items.map((key) => keyOf(user, key)), ...rest };
  },

  async updateAccessKey(input: Iam.UpdateAccessKeyCommandInput): Answer<Iam.UpdateAccessKeyCommandOutput> {
    requireIam(input, ["AccessKeyId", "Status"]);
    const status = input.Status === "Active" ? "Active" : "Inactive";
    findKey(findUser(account, input.UserName), input.AccessKeyId).status = status;
    return {};
  },

  async deleteAccessKey(input: Iam.DeleteAccessKeyCommandInput): Answer<Iam.DeleteAccessKeyCommandOutput> {
    requireIam(input, ["AccessKeyId"]);
    const { accessKeys } = findUser(account, input.UserName);
    if (!accessKeys.delete(input.AccessKeyId ?? "")) throw noKey(input.AccessKeyId);
    return {};
  },
});

export const describeUser = ({ id, name, path, arn, createdAt, tags }: User): Iam.User => ({
  UserName: name,
  UserId: id,
  Path: path,
  Arn: arn,
  CreateDate: createdAt,
  ...(tags.size > 0 && { Tags: tagList(tags) }),
});

function ownUser(account: Account): Iam.User {
  const arn = callerArn(account);
  return {
    UserName: arn.slice(arn.lastIndexOf("/") + 1),
    UserId: "AIDALOCALCLOUD0000000",
    Path: "/",
    Arn: arn,
    CreateDate: new Date(Date.UTC(2025, 0, 1)),
  };
}

const keyOf = (user: User, { id, createdAt, status }: AccessKey): Omit<Iam.AccessKey, "SecretAccessKey"> => ({
  UserName: user.name,
  AccessKeyId: id,
  Status: status,
  CreateDate: createdAt,
});

function findKey({ accessKeys }: User, id: string | undefined): AccessKey {
  const key = accessKeys.get(id ?? "");
  if (key === undefined) throw noKey(id);
  return key;
}

const noKey = (id: string | undefined): ServiceError =>
  noSuchEntity(`The Access Key with id ${id} cannot be found.`);

/** Names the account in its digits, as every access key id here, and is as long as AWS's. */
function freshKeyId(account: Account): string {
  const id = `AKIA${account.accountId}${account.hex(4).toUpperCase()}`;
  const isTaken = [...account.iam.users.values()].some(({ accessKeys }) => accessKeys.has(id));
  return isTaken ? freshKeyId(account) : id;
}
