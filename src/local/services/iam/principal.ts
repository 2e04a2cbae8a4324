import type { Account } from "../../core/account.js";
import { groupsOf } from "./request.js";
import type { IamState, Principal, User } from "./state.js";

/**
 * Whose access key it is: a role's session, or a user. `undefined` for any other key, with which the cloud's own
 * caller calls; `"inactive"` for a key that its user has deactivated.
 */
export function principalOf({ iam }: Account, accessKeyId: string): Principal | "inactive" | undefined {
  const session = iam.sessions.get(accessKeyId);
  if (session !== undefined) return { ...session, identity: iam.roles.get(session.role) };
  for (const user of iam.users.values()) {
    const key = user.accessKeys.get(accessKeyId);
    if (key?.status === "Inactive") return "inactive";
    if (key !== undefined) return { arn: user.arn, userId: user.id, identity: withGroups(iam, user) };
  }
  return undefined;
}

/** A user has the policies of its groups as well. */
function withGroups(iam: IamState, user: User): NonNullable<Principal["identity"]> {
  const all = [user, ...groupsOf({ iam }, user.name)];
  return {
    attached: new Set(all.flatMap(({ attached }) => [...attached])),
    // Each has its own names.
    inline: new Map(
      all.flatMap(({ arn, inline }) => [...inline].map(([name, text]) => [`${arn}/${name}`, text])),
    ),
  };
}
