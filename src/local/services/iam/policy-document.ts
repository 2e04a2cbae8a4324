import { ServiceError } from "../../core/service-error.js";

const malformed = (message: string): ServiceError => new ServiceError("MalformedPolicyDocument", message);

type Statement = Readonly<Record<string, unknown>>;

const DOCUMENT_MEMBERS = new Set(["Version", "Id", "Statement"]);
const STATEMENT_MEMBERS = new Set([
  ...["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"],
  ...["Principal", "NotPrincipal", "Condition"],
]);

/** Rejects what is not a policy by IAM's grammar, in the order in which IAM checks it. */
export function checkPolicyDocument(text: string, kind: "trust" | "permissions"): void {
  const document = parse(text);
  if (!isObject(document) || !Object.keys(document).every((key) => DOCUMENT_MEMBERS.has(key)))
    throw malformed("Syntax errors in policy.");
  const statements = listOf(document["Statement"]);
  if (statements.length === 0 || !statements.every(isStatement)) throw malformed("Syntax errors in policy.");
  if (document["Version"] !== "2012-10-17")
    throw malformed("Policy document must be version 2012-10-17 or greater.");
  const sids = statements.map(({ Sid: sid }) => sid).filter((sid) => sid !== undefined && sid !== "");
  if (!sids.every((sid) => /^[0-9A-Za-z]*$/.test(String(sid))))
    throw malformed(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
  if (new Set(sids).size < sids.length)
    throw malformed("Statement IDs (SID) in a single policy must be unique.");
  for (const statement of statements) checkStatement(statement, kind);
}

function checkStatement(statement: Statement, kind: "trust" | "permissions"): void {
  const { Effect: effect, Principal: principal } = statement;
  if (effect !== "Allow" && effect !== "Deny") throw malformed(`Invalid effect: ${String(effect)}`);
  const actions = listOf(statement["Action"] ?? statement["NotAction"]);
  if (actions.length === 0) throw malformed("Policy statement must contain actions.");
  if (kind === "trust") {
    if (principal === undefined) throw malformed("AssumeRole policy must contain principals");
    return;
  }
  if (principal !== undefined) throw malformed("Policy document should not specify a principal.");
  const resources = listOf(statement["Resource"] ?? statement["NotResource"]);
  for (const resource of resources) {
    if (resource !== "*" && !/^arn:[^:]+:[^:*?]+:/.test(String(resource)))
      throw malformed(`Resource ${String(resource)} must be in ARN format or "*".`);
  }
  for (const action of actions) {
    const parts = String(action).split(":");
    if (parts.length === 1 && action !== "*")
      throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    if (parts.length > 2) throw malformed("Actions/Condition can contain only one colon.");
    if (action !== "*" && /[^a-zA-Z0-9\-.]/.test(parts[0]!))
      throw malformed(`Vendor ${parts[0]} is not valid`);
  }
  if (resources.length === 0) throw malformed("Policy statement must contain resources.");
}

function isStatement(value: unknown): value is Statement {
  if (!isObject(value) || !Object.keys(value).every((key) => STATEMENT_MEMBERS.has(key))) return false;
  const lists = ["Action", "NotAction", "Resource", "NotResource"].flatMap((key) => listOf(value[key]));
  return (
    lists.every((each) => typeof each === "string") &&
    (value["Action"] === undefined || value["NotAction"] === undefined) &&
    (value["Resource"] === undefined || value["NotResource"] === undefined) &&
    (value["Condition"] === undefined || isObject(value["Condition"]))
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** Percent-encodes a policy by RFC 3986, as GetRole does. */
export const encodePolicy = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
}
