import type * as Iam from "@aws-sdk/client-iam";
import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { tagList } from "../../core/tags.js";
import { describeProfile } from "./instance-profiles.js";
import { attachments, describe, describeVersion, managedPoliciesOf } from "./managed-policies.js";
import { encodePolicy } from "./policy-document.js";
import { groupsOf, iamPage, validationError } from "./request.js";
import { roleDescription, withLastUse } from "./roles.js";
import type { Group, ManagedPolicy, Role, User } from "./state.js";
import { describeUser } from "./users.js";

const TYPES = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"] as const;

/** IAM may return fewer than `MaxItems`, and say that there are more (IAM API reference). */
const MOST_IN_ONE_ANSWER = 500;

type Page = Omit<Iam.GetAccountAuthorizationDetailsCommandOutput, "$metadata" | "IsTruncated" | "Marker">;

/** What everybody in the account may do, in pages over all types. */
export const accountDetails = (account: Account): Pick<IamApi, "getAccountAuthorizationDetails"> => ({
  async getAccountAuthorizationDetails(input) {
    const types = input.Filter ?? TYPES;
    const unknown = types.filter((type) => !TYPES.includes(type));
    if (unknown.length > 0)
      throw validationError(
        `1 validation error detected: Value '[${types.join(", ")}]' at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [${TYPES.join(", ")}]]`,
      );
    const { iam } = account;
    const own = [...iam.policies.values()];
    const all: Page[] = [];
    const has = (type: (typeof TYPES)[number]) => types.length === 0 || types.includes(type);
    if (has("User"))
      all.push(...[...iam.users.values()].map((user) => ({ UserDetailList: [userDetail(account, user)] })));
    if (has("Group"))
      all.push(...[...iam.groups.values()].map((group) => ({ GroupDetailList: [groupDetail(group)] })));
    if (has("Role"))
      all.push(...[...iam.roles.values()].map((role) => ({ RoleDetailList: [roleDetail(account, role)] })));
    const policies = [
      ...(has("LocalManagedPolicy") ? own : []),
      // AWS's own, if they are attached to something.
      ...(has("AWSManagedPolicy")
        ? managedPoliciesOf(account).filter(({ arn }) => attachments(account, arn) > 0)
        : []),
    ];
    all.push(...policies.map((policy) => ({ Policies: [policyDetail(account, policy)] })));
    const { items, ...rest } = iamPage(all, input, MOST_IN_ONE_ANSWER);
    return {
      UserDetailList: items.flatMap(({ UserDetailList = [] }) => UserDetailList),
      GroupDetailList: items.flatMap(({ GroupDetailList = [] }) => GroupDetailList),
      RoleDetailList: items.flatMap(({ RoleDetailList = [] }) => RoleDetailList),
      Policies: items.flatMap(({ Policies = [] }) => Policies),
      ...rest,
    };
  },
});

interface Permitted {
  readonly attached: ReadonlySet<string>;
  readonly inline: ReadonlyMap<string, string>;
}

const inlineOf = ({ inline }: Permitted): Iam.PolicyDetail[] =>
  [...inline].map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encodePolicy(document) }));

const attachedOf = ({ attached }: Permitted): Iam.AttachedPolicy[] =>
  [...attached].map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) }));

/** Without its description and its longest session, which GetRole alone has. */
function roleDetail(account: Account, role: Role): Iam.RoleDetail {
  const { Description: _text, MaxSessionDuration: _seconds, ...described } = roleDescription(role);
  const profiles = [...account.iam.instanceProfiles.values()].filter(
    ({ roleName }) => roleName === role.name,
  );
  return {
    ...described,
    InstanceProfileList: profiles.map((profile) => describeProfile(account, profile)),
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedOf(role),
    RoleLastUsed: withLastUse(role).RoleLastUsed,
    Tags: tagList(role.tags),
  };
}

const userDetail = (account: Account, user: User): Iam.UserDetail => ({
  ...describeUser(user),
  UserPolicyList: inlineOf(user),
  GroupList: groupsOf(account, user.name).map(({ name }) => name),
  AttachedManagedPolicies: attachedOf(user),
  Tags: tagList(user.tags),
});

const groupDetail = (group: Group): Iam.GroupDetail => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: group.createdAt,
  GroupPolicyList: inlineOf(group),
  AttachedManagedPolicies: attachedOf(group),
});

function policyDetail(account: Account, policy: ManagedPolicy): Iam.ManagedPolicyDetail {
  const { Tags: _tags, ...described } = describe(account, policy);
  return {
    ...described,
    PolicyVersionList: policy.versions.map((version) => describeVersion(policy, version)),
  };
}
