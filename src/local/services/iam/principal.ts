import type { Account } from "../../core/account.js";
import type { Principal } from "./state.js";

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
    if (key !== undefined) return { arn: user.arn, userId: user.id, identity: user };
  }
  return undefined;
}
