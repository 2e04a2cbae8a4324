/** The trust policy that lets one AWS service assume a role. */
export const trustPolicy = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

/**
 * The service that a role's trust policy names, if the policy says nothing else; otherwise the document
 * itself, which differs from any service. IAM returns it URL-encoded, and lists of one item as they were
 * written.
 */
export function trustedService(encoded: string | undefined): string {
  const text = decodeURIComponent(encoded ?? "");
  const statements = listOf((parseDocument(text) as { Statement?: unknown } | undefined)?.Statement);
  const [statement] = statements as Statement[];
  if (statements.length !== 1 || statement === undefined || statement.Condition !== undefined) return text;
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

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
