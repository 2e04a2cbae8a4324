import { UnexpectedResponse, type UnexpectedKind } from "../unexpected-response.js";

/** The part of a request that tells what AWS answers to it. */
export interface SentRequest {
  readonly hostname: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response, read to its end. */
export interface ReadResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The error for a response that is not AWS's, or not all of it; `undefined` for AWS's own. Without this, the SDK
 * reads a login page in XML's place as an empty answer, and what it cannot read as an error of AWS's.
 */
export function unexpectedResponse(
  request: SentRequest,
  response: ReadResponse,
): UnexpectedResponse | undefined {
  const { statusCode: status, headers } = response;
  const text = Buffer.from(response.body)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const kind = kindOf(request, response, text);
  return kind === undefined
    ? undefined
    : new UnexpectedResponse({
        kind,
        host: request.hostname,
        status,
        location: headers["location"],
        title: /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim(),
        body: text.slice(0, 300),
      });
}

/** Gateways answer these while AWS, or the way to it, is down: they pass by themselves. */
const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;

function kindOf(request: SentRequest, response: ReadResponse, text: string): UnexpectedKind | undefined {
  const { statusCode: status } = response;
  // Network Authentication Required (RFC 6585): the answer of a login page's network.
  if (status === 511) return "page";
  if (status >= 300 && status < 400) return "redirect";
  const problem = problemOf(request, response, text);
  if (problem === undefined) return undefined;
  if (isPassing(status)) return "gateway";
  return status >= 400 && problem === "incomplete" ? "page" : problem;
}

function problemOf(
  request: SentRequest,
  response: ReadResponse,
  text: string,
): "page" | "incomplete" | undefined {
  const { statusCode: status, headers } = response;
  const sent = request.headers?.["content-type"] ?? "";
  if (sent.includes("cbor")) return undefined;
  const isFromAws = Object.keys(headers).some((name) => /^x-amzn?-(request-?id|errortype)$/i.test(name));
  // AWS answers some changes with nothing, and always with the id of the request.
  if (text.trim() === "") return isFromAws ? undefined : "page";
  // Route 53 is asked in XML, and its reads have no body that says it.
  const isXml = sent.includes("xml") || (sent === "" && /^\s*</.test(text));
  if (isXml || sent.includes("x-www-form-urlencoded")) return problemOfXml(text, status);
  if (!/^\s*\{/.test(text)) return "page";
  try {
    JSON.parse(text);
  } catch {
    return "incomplete";
  }
  const isAwsJson = isFromAws || (headers["content-type"] ?? "").includes("amz-json");
  return isAwsJson || status >= 400 ? undefined : "page";
}

/**
 * The answers of the XML protocols have a root such as `DescribeVpcsResponse`, `ErrorResponse` or `Response`, and Route
 * 53's `InvalidChangeBatch` one of its own.
 */
function problemOfXml(text: string, status: number): "page" | "incomplete" | undefined {
  const [, root, isOpen] = /^\s*(?:<\?xml[^>]*\?>\s*)?<([\w:.-]+)([^>]*>)?/.exec(text) ?? [];
  // Cut within its very first tag.
  if (isOpen === undefined && /^\s*<[?\w]/.test(text)) return "incomplete";
  const isError = root === "Error" || /amazonaws\.com\/doc\//.test(isOpen ?? "");
  if (root === undefined || !(root.endsWith("Response") || (status >= 400 && isError))) return "page";
  return text.trimEnd().endsWith(`</${root}>`) || isOpen!.endsWith("/>") ? undefined : "incomplete";
}
