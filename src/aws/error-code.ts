import { AwsError } from "../errors.js";

/** AWS's own code of a failed call, as it was sent: `InvalidGroup.NotFound`, `ClientException`. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AwsError) return error.awsCode;
  return error instanceof Error ? error.name : undefined;
}

/**
 * True if AWS answered with one of these codes. SDKs and endpoints write the same code with and without
 * `Exception` or `Fault` at its end; both forms match.
 */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = errorCode(error);
  return code !== undefined && codes.some((other) => errorStem(other) === errorStem(code));
}

/** True if the message contains `text`, ignoring case: for codes that mean several things. */
export function messageIncludes(error: unknown, text: string): boolean {
  return error instanceof Error && error.message.toLowerCase().includes(text.toLowerCase());
}

/** The code without the ending that SDKs and endpoints write or leave out. */
export const errorStem = (code: string) => code.replace(/(Exception|Fault)$/, "");

/** The code of an operation that the endpoint does not support, however the endpoint reported it. */
export const UNKNOWN_OPERATION = "UnknownOperationException";

/** The code of a call that was not answered, however often it was sent. */
export const NO_RESPONSE = "NoResponse";

/** True if the endpoint does not support the operation (emulators lack some). */
export function isUnsupportedOperation(error: unknown): boolean {
  return hasErrorCode(error, UNKNOWN_OPERATION, "InvalidAction");
}
