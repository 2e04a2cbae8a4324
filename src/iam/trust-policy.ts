/**
 * The trust policy that lets one AWS service assume a role.
 *
 * @param sourceAccount - the account for whose resources the service may assume it: without one, a resource of
 *   another account could make the service use the role (the confused deputy). Default: every account
 */
export const trustPolicy = (service: string, sourceAccount?: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(sourceAccount !== undefined && {
          Condition: { StringEquals: { [SOURCE_ACCOUNT]: sourceAccount } },
        }),
      },
    ],
  });

const SOURCE_ACCOUNT = "aws:SourceAccount";

/** The account in the condition of a role's trust policy; `undefined` without one. */
export function trustedAccount(encoded: string | undefined): string | undefined {
  const document = parseDocument(decodeURIComponent(encoded ?? "")) as { Statement?: unknown } | undefined;
  const [statement] = listOf(document?.Statement) as Statement[];
  return statement === undefined ? undefined : accountIn(statement.Condition);
}

/** The account, if it is all that the condition requires. */
function accountIn(condition: unknown): string | undefined {
  const { StringEquals: equals, ...others } = (condition ?? {}) as { StringEquals?: Record<string, unknown> };
  const entries = Object.entries(equals ?? {});
  const [[key, value] = []] = entries;
  const isAlone = entries.length === 1 && Object.keys(others).length === 0;
  return isAlone && key?.toLowerCase() === SOURCE_ACCOUNT.toLowerCase() && typeof value === "string"
    ? value
    : undefined;
}

/**
 * The service that a role's trust policy names, if the policy says nothing else than this and the account for whose
 * resources; otherwise the document
 * itself, which differs from any service. IAM returns it URL-encoded, and lists of one item as they were
 * written.
 */
export function trustedService(encoded: string | undefined): string {
  const text = decodeURIComponent(encoded ?? "");
  const statements = listOf((parseDocument(text) as { Statement?: unknown } | undefined)?.Statement);
  const [statement] = statements as Statement[];
  if (statements.length !== 1 || statement === undefined) return text;
  if (statement.Condition !== undefined && accountIn(statement.Condition) === undefined) return text;
  const services = listOf(statement.Principal?.Service);
  const actions = listOf(statement.Action);
  const isPlain =
    statement.Effect === "Allow" &&
    Object.keys(statement.Principal ?? {}).length === 1 &&
    actions.length === 1 &&
    String(actions[0]).toLowerCase() === "sts:assumerole";
  return isPlain && services.length === 1 ? String(services[0]) : text;
}

/** A policy document, parsed; `undefined` if it is not JSON. */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: { readonly Service?: unknown };
  readonly Action?: unknown;
  readonly Condition?: unknown;
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
