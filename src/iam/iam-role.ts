import type { CreateRoleCommandInput, Role } from "@aws-sdk/client-iam";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ADOPTED_TAG, fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import {
  UNKNOWN,
  type FieldChange,
  type Kind,
  type Observed,
  type Tagged,
  type Tags,
} from "../engine/kind.js";
import { ownRoles } from "./own-roles.js";
import { comparableTags, elsewhere, regionsUsing, tagsToWrite } from "./region.js";
import { readRole, readRoleOfMany } from "./read-role.js";
import { attachedPolicies, inlinePolicyNames } from "./role-policies.js";
import { narrowed, widened } from "./widened-policies.js";
import { trustedAccount, trustedService, trustPolicy } from "./trust-policy.js";

export interface IamRoleDesired extends Tagged {
  readonly roleName: string;
  /** `/quayside/{region}/{owner}/`: IAM lists roles by path, not by tag. */
  readonly path: string;
  /** The AWS service that may assume the role. */
  readonly service:
    "ec2.amazonaws.com" | "ecs.amazonaws.com" | "ecs-tasks.amazonaws.com" | "scheduler.amazonaws.com";
  /** The account for whose resources the service may assume it; absent: for all. */
  readonly sourceAccount?: string;
  /** ARNs. */
  readonly managedPolicies: readonly string[];
  /** Name -> policy document. */
  readonly inlinePolicies: Readonly<Record<string, unknown>>;
  readonly description: string;
  /** The ARN of a policy; absent: as it is. */
  readonly permissionsBoundary?: string | undefined;
}

export interface IamRoleState {
  readonly arn: string;
  readonly roleName: string;
}

export const iamRoleKind: Kind<IamRoleDesired, IamRoleState, AwsContext> = {
  kind: "iam-role",
  unknown: { arn: UNKNOWN, roleName: UNKNOWN },
  // An adopted role keeps its path.
  createOnly: ["path", "description"],
  immutable: ["override.Path"],

  async read(desired, context) {
    const { roleName } = desired;
    const input = createInput(desired);
    // What an override sets may be what only GetRole answers.
    const isOverridden = context.overridden("createRole", input) !== input;
    const found = await (isOverridden ? readRole : readRoleOfMany)(roleName, context);
    if (found === undefined) return undefined;
    const { role, attached, inline } = found;
    const { Arn = "", Path, Description, AssumeRolePolicyDocument } = role;
    const { unapplied } = overrideEffect("createRole", input, presentInput(role), context);
    const tags = fromTags(role.Tags);
    // Policies that others attached to an adopted role are not compared.
    const isCompared = (described: object, name: string) => isOwned(tags) || name in described;
    const managed = attached.filter((arn) => isOwned(tags) || desired.managedPolicies.includes(arn));
    return {
      state: { arn: Arn, roleName },
      current: {
        roleName,
        path: Path,
        description: Description,
        ...(desired.permissionsBoundary !== undefined && {
          permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        }),
        service: trustedService(AssumeRolePolicyDocument),
        sourceAccount: trustedAccount(AssumeRolePolicyDocument),
        managedPolicies: sortLike(desired.managedPolicies, managed),
        inlinePolicies: Object.fromEntries(
          Object.entries(inline).filter(([name]) => isCompared(desired.inlinePolicies, name)),
        ),
      },
      tags: comparableTags(tags, context),
      unapplied,
      elsewhere: elsewhere(roleName, tags, context),
    };
  },

  async create(desired, context) {
    const { roleName } = desired;
    const { Role } = await context.aws.iam.createRole(createInput(desired));
    await attach(roleName, desired.managedPolicies, context);
    await putInline(roleName, desired.inlinePolicies, context);
    return { arn: Role?.Arn ?? "", roleName };
  },

  /** What only the tasks before the change may do is taken away by `narrow`: a rollout may still start some, or go back. */
  async update(desired, { state, tags, current }, changes, context) {
    const { iam } = context.aws;
    const { roleName } = desired;
    if (hasChanges(changes, "service", "sourceAccount")) {
      const PolicyDocument = trustPolicy(desired.service, desired.sourceAccount);
      await iam.updateAssumeRolePolicy({ RoleName: roleName, PolicyDocument });
    }
    if (hasChanges(changes, "managedPolicies")) await attach(roleName, missing(desired, current), context);
    if (hasChanges(changes, "inlinePolicies")) await widenInline(desired, inlineOf(current), context);
    if (hasChanges(changes, "permissionsBoundary"))
      await iam.putRolePermissionsBoundary({
        RoleName: roleName,
        PermissionsBoundary: desired.permissionsBoundary!,
      });
    await applyOverrides(roleName, changes, context);
    if (hasChanges(changes, "tags")) {
      await iam.tagRole({ RoleName: roleName, Tags: toTagList(tagsToWrite(desired.tags, tags)) });
    }
    return state;
  },

  async narrow(desired, { tags, current }, changes, context) {
    const { roleName } = desired;
    const { iam } = context.aws;
    if (hasChanges(changes, "inlinePolicies")) {
      const inline = inlineOf(current);
      await putInline(roleName, narrowed(desired.inlinePolicies, inline), context);
      for (const PolicyName of Object.keys(inline).filter((name) => !(name in desired.inlinePolicies)))
        if (isOwned(tags)) await ignoreNotFound(iam.deleteRolePolicy({ RoleName: roleName, PolicyName }));
    }
    if (hasChanges(changes, "managedPolicies") && isOwned(tags)) {
      const extra = managedOf(current).filter((arn) => !desired.managedPolicies.includes(arn));
      for (const PolicyArn of extra)
        await ignoreNotFound(iam.detachRolePolicy({ RoleName: roleName, PolicyArn }));
    }
  },

  /** IAM attaches policies only to a role that exists. */
  completed(desired, { current }) {
    const [managed, inline] = [managedOf(current), inlineOf(current)];
    const isComplete =
      desired.managedPolicies.every((arn) => managed.includes(arn)) &&
      Object.keys(desired.inlinePolicies).every((name) => name in inline);
    if (isComplete) return undefined;
    return {
      ...desired,
      managedPolicies: [...new Set([...desired.managedPolicies, ...managed])],
      inlinePolicies: { ...desired.inlinePolicies, ...inline },
    };
  },

  alreadyExists: (error) => hasErrorCode(error, "EntityAlreadyExists"),

  /** Its policies: it is in an instance profile until that is deleted. */
  deletionBegins: {
    beside: ["instance-profile"],
    async begin({ roleName }, context) {
      await deletePolicies(roleName, context.asPlanned?.() ?? context, context);
      context.runCache.set(withoutPolicies(roleName), true);
    },
  },

  /** Deletes the role and its policies: IAM deletes only roles without any. */
  async delete({ roleName }, context) {
    const deleteRole = async (asked: AwsContext | undefined) => {
      if (asked !== undefined) await deletePolicies(roleName, asked, context);
      await ignoreNotFound(context.aws.iam.deleteRole({ RoleName: roleName }));
    };
    const hasNone = context.runCache.has(withoutPolicies(roleName));
    await deleteRole(hasNone ? undefined : (context.asPlanned?.() ?? context)).catch(
      async (error: unknown) => {
        // Another run has given it a policy meanwhile.
        if (!hasErrorCode(error, "DeleteConflict")) throw error;
        await deleteRole(context);
      },
    );
  },

  async findOwned(owner, context, isDescribed = () => false) {
    const roles = await ownRoles(owner, context, (name) => !isDescribed(name));
    return roles.map(({ Arn: arn = "", RoleName: roleName = "", Tags }) => ({
      name: roleName,
      state: { arn, roleName },
      tags: fromTags(Tags),
    }));
  },

  blockedBy: ({ state, tags }, _pending, context) => regionsUsing(state.roleName, tags, context),
};

const withoutPolicies = (roleName: string): string => `role ${roleName} without policies`;

/** Deletes the policies of a role, as `asked` knows them. */
async function deletePolicies(
  RoleName: string,
  asked: AwsContext,
  { aws: { iam } }: AwsContext,
): Promise<void> {
  const [attached = [], inline = []] = await Promise.all([
    ignoreNotFound(attachedPolicies(RoleName, asked)),
    ignoreNotFound(inlinePolicyNames(RoleName, asked)),
  ]);
  await Promise.all([
    ...attached.map((PolicyArn) => ignoreNotFound(iam.detachRolePolicy({ RoleName, PolicyArn }))),
    ...inline.map((PolicyName) => ignoreNotFound(iam.deleteRolePolicy({ RoleName, PolicyName }))),
  ]);
}

const createInput = (desired: IamRoleDesired): CreateRoleCommandInput => ({
  RoleName: desired.roleName,
  Path: desired.path,
  Description: desired.description,
  ...(desired.permissionsBoundary === undefined ? {} : { PermissionsBoundary: desired.permissionsBoundary }),
  AssumeRolePolicyDocument: trustPolicy(desired.service, desired.sourceAccount),
  Tags: toTagList(desired.tags),
});

/** What IAM has, as CreateRole names it. */
const presentInput = (role: Role) => ({
  Path: role.Path,
  Description: role.Description,
  MaxSessionDuration: role.MaxSessionDuration,
  PermissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
});

/** Changes what an override of CreateRole asks for, and IAM has another call for. */
async function applyOverrides(
  RoleName: string,
  changes: readonly FieldChange[],
  { aws: { iam } }: AwsContext,
): Promise<void> {
  const { PermissionsBoundary, Description, MaxSessionDuration } = overriddenFields(changes) as ReturnType<
    typeof presentInput
  >;
  if (PermissionsBoundary !== undefined)
    await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
  if (Description !== undefined || MaxSessionDuration !== undefined)
    await iam.updateRole({ RoleName, Description, MaxSessionDuration });
}

const isOwned = (tags: Tags): boolean => tags[OWNER_TAG] !== undefined && tags[ADOPTED_TAG] === undefined;

async function attach(roleName: string, policies: readonly string[], { aws }: AwsContext): Promise<void> {
  for (const PolicyArn of policies) await aws.iam.attachRolePolicy({ RoleName: roleName, PolicyArn });
}

type Current = Observed<IamRoleDesired, IamRoleState>["current"];

const managedOf = ({ managedPolicies }: Current) => managedPolicies as readonly string[];
const inlineOf = ({ inlinePolicies }: Current) => inlinePolicies as Readonly<Record<string, unknown>>;

const missing = ({ managedPolicies }: IamRoleDesired, current: Current): readonly string[] =>
  managedPolicies.filter((arn) => !managedOf(current).includes(arn));

/** Writes policies that allow what is desired, and what the present ones allow: if IAM has room for both. */
async function widenInline(
  { roleName, inlinePolicies: desired }: IamRoleDesired,
  present: Readonly<Record<string, unknown>>,
  context: AwsContext,
): Promise<void> {
  try {
    await putInline(roleName, widened(desired, present), context);
  } catch (error) {
    if (!hasErrorCode(error, "LimitExceeded")) throw error;
    await putInline(roleName, desired, context);
  }
}

async function putInline(
  roleName: string,
  policies: Readonly<Record<string, unknown>>,
  { aws }: AwsContext,
): Promise<void> {
  for (const [PolicyName, document] of Object.entries(policies)) {
    await aws.iam.putRolePolicy({ RoleName: roleName, PolicyName, PolicyDocument: JSON.stringify(document) });
  }
}
