import type { TaskInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { MAX_INLINE, sizeOfPolicies } from "./policy-size.js";
import { ROLE_ARN, roleArnProblem } from "./role-arn.js";
import {
  parsePolicyDocument,
  type PolicyDocumentOptions,
  type PolicyDocumentSpec,
} from "./policy-document.js";

/** The task role that quayside creates for the processes in the containers. */
export interface TaskRoleOptions {
  /**
   * The ARNs of managed policies, at most 20, and policy documents, which become the role's inline policies:
   * at most 10,240 characters in total, without white space (IAM's limits).
   */
  readonly policies: readonly (string | PolicyDocumentOptions)[];
}

export type TaskRoleSpec =
  | { readonly from: "arn"; readonly arn: string }
  | {
      readonly from: "policies";
      /** The ARNs of managed policies. */
      readonly managed: readonly string[];
      readonly inline: readonly PolicyDocumentSpec[];
    };

const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\x21-\x7e]{1,512}$/;
/** Source: IAM quotas, managed policies attached to a role (the maximum). */
const MAX_MANAGED = 20;

/** Parses the task role of `.taskRole()`. Returns `undefined` if there is none. */
export function parseTaskRole(given: TaskInput["taskRole"], issues: Issues): TaskRoleSpec | undefined {
  if (given === undefined) return undefined;
  const path = "taskRole";
  const { role } = given;
  if (typeof role === "string" && ROLE_ARN.test(role)) return { from: "arn", arn: role };
  if (!isPlainObject(role)) {
    issues.add(path, roleArnProblem(role, ", or { policies: […] }"));
    return undefined;
  }
  const options = new OptionsReader<TaskRoleOptions>(role, path, issues);
  const policies = options.raw("policies");
  options.close();
  if (!Array.isArray(policies)) {
    options.issue(
      "policies",
      `must be an array of managed policy ARNs and policy documents; got ${formatValue(policies)}`,
    );
    return undefined;
  }
  const managed = new Set<string>();
  const inline: PolicyDocumentSpec[] = [];
  for (const [index, policy] of policies.entries()) {
    const at = `${path}.policies.${index}`;
    if (typeof policy === "string" && POLICY_ARN.test(policy)) managed.add(policy);
    else if (isPlainObject(policy)) inline.push(parsePolicyDocument(policy, at, issues));
    else
      issues.add(
        at,
        `must be the ARN of a managed policy, such as "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", or a policy document; got ${formatValue(policy)}`,
      );
  }
  if (managed.size > MAX_MANAGED)
    options.issue("policies", `must have at most ${MAX_MANAGED} managed policies; got ${managed.size}`);
  const size = sizeOfPolicies(inline);
  if (size > MAX_INLINE)
    options.issue("policies", `must have at most ${MAX_INLINE} characters of policy documents; got ${size}`);
  return { from: "policies", managed: [...managed], inline };
}
