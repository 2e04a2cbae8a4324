import type { PolicyDocument } from "../../../aws/policy-document.js";
import { evaluatePolicy } from "../../authorization/evaluate-policy.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";

/** What AWS's own policies allow that tasks may be given. Others allow everything. */
const managed: Readonly<Record<string, readonly string[]>> = {
  AmazonECSTaskExecutionRolePolicy: [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
};

/** True if the role's policies allow the action. A role that was not created in this cloud is assumed to allow it. */
export function roleAllows(
  account: Account,
  roleArn: string | undefined,
  action: string,
  resource: string,
  conditions: Readonly<Record<string, string>> = {},
): boolean {
  const role = roleArn === undefined ? undefined : account.iam.roles.get(nameOf(roleArn).toLowerCase());
  if (role === undefined) return roleArn !== undefined;
  for (const arn of role.attached) {
    const actions = managed[nameOf(arn)];
    if (actions === undefined || actions.includes(action)) return true;
  }
  return [...role.inline.values()].some((text) => {
    const policy = JSON.parse(text) as PolicyDocument;
    const valueOf = (key: string) => (conditions[key] === undefined ? undefined : [conditions[key]]);
    return (
      evaluatePolicy({ ...policy, Statement: [policy.Statement].flat() }, action, resource, valueOf) ===
      "allowed"
    );
  });
}
