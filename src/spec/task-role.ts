import type { TaskInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The task role that quayside creates for the processes in the containers. */
export interface TaskRoleOptions {
  /**
   * The ARNs of managed policies, at most 20, and policy documents, which become the role's inline policies:
   * at most 10,240 characters in total, without white space (IAM's limits).
   */
  readonly policies: readonly (string | PolicyDocumentOptions)[];
}

/** An IAM policy document, without a `Principal`. */
export interface PolicyDocumentOptions {
  /** @defaultValue `"2012-10-17"` */
  readonly Version?: "2012-10-17" | "2008-10-17" | undefined;
  readonly Id?: string | undefined;
  readonly Statement: PolicyStatementOptions | readonly PolicyStatementOptions[];
}

/** A statement of an IAM policy. */
export interface PolicyStatementOptions {
  readonly Sid?: string | undefined;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[] | undefined;
  readonly NotAction?: string | readonly string[] | undefined;
  readonly Resource?: string | readonly string[] | undefined;
  readonly NotResource?: string | readonly string[] | undefined;
  readonly Condition?:
    | Readonly<Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>>
    | undefined;
}

export type TaskRoleSpec =
  | { readonly from: "arn"; readonly arn: string }
  | {
      readonly from: "policies";
      /** The ARNs of managed policies. */
      readonly managed: readonly string[];
      readonly inline: readonly PolicyDocumentSpec[];
    };

/** An IAM policy document in IAM's format. */
export interface PolicyDocumentSpec {
  readonly Version: string;
  readonly Statement: unknown;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]{1,512}$/;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\x21-\x7e]{1,512}$/;
/** Source: IAM quotas, managed policies attached to a role (the maximum) and size of a role's inline policies. */
const MAX_MANAGED = 20;
const MAX_INLINE = 10_240;

/** Parses the task role of `.taskRole()`. Returns `undefined` if there is none. */
export function parseTaskRole(given: TaskInput["taskRole"], issues: Issues): TaskRoleSpec | undefined {
  if (given === undefined) return undefined;
  const path = "taskRole";
  const { role } = given;
  if (typeof role === "string" && ROLE_ARN.test(role)) return { from: "arn", arn: role };
  if (!isPlainObject(role)) {
    issues.add(path, `must be the ARN of an IAM role, or { policies: […] }; got ${formatValue(role)}`);
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
    else if (isPlainObject(policy)) inline.push(parseDocument(policy, at, issues));
    else
      issues.add(
        at,
        `must be the ARN of a managed policy, such as "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", or a policy document; got ${formatValue(policy)}`,
      );
  }
  if (managed.size > MAX_MANAGED)
    options.issue("policies", `must have at most ${MAX_MANAGED} managed policies; got ${managed.size}`);
  const size = JSON.stringify(inline).length;
  if (size > MAX_INLINE)
    options.issue("policies", `must have at most ${MAX_INLINE} characters of policy documents; got ${size}`);
  return { from: "policies", managed: [...managed], inline };
}

/** Parses a policy document and sets its version. IAM itself validates the values. */
function parseDocument(document: object, path: string, issues: Issues): PolicyDocumentSpec {
  const options = new OptionsReader<PolicyDocumentOptions>(document, path, issues);
  const version = options.raw("Version") ?? "2012-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    options.issue("Version", `must be "2012-10-17"; got ${formatValue(version)}`);
  options.string("Id");
  const statement = options.raw("Statement");
  options.close();
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) options.issue("Statement", "must have at least one statement");
  for (const [index, each] of statements.entries()) {
    checkStatement(
      each,
      Array.isArray(statement) ? `${path}.Statement.${index}` : `${path}.Statement`,
      issues,
    );
  }
  return { Version: version, ...document } as PolicyDocumentSpec;
}

function checkStatement(value: unknown, path: string, issues: Issues): void {
  if (!isPlainObject(value)) {
    issues.add(path, `must be a statement: { Effect, Action, Resource }; got ${formatValue(value)}`);
    return;
  }
  const options = new OptionsReader<PolicyStatementOptions>(value, path, issues);
  options.string("Sid");
  const effect = options.raw("Effect");
  if (effect !== "Allow" && effect !== "Deny")
    options.issue("Effect", `must be "Allow" or "Deny"; got ${formatValue(effect)}`);
  for (const [key, other] of [
    ["Action", "NotAction"],
    ["Resource", "NotResource"],
  ] as const) {
    const present = [key, other].filter((each) => options.raw(each) !== undefined);
    if (present.length !== 1) options.issue(key, `is required: set either ${key} or ${other}, but not both`);
    for (const each of present) options.patterns(each, key === "Action" ? '"s3:GetObject"' : '"*"');
  }
  const condition = options.raw("Condition");
  if (condition !== undefined && !isPlainObject(condition))
    options.issue("Condition", `must be an object; got ${formatValue(condition)}`);
  options.close();
}
