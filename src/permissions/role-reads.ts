import type { ActionGroup, StatementInputs } from "./statement.js";

/** The reads of roles and instance profiles. */
export const roleReads = ({ facts, readAccountRoles }: StatementInputs): readonly ActionGroup[] => [
  { for: ["plan", "deploy", "destroy"], actions: ["iam:ListRoles"] },
  {
    for: ["plan", "deploy", "destroy"],
    when: readAccountRoles,
    actions: ["iam:GetAccountAuthorizationDetails"],
  },
  {
    for: ["plan", "deploy", "destroy", "run", "release", "rollback"],
    when: facts.clusters.length > 0,
    actions: ["iam:GetRole"],
  },
  {
    for: ["plan", "deploy", "destroy", "run", "release", "rollback"],
    when: facts.clusters.length > 0,
    actions: ["iam:GetRolePolicy", "iam:ListRolePolicies"],
  },
  {
    for: ["plan", "deploy", "destroy", "run"],
    when: facts.clusters.length > 0,
    actions: ["iam:GetInstanceProfile", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"],
  },
];
