import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { LINKED_ROLES } from "../../services/iam/service-linked-role.js";
import { onAll, passRole, type PermissionTable } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

const linkedRoleName = (service: string): string =>
  (LINKED_ROLES as Readonly<Record<string, string>>)[service] ?? "*";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access
 * Management". The path of a role that does not exist is not known: its ARN is then checked without one.
 */

const role = (account: Account, name = "*"): string =>
  account.iam.roles.get(name.toLowerCase())?.arn ?? iamArn(account, `role/${name}`);

const profile = (account: Account, name = "*"): string =>
  account.iam.instanceProfiles.get(name.toLowerCase())?.arn ?? iamArn(account, `instance-profile/${name}`);

const onRole = ({ RoleName }: { RoleName: string | undefined }, account: Account): string =>
  role(account, RoleName);

const onProfile = ({ InstanceProfileName }: { InstanceProfileName: string | undefined }, account: Account) =>
  profile(account, InstanceProfileName);

const onRoleWithPolicy =
  (operation: string) =>
  (
    { RoleName, PolicyArn = "" }: { RoleName: string | undefined; PolicyArn: string | undefined },
    account: Account,
  ) => ({
    action: `iam:${operation}`,
    resource: role(account, RoleName),
    keys: { "iam:PolicyARN": [PolicyArn] },
  });

export const IAM: PermissionTable<IamApi> = {
  createRole: (input, account) => {
    const arn = iamArn(account, `role${input.Path ?? "/"}${input.RoleName}`);
    return [arn, ...taggingAtCreate(input, "iam:TagRole", arn)];
  },
  createServiceLinkedRole: ({ AWSServiceName = "" }, account) => ({
    action: "iam:CreateServiceLinkedRole",
    resource: iamArn(account, `role/aws-service-role/${AWSServiceName}/${linkedRoleName(AWSServiceName)}`),
    keys: { "iam:AWSServiceName": [AWSServiceName] },
  }),
  getRole: onRole,
  updateAssumeRolePolicy: onRole,
  updateRole: onRole,
  putRolePermissionsBoundary: onRole,
  deleteRole: onRole,
  tagRole: onRole,
  attachRolePolicy: onRoleWithPolicy("AttachRolePolicy"),
  detachRolePolicy: onRoleWithPolicy("DetachRolePolicy"),
  listAttachedRolePolicies: onRole,
  putRolePolicy: onRole,
  getRolePolicy: onRole,
  listRolePolicies: onRole,
  deleteRolePolicy: onRole,
  listRoles: onAll,
  getAccountAuthorizationDetails: onAll,
  createInstanceProfile: (input, account) => {
    const arn = iamArn(account, `instance-profile${input.Path ?? "/"}${input.InstanceProfileName}`);
    return [arn, ...taggingAtCreate(input, "iam:TagInstanceProfile", arn)];
  },
  getInstanceProfile: onProfile,
  deleteInstanceProfile: onProfile,
  tagInstanceProfile: onProfile,
  addRoleToInstanceProfile: (input, account) => [
    onProfile(input, account),
    ...passRole(onRole(input, account), "ec2.amazonaws.com"),
  ],
  removeRoleFromInstanceProfile: onProfile,
  listInstanceProfilesForRole: onRole,
};
