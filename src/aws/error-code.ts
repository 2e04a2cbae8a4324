import { AwsError } from "../errors.js";

/** AWS's own code of a failed call, as it was sent: `InvalidGroup.NotFound`, `ClientException`. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AwsError) return error.awsCode;
  return error instanceof Error ? error.name : undefined;
}

/**
 * Whether AWS answered with one of these codes. SDKs and endpoints write the same code with and
 * without `Exception` or `Fault` at its end, so both are taken for the same.
 */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = errorCode(error);
  return code !== undefined && codes.some((other) => stem(other) === stem(code));
}

/** Whether the message contains `text`, whatever the case: for codes that mean several things. */
export function messageIncludes(error: unknown, text: string): boolean {
  return error instanceof Error && error.message.toLowerCase().includes(text.toLowerCase());
}

const stem = (code: string) => code.replace(/(Exception|Fault)$/, "");

/** The code under which an endpoint's missing operation is reported, however it said so. */
export const UNKNOWN_OPERATION = "UnknownOperationException";

/** Whether the endpoint does not know the operation at all (emulators lack some). */
export function isUnsupportedOperation(error: unknown): boolean {
  return hasErrorCode(error, UNKNOWN_OPERATION, "InvalidAction") || isErrorPage(error);
}

/**
 * Moto answers a call that it does not implement, or dies in, with HTTP 500 and an HTML page, which the
 * SDK cannot read. AWS answers 500 in the protocol of the service, and HTML only with 502 to 504.
 */
export function isErrorPage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, $response } = error as { $metadata?: Metadata; $response?: Response };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status !== undefined && status !== 500) return false;
  if ($response?.headers?.["content-type"]?.includes("html") === true) return true;
  return error.name === "SyntaxError" || messageIncludes(error, "XML parse error");
}

interface Metadata {
  readonly httpStatusCode?: number;
}

/** Hidden on the SDK's errors. */
interface Response {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
