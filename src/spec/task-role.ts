import type { TaskInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** What the processes in the containers may do in AWS, as a role that quayside makes. */
export interface TaskRoleOptions {
  /**
   * ARNs of managed policies, at most 20, and policy documents, which become the role's inline policies:
   * at most 10,240 characters without white space, all together (IAM's limits).
   */
  readonly policies: readonly (string | PolicyDocumentOptions)[];
}

/** An IAM policy: what is allowed or denied, without a `Principal`. */
export interface PolicyDocumentOptions {
  /** @defaultValue `"2012-10-17"` */
  readonly Version?: "2012-10-17" | "2008-10-17" | undefined;
  readonly Id?: string | undefined;
  readonly Statement: PolicyStatementOptions | readonly PolicyStatementOptions[];
}

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
      /** ARNs. */
      readonly managed: readonly string[];
      readonly inline: readonly PolicyDocumentSpec[];
    };

/** An IAM policy, as IAM takes it. */
export interface PolicyDocumentSpec {
  readonly Version: string;
  readonly Statement: unknown;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]{1,512}$/;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\x21-\x7e]{1,512}$/;
/** Source: IAM quotas, managed policies attached to a role (its highest) and size of a role's inline policies. */
const MOST_MANAGED = 20;
const MOST_INLINE = 10_240;

/** The role of the processes in the containers; `undefined`: none was asked for. */
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
      `must be an array of ARNs of managed policies and policy documents; got ${formatValue(policies)}`,
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
  if (managed.size > MOST_MANAGED)
    options.issue("policies", `must hold at most ${MOST_MANAGED} managed policies; got ${managed.size}`);
  const size = JSON.stringify(inline).length;
  if (size > MOST_INLINE)
    options.issue("policies", `must hold at most ${MOST_INLINE} characters of policy documents; got ${size}`);
  return { from: "policies", managed: [...managed], inline };
}

/** As it was given, with a version: the grammar of its values is IAM's own matter. */
function parseDocument(document: object, path: string, issues: Issues): PolicyDocumentSpec {
  const options = new OptionsReader<PolicyDocumentOptions>(document, path, issues);
  const version = options.raw("Version") ?? "2012-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    options.issue("Version", `must be "2012-10-17"; got ${formatValue(version)}`);
  options.string("Id");
  const statement = options.raw("Statement");
  options.close();
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) options.issue("Statement", "must hold at least one statement");
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
    const said = [key, other].filter((each) => options.raw(each) !== undefined);
    if (said.length !== 1) options.issue(key, `must be there, or ${other}, and not both`);
    for (const each of said) options.oneOrMore(each, key === "Action" ? '"s3:GetObject"' : '"*"');
  }
  const condition = options.raw("Condition");
  if (condition !== undefined && !isPlainObject(condition))
    options.issue("Condition", `must be an object; got ${formatValue(condition)}`);
  options.close();
}
