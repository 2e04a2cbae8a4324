import type { CreateInstanceProfileCommandOutput, Role } from "@aws-sdk/client-iam";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { parseOwner } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { isAdopted } from "../engine/ownership.js";
import { ownRoles } from "./own-roles.js";
import { comparableTags, elsewhere, REGION_TAG, regionsUsing, tagsToWrite } from "./region.js";

export interface InstanceProfileDesired extends Tagged {
  readonly profileName: string;
  readonly path: string;
  readonly roleName: string;
}

export interface InstanceProfileState {
  readonly arn: string;
  readonly profileName: string;
}

/** The instance profile that passes a role to instances; it has exactly one role. */
export const instanceProfileKind: Kind<InstanceProfileDesired, InstanceProfileState, AwsContext> = {
  kind: "instance-profile",
  unknown: { arn: UNKNOWN, profileName: UNKNOWN },
  dependsOn: ["iam-role"],
  createOnly: ["path"],

  async read({ profileName }, context) {
    const profile = await describe(profileName, context);
    if (profile === undefined) return undefined;
    const tags = fromTags(profile.Tags);
    return {
      state: { arn: profile.Arn ?? "", profileName },
      current: { profileName, path: profile.Path, roleName: profile.Roles?.[0]?.RoleName },
      tags: comparableTags(tags, context),
      elsewhere: elsewhere(profileName, tags, context),
    };
  },

  begin: (desired, context) => createProfile(desired, context),

  async create(desired, context, begun = createProfile(desired, context)) {
    const { profileName, roleName } = desired;
    const { aws } = context;
    const { InstanceProfile } = (await begun) as CreateInstanceProfileCommandOutput;
    await aws.iam.addRoleToInstanceProfile({ InstanceProfileName: profileName, RoleName: roleName });
    return { arn: InstanceProfile?.Arn ?? "", profileName };
  },

  async update(desired, { state, tags }, changes, context) {
    const { iam } = context.aws;
    const InstanceProfileName = desired.profileName;
    if (hasChanges(changes, "roleName")) {
      const present = (await describe(InstanceProfileName, context))?.Roles?.[0]?.RoleName;
      if (present !== undefined && present !== desired.roleName) {
        await ignoreNotFound(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName: present }));
      }
      if (present !== desired.roleName) {
        await iam
          .addRoleToInstanceProfile({ InstanceProfileName, RoleName: desired.roleName })
          .catch(async (error: unknown) => {
            const added =
              hasErrorCode(error, "LimitExceeded") &&
              (await describe(InstanceProfileName, context))?.Roles?.[0]?.RoleName;
            if (added !== desired.roleName) throw error;
          });
      }
    }
    if (hasChanges(changes, "tags")) {
      await iam.tagInstanceProfile({
        InstanceProfileName,
        Tags: toTagList(tagsToWrite(desired.tags, tags)),
      });
    }
    return state;
  },

  completed: (desired, { current }) => (current.roleName === undefined ? desired : undefined),

  // A profile can have one role: after a lost answer, adding it again exceeds the limit.
  alreadyExists: (error) => hasErrorCode(error, "EntityAlreadyExists", "LimitExceeded"),

  async delete({ profileName }, context) {
    const known = await describe(profileName, context.asPlanned?.() ?? context);
    const profile = known ?? (await describe(profileName, context));
    if (profile === undefined) return;
    try {
      await deleteWithout(profileName, profile.Roles, context);
    } catch (error) {
      // Another run has given it a role meanwhile.
      const present = hasErrorCode(error, "DeleteConflict") && (await describe(profileName, context));
      if (!present) throw error;
      await deleteWithout(profileName, present.Roles, context);
    }
  },

  /**
   * IAM finds profiles by their role only. A role cannot be deleted while it is in a profile; one that an
   * interrupted deletion has taken the role out of has the name of the role. Only clusters have instances, and
   * with them instance profiles.
   */
  async findOwned(owner, context, isDescribed = () => false) {
    if (parseOwner(owner)?.type !== "cluster") return [];
    // A profile has the name of its role.
    const roles = await ownRoles(owner, context, (name) => !isDescribed(name));
    const profiles = await Promise.all(
      roles.map(async ({ RoleName = "" }) => {
        const listed = await paginate(
          "Marker",
          // Another run may have deleted the role meanwhile.
          (next) => ignoreNotFound(context.aws.iam.listInstanceProfilesForRole({ RoleName, ...next })),
          ({ InstanceProfiles }) => InstanceProfiles,
        );
        return listed.length === 0 ? [RoleName] : listed.map((profile) => profile.InstanceProfileName!);
      }),
    );
    const details = await Promise.all(profiles.flat().map((name) => describe(name, context)));
    return details.flatMap((profile) => {
      const tags = fromTags(profile?.Tags);
      const profileName = profile?.InstanceProfileName ?? "";
      if (profile === undefined || tags[OWNER_TAG] !== owner) return [];
      if (elsewhere(profileName, tags, context) !== undefined) return [];
      return [{ name: profileName, state: { arn: profile.Arn ?? "", profileName }, tags }];
    });
  },

  async blockedBy({ state: { profileName }, tags }, _pending, context) {
    if (tags[REGION_TAG] !== undefined || isAdopted(tags)) return [];
    const role = (await describe(profileName, context))?.Roles?.[0]?.RoleName;
    return role === undefined ? [] : regionsUsing(role, tags, context);
  },
};

/** Without its role, which may not exist yet. */
const createProfile = ({ profileName, path, tags }: InstanceProfileDesired, { aws }: AwsContext) =>
  aws.iam.createInstanceProfile({
    InstanceProfileName: profileName,
    Path: path,
    Tags: toTagList(tags),
  });

/** Takes the roles out of a profile and deletes it. */
async function deleteWithout(
  InstanceProfileName: string,
  roles: readonly Role[] = [],
  { aws: { iam } }: AwsContext,
): Promise<void> {
  for (const { RoleName } of roles)
    await ignoreNotFound(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
  await ignoreNotFound(iam.deleteInstanceProfile({ InstanceProfileName }));
}

async function describe(InstanceProfileName: string, { aws }: AwsContext) {
  const found = await ignoreNotFound(aws.iam.getInstanceProfile({ InstanceProfileName }));
  return found?.InstanceProfile;
}
