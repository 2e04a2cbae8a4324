import { QuaysideError } from "../../errors.js";
import type { AwsSettings } from "../aws-options.js";
import { credentialsError } from "../credentials-error.js";
import { hasErrorCode, messageIncludes } from "../error-code.js";
import { noRegion } from "./no-region.js";

/** An error of the SDK's credential providers, or of STS, as a quayside error. */
export function toCredentialsError(error: unknown, settings: AwsSettings): QuaysideError {
  if (error instanceof QuaysideError) return error;
  const missing = noRegion(error);
  if (missing !== undefined) return missing;
  const message = error instanceof Error ? error.message : String(error);
  if (messageIncludes(error, "MultiFactorAuthentication failed")) {
    return credentialsError(
      "mfa-failed",
      `STS did not accept the MFA code (${message})`,
      "Wait until the device shows another code, then run it again: STS accepts each code only once.",
      error,
    );
  }
  return credentialsError("no-credentials", reasonOf(error, message), fixOf(error, message, settings), error);
}

const reasonOf = (error: unknown, message: string): string =>
  isProviderError(error)
    ? `no credentials were found (${message})`
    : `the credentials could not be loaded (${message})`;

const isProviderError = (error: unknown): boolean =>
  error instanceof Error && error.name === "CredentialsProviderError";

function fixOf(error: unknown, message: string, { profile, assumeRole }: AwsSettings): string {
  const named = profile ?? process.env["AWS_PROFILE"];
  const option = named === undefined || named === "" ? "" : ` --profile ${named}`;
  if (/\bSSO\b|sso login|Token is expired/i.test(message)) return `Log in again: \`aws sso login${option}\`.`;
  if (/aws login|login session/i.test(message)) return `Log in again: \`aws login${option}\`.`;
  if (hasErrorCode(error, "AccessDenied")) {
    const role = assumeRole === undefined ? "the profile's role" : assumeRole.roleArn;
    return `Grant sts:AssumeRole on ${role} to these credentials, and let the role's trust policy allow them to assume it (with its external id, its MFA device and, for session tags, sts:TagSession).`;
  }
  if (hasErrorCode(error, "RegionDisabledException")) {
    return "Enable the region for the account, or use another region: STS is not active there.";
  }
  if (hasErrorCode(error, "ExpiredToken", "InvalidClientTokenId", "UnrecognizedClientException")) {
    return "Log in again, or check the access key: AWS does not accept the credentials that assume the role.";
  }
  if (hasErrorCode(error, "ValidationError")) {
    return "Check duration and tags of assumeRole: a session cannot be longer than the role's maximum, and not longer than one hour if a role assumes it.";
  }
  if (!isProviderError(error)) {
    return "Check the network, the proxy (HTTPS_PROXY) and the source of the credentials, then run it again.";
  }
  return "Log in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use localCloud() to try without an account.";
}
