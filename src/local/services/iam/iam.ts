import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { accountDetails } from "./account-details.js";
import { groupPolicies } from "./group-policies.js";
import { groups } from "./groups.js";
import { instanceProfiles } from "./instance-profiles.js";
import { managedPolicies } from "./managed-policies.js";
import { userPolicies } from "./user-policies.js";
import { users } from "./users.js";
import { roleChanges } from "./role-changes.js";
import { rolePolicies } from "./role-policies.js";
import { roles } from "./roles.js";
import { serviceLinkedRoles } from "./service-linked-role.js";

/** IAM as far as a deployment needs it: roles, their policies, instance profiles. */
export function createIam(account: Account): IamApi {
  return {
    ...roles(account),
    ...accountDetails(account),
    ...rolePolicies(account),
    ...instanceProfiles(account),
    ...serviceLinkedRoles(account),
    ...managedPolicies(account),
    ...roleChanges(account),
    ...users(account),
    ...userPolicies(account),
    ...groups(account),
    ...groupPolicies(account),
  };
}
