import { sourceArnProblem } from "./secret-arn.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** Environment variables by name. A number must be finite. */
export type EnvironmentOptions = Readonly<Record<string, string | number | boolean>>;

/**
 * Secrets by environment variable name: `"ssm:/path"` for a Parameter Store parameter in the same region, or
 * the ARN of a parameter or of a Secrets Manager secret, with or without the six random characters at its end,
 * and with `:json-key:version-stage:version-id` for one value in it. Values that are encrypted with a
 * customer-managed key are readable if the key's policy lets IAM of the account permit it, as the default one does.
 */
export type SecretsOptions = Readonly<Record<string, string>>;

/** The source of a secret's value. */
export type SecretSource =
  | { readonly from: "parameter-store"; readonly parameter: string }
  | { readonly from: "arn"; readonly arn: string };

/** ASCII without `=` and spaces: dots and dashes are common in Java and .NET. */
const ENVIRONMENT_NAME = /^[!-<>-~]+$/;
/** Source: Systems Manager API reference, PutParameter. */
const PARAMETER = /^(?:[A-Za-z0-9_.-]+|(?:\/[A-Za-z0-9_.-]+)+)$/;

export function parseEnvironment(
  value: unknown,
  path: string,
  issues: Issues,
): Readonly<Record<string, string>> {
  const environment = new Map<string, string>();
  for (const [name, text] of entriesOf(value, path, issues)) {
    const isValue =
      typeof text === "number" ? Number.isFinite(text) : /^(?:string|boolean)$/.test(typeof text);
    if (isValue) environment.set(name, String(text));
    else
      issues.add(
        `${path}.${name}`,
        `must be a string, a finite number or a boolean; got ${formatValue(text)}`,
      );
  }
  return Object.fromEntries(environment);
}

export function parseSecrets(
  value: unknown,
  path: string,
  issues: Issues,
): Readonly<Record<string, SecretSource>> {
  const secrets = new Map<string, SecretSource>();
  for (const [name, source] of entriesOf(value, path, issues)) {
    const secret = secretSource(source);
    if (secret !== undefined) secrets.set(name, secret);
    else issues.add(`${path}.${name}`, secretProblem(source));
  }
  return Object.fromEntries(secrets);
}

/** The value may be the secret itself, pasted by mistake: it is shown only if it is a reference. */
function secretProblem(source: unknown): string {
  const must =
    'must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret';
  if (typeof source !== "string") return `${must}; got ${formatValue(source)}`;
  if (source.startsWith("arn:"))
    return `${must}; ${sourceArnProblem(source) ?? ""}; got ${formatValue(source)}`;
  return source.startsWith("ssm:")
    ? `${must}; the name of the parameter may contain letters, digits and _.-/, and begins with / if it has several; got ${formatValue(source)}`
    : `${must}; got another string`;
}

function secretSource(source: unknown): SecretSource | undefined {
  if (typeof source !== "string") return undefined;
  if (source.startsWith("arn:") && sourceArnProblem(source) === undefined)
    return { from: "arn", arn: source };
  if (!source.startsWith("ssm:")) return undefined;
  const parameter = source.slice("ssm:".length);
  return PARAMETER.test(parameter) ? { from: "parameter-store", parameter } : undefined;
}

function entriesOf(value: unknown, path: string, issues: Issues): readonly [string, unknown][] {
  if (value === undefined) return [];
  if (!isPlainObject(value)) {
    issues.add(path, `must be an object of names and values; got ${formatValue(value)}`);
    return [];
  }
  return Object.entries(value).filter(([name]) => {
    if (ENVIRONMENT_NAME.test(name)) return true;
    issues.add(
      `${path}.${name}`,
      `must be a variable name in ASCII without "=" and spaces; got ${formatValue(name)}`,
    );
    return false;
  });
}
