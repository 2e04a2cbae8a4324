import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** An IAM policy document, without a `Principal`. */
export interface PolicyDocumentOptions {
  /** @defaultValue `"2012-10-17"`, the only version that IAM accepts for new policies */
  readonly Version?: "2012-10-17" | undefined;
  /** An id of the document, which IAM keeps and does not read. @defaultValue none */
  readonly Id?: string | undefined;
  /** A statement, or several. */
  readonly Statement: PolicyStatementOptions | readonly PolicyStatementOptions[];
}

/** A statement of an IAM policy. */
export interface PolicyStatementOptions {
  /** Letters and digits, unique in the document. */
  readonly Sid?: string | undefined;
  /** The statement allows the actions, or denies them, which prevails over every other statement. */
  readonly Effect: "Allow" | "Deny";
  /** `"*"`, or a service and an action, such as `"s3:Get*"`. */
  readonly Action?: string | readonly string[] | undefined;
  /** All actions but these; instead of `Action`. */
  readonly NotAction?: string | readonly string[] | undefined;
  /** `"*"`, or an ARN. */
  readonly Resource?: string | readonly string[] | undefined;
  /** All resources but these; instead of `Resource`. */
  readonly NotResource?: string | readonly string[] | undefined;
  /** Condition operators, keys and values: `{ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }`. @defaultValue none */
  readonly Condition?:
    | Readonly<Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>>
    | undefined;
}

/** An IAM policy document in IAM's format. */
export interface PolicyDocumentSpec {
  readonly Version: string;
  readonly Statement: unknown;
}

const VERSION = "2012-10-17";
/** IAM API reference, PutRolePolicy: the pattern of PolicyDocument. */
const CHARACTERS = /^[\u0009\u000A\u000D\u0020-\u00FF]*$/;
const SID = /^[0-9A-Za-z]*$/;
const ACTION = /^(?:\*|[A-Za-z0-9.-]+:[^\s:]+)$/;
const PARTITION = /^(?:\*|aws(?:-[a-z]+)*)$/;

/** Source: IAM User Guide, "Condition operators". */
const OPERATORS = new Set([
  ...["", "Not"].flatMap((not) => [`String${not}Equals`, `String${not}EqualsIgnoreCase`, `String${not}Like`]),
  ...["Numeric", "Date"].flatMap((type) =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
      (comparison) => type + comparison,
    ),
  ),
  ...["Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"],
  ...["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
]);

/**
 * Parses a policy document by IAM's grammar, and sets its version. Source: IAM User Guide, "Grammar of the IAM
 * JSON policy language".
 */
export function parsePolicyDocument(document: object, path: string, issues: Issues): PolicyDocumentSpec {
  const before = issues.list.length;
  const options = new OptionsReader<PolicyDocumentOptions>(document, path, issues);
  const version = options.raw("Version") ?? VERSION;
  if (version !== VERSION) options.issue("Version", `must be "${VERSION}"; got ${formatValue(version)}`);
  options.string("Id");
  const statement = options.raw("Statement");
  options.close();
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) options.issue("Statement", "must have at least one statement");
  const pathOf = (index: number): string =>
    Array.isArray(statement) ? `${path}.Statement.${index}` : `${path}.Statement`;
  const sids = statements.map((each, index) => checkStatement(each, pathOf(index), issues));
  sids.forEach((sid, index) => {
    if (sid !== undefined && sid !== "" && sids.indexOf(sid) < index)
      issues.add(`${pathOf(index)}.Sid`, `must be unique in the document; got ${formatValue(sid)} again`);
  });
  // What is not valid may not be JSON either.
  if (issues.list.length > before) return { Version: VERSION, Statement: [] };
  if (!CHARACTERS.test(JSON.stringify(document)))
    issues.add(path, "must contain only characters of Latin-1, which are all that IAM accepts");
  return { Version: VERSION, ...document } as PolicyDocumentSpec;
}

/** Returns the statement's Sid. */
function checkStatement(value: unknown, path: string, issues: Issues): string | undefined {
  if (!isPlainObject(value)) {
    issues.add(path, `must be a statement: { Effect, Action, Resource }; got ${formatValue(value)}`);
    return undefined;
  }
  const options = new OptionsReader<PolicyStatementOptions>(value, path, issues);
  const sid = options.raw("Sid");
  if (sid !== undefined && (typeof sid !== "string" || !SID.test(sid)))
    options.issue("Sid", `must contain only letters and digits (A-Z, a-z, 0-9); got ${formatValue(sid)}`);
  const effect = options.raw("Effect");
  if (effect !== "Allow" && effect !== "Deny")
    options.issue("Effect", `must be "Allow" or "Deny"; got ${formatValue(effect)}`);
  for (const [key, other] of [
    ["Action", "NotAction"],
    ["Resource", "NotResource"],
  ] as const) {
    const present = [key, other].filter((each) => options.raw(each) !== undefined);
    if (present.length !== 1) options.issue(key, `is required: set either ${key} or ${other}, but not both`);
    for (const each of present) {
      const isAction = key === "Action";
      const patterns = options.patterns(each, isAction ? '"s3:GetObject"' : '"*"') ?? [];
      for (const pattern of patterns) {
        const problem = isAction ? actionProblem(pattern) : resourceProblem(pattern);
        if (problem !== undefined) options.issue(each, `${problem}; got ${formatValue(pattern)}`);
      }
    }
  }
  checkCondition(options.raw("Condition"), `${path}.Condition`, issues);
  options.close();
  return typeof sid === "string" ? sid : undefined;
}

const actionProblem = (action: string): string | undefined =>
  ACTION.test(action)
    ? undefined
    : 'must be "*", or a service, a colon and an action, such as "s3:Get*", with wildcards only in the action';

function resourceProblem(resource: string): string | undefined {
  if (resource === "*") return undefined;
  const [prefix, partition = "", service = "", region, ...rest] = resource.split(":");
  if (prefix !== "arn" || region === undefined) return 'must be "*" or an ARN';
  if (!PARTITION.test(partition)) return "must be an ARN of an existing partition, such as arn:aws:…";
  if (service === "" || /[*?]/.test(service)) return "must name the service of the ARN without wildcards";
  if (resource.includes("::") && rest.length < 2)
    return "must be an ARN of six parts, arn:partition:service:region:account:resource";
  const isAccessPoint = rest[1]?.startsWith("accesspoint/") ?? false;
  if (region !== "" && (service === "iam" || (service === "s3" && !isAccessPoint)))
    return `must have no region: resources of ${service} are global`;
  return undefined;
}

function checkCondition(condition: unknown, path: string, issues: Issues): void {
  if (condition === undefined) return;
  if (!isPlainObject(condition)) return issues.add(path, `must be an object; got ${formatValue(condition)}`);
  for (const [operator, keys] of Object.entries(condition)) {
    const at = `${path}.${operator}`;
    const plain = operator.replace(/^For(?:AnyValue|AllValues):/, "").replace(/(?<!^Null)IfExists$/, "");
    if (!OPERATORS.has(plain)) {
      issues.add(at, 'must be an operator of IAM, such as "StringEquals" or "ArnLike"');
      continue;
    }
    if (!isPlainObject(keys)) {
      issues.add(at, `must be an object of condition keys and values; got ${formatValue(keys)}`);
      continue;
    }
    for (const [key, value] of Object.entries(keys))
      checkConditionValue(`${at}.${key}`, { key, value, plain }, issues);
  }
}

function checkConditionValue(
  path: string,
  { key, value, plain }: { readonly key: string; readonly value: unknown; readonly plain: string },
  issues: Issues,
): void {
  if (!/^[^\s:]+:\S/.test(key))
    issues.add(path, 'must be a condition key with its service, such as "aws:RequestedRegion"');
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isValue = (each: unknown): boolean =>
    typeof each === "string" ||
    typeof each === "boolean" ||
    (typeof each === "number" && Number.isFinite(each));
  if (values.length === 0 || !values.every(isValue)) {
    issues.add(path, `must be a string, a number, a boolean, or an array of them; got ${formatValue(value)}`);
  } else if (plain.startsWith("Date") && values.some((each) => !isDate(String(each)))) {
    issues.add(path, `must be a date, such as "2030-01-31T00:00:00Z"; got ${formatValue(value)}`);
  }
}

/** An ISO 8601 date, seconds since 1970, or a policy variable. */
const isDate = (text: string): boolean =>
  /^\d+$/.test(text) ||
  text.includes("${") ||
  (/^[+-]?\d{4,}(?:-|T|$)/.test(text) && !Number.isNaN(Date.parse(text)));
