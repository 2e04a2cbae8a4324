import { ServiceError } from "../../core/service-error.js";

const malformed = (message: string): ServiceError => new ServiceError("MalformedPolicyDocument", message);

/** Rejects what is not a policy: invalid JSON, or without statements that each allow or deny. */
export function checkPolicyDocument(text: string, kind: "trust" | "permissions"): void {
  const document = parse(text);
  if (typeof document !== "object" || document === null || !("Statement" in document)) {
    throw malformed("Syntax errors in policy.");
  }
  const statements: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  for (const statement of statements) {
    if (typeof statement !== "object" || statement === null) throw malformed("Syntax errors in policy.");
    const {
      Effect: effect,
      Action: action,
      NotAction: notAction,
      Principal: principal,
    } = statement as Record<string, unknown>;
    if (effect !== "Allow" && effect !== "Deny") throw malformed(`Invalid effect: ${String(effect)}`);
    if (action === undefined && notAction === undefined)
      throw malformed("Policy statement must contain actions.");
    if (kind === "trust" && principal === undefined)
      throw malformed("AssumeRole policy must contain principals");
    if (kind === "permissions" && principal !== undefined)
      throw malformed("Policy document should not specify a principal.");
  }
}

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
