import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { iamArn } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import {
  checkName,
  checkPath,
  deleteConflict,
  findGroup,
  findUser,
  groupsOf,
  iamPage,
  noSuchEntity,
  requireIam,
} from "./request.js";
import type { Group } from "./state.js";
import { describeUser } from "./users.js";

/** Quota: groups of one user. */
const GROUPS_PER_USER = 10;

/** IAM groups: their users have their policies. */
export const groups = (account: Account) => ({
  async createGroup(input: Iam.CreateGroupCommandInput): Answer<Iam.CreateGroupCommandOutput> {
    requireIam(input, ["GroupName"]);
    const { GroupName: name = "", Path: path = "/" } = input;
    checkName(name, "groupName", 128);
    checkPath(path);
    checkFree(account, name);
    const group: Group = {
      ...{ id: `AGPA${account.hex(17).toUpperCase()}`, name, path },
      arn: iamArn(account, `group${path}${name}`),
      createdAt: new Date(account.clock.now()),
      ...{ attached: new Set(), inline: new Map(), members: new Set() },
    };
    account.iam.groups.set(name.toLowerCase(), group);
    return { Group: described(group) };
  },

  async getGroup(input: Iam.GetGroupCommandInput): Answer<Iam.GetGroupCommandOutput> {
    requireIam(input, ["GroupName"]);
    const group = findGroup(account, input.GroupName);
    const { items, ...rest } = iamPage([...group.members], input);
    const Users = items.map((key) => ({ ...describeUser(findUser(account, key)), Tags: undefined }));
    return { Group: described(group), Users, ...rest };
  },

  async listGroups(input: Iam.ListGroupsCommandInput): Answer<Iam.ListGroupsCommandOutput> {
    const found = [...account.iam.groups.values()].filter(({ path }) =>
      path.startsWith(input.PathPrefix ?? "/"),
    );
    const { items, ...rest } = iamPage(sorted(found), input);
    return { Groups: items.map(described), ...rest };
  },

  async listGroupsForUser(
    input: Iam.ListGroupsForUserCommandInput,
  ): Answer<Iam.ListGroupsForUserCommandOutput> {
    requireIam(input, ["UserName"]);
    const { name } = findUser(account, input.UserName);
    const { items, ...rest } = iamPage(sorted(groupsOf(account, name)), input);
    return { Groups: items.map(described), ...rest };
  },

  async updateGroup(input: Iam.UpdateGroupCommandInput): Answer<Iam.UpdateGroupCommandOutput> {
    requireIam(input, ["GroupName"]);
    const group = findGroup(account, input.GroupName);
    const { NewGroupName: name = group.name, NewPath: path = group.path } = input;
    checkName(name, "newGroupName", 128);
    checkPath(path);
    if (name.toLowerCase() !== group.name.toLowerCase()) checkFree(account, name);
    account.iam.groups.delete(group.name.toLowerCase());
    const arn = iamArn(account, `group${path}${name}`);
    account.iam.groups.set(name.toLowerCase(), { ...group, name, path, arn });
    return {};
  },

  async deleteGroup(input: Iam.DeleteGroupCommandInput): Answer<Iam.DeleteGroupCommandOutput> {
    requireIam(input, ["GroupName"]);
    const { name, members, attached, inline } = findGroup(account, input.GroupName);
    if (members.size > 0) throw deleteConflict("Cannot delete entity, must remove users from group first.");
    if (attached.size > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
    if (inline.size > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
    account.iam.groups.delete(name.toLowerCase());
    return {};
  },

  async addUserToGroup(input: Iam.AddUserToGroupCommandInput): Answer<Iam.AddUserToGroupCommandOutput> {
    requireIam(input, ["GroupName", "UserName"]);
    const user = findUser(account, input.UserName);
    const { members } = findGroup(account, input.GroupName);
    const key = user.name.toLowerCase();
    if (!members.has(key) && groupsOf(account, user.name).length >= GROUPS_PER_USER)
      throw new ServiceError(
        "LimitExceeded",
        `Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`,
        409,
      );
    members.add(key);
    return {};
  },

  async removeUserFromGroup(
    input: Iam.RemoveUserFromGroupCommandInput,
  ): Answer<Iam.RemoveUserFromGroupCommandOutput> {
    requireIam(input, ["GroupName", "UserName"]);
    const { name, members } = findGroup(account, input.GroupName);
    const user = findUser(account, input.UserName);
    if (!members.delete(user.name.toLowerCase()))
      throw noSuchEntity(`User ${user.name} not in group ${name}`);
    return {};
  },
});

const sorted = (all: readonly Group[]): Group[] =>
  [...all].sort((one, other) => (one.name < other.name ? -1 : 1));

function checkFree({ iam }: Account, name: string): void {
  if (iam.groups.has(name.toLowerCase()))
    throw new ServiceError("EntityAlreadyExists", `Group with name ${name} already exists.`, 409);
}

const described = ({ id, name, path, arn, createdAt }: Group): Iam.Group => ({
  ...{ GroupName: name, GroupId: id, Path: path, Arn: arn, CreateDate: createdAt },
});
