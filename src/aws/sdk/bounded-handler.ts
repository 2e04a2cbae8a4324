import { noteFailedAttempt } from "../failed-attempts.js";
import { unexpectedResponse, type SentRequest } from "./unexpected-response.js";

/** The part of a request handler that the SDK's clients need. */
export interface Handler {
  handle(request: SentRequest, options?: HandlerOptions): Promise<{ readonly response: HttpResponse }>;
  destroy(): void;
}

interface HandlerOptions {
  readonly abortSignal?: AbortSignal;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** The body of a response in Node. */
interface Body extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): unknown;
}

interface Bounds {
  /** Milliseconds for one attempt, from the request to the last byte of the response. */
  readonly attempt: number;
  /** Bytes of one response. */
  readonly size: number;
}

/** AWS answers most calls within a second, and the largest responses have a few megabytes. */
const BOUNDS: Bounds = Object.freeze({ attempt: 60_000, size: 64 * 1024 * 1024 });

/**
 * Sends a request, and reads the response to its end: within the bounds, and until the signal fires. The SDK's
 * handler waits for the headers only, so that a body that stalls, or never ends, would hold the run for ever.
 *
 * @throws UnexpectedResponse if the response is not AWS's, or not complete
 */
export async function sendBounded(
  handler: Handler,
  request: SentRequest,
  options: HandlerOptions = {},
  bounds = BOUNDS,
): Promise<{ readonly response: HttpResponse }> {
  const ended = new AbortController();
  const onAbort = () => ended.abort(abortError());
  const timer = setTimeout(() => ended.abort(timeoutError(request, bounds)), bounds.attempt);
  if (options.abortSignal?.aborted === true) onAbort();
  options.abortSignal?.addEventListener("abort", onAbort, { once: true });
  const cut = new Promise<never>((_, reject) => {
    ended.signal.addEventListener("abort", () => reject(ended.signal.reason as Error), { once: true });
  });
  cut.catch(() => {});
  try {
    ended.signal.throwIfAborted();
    const sent = handler.handle(request, { ...options, abortSignal: ended.signal });
    // After the end, its answer is not needed any more.
    sent.catch(() => {});
    const { response } = await Promise.race([sent, cut]);
    const body = await readBody(response.body, request, bounds, cut);
    const unexpected = unexpectedResponse(request, { ...response, body });
    if (unexpected !== undefined) throw unexpected;
    response.body = body;
    return { response };
  } catch (error) {
    // The connection that was cut reports an error of its own.
    const failure: unknown = ended.signal.aborted ? ended.signal.reason : error;
    noteFailedAttempt(options.abortSignal, failure);
    throw failure;
  } finally {
    clearTimeout(timer);
    options.abortSignal?.removeEventListener("abort", onAbort);
  }
}

async function readBody(
  body: unknown,
  request: SentRequest,
  { size }: Bounds,
  cut: Promise<never>,
): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  const stream = body as Body;
  const read = async (): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > size) throw new Error(`the response of ${request.hostname} is larger than ${size} bytes`);
    }
    return Buffer.concat(chunks);
  };
  try {
    return await Promise.race([read(), cut]);
  } catch (error) {
    stream.destroy();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw Object.assign(
      new Error(`the connection to ${request.hostname} broke before the end of its response`, {
        cause: error,
      }),
      { code },
    );
  }
}

/** The SDK tries again after an error of this name. */
const timeoutError = ({ hostname }: SentRequest, { attempt }: Bounds): Error =>
  Object.assign(new Error(`${hostname} did not complete its response within ${attempt / 1000} s`), {
    name: "TimeoutError",
  });

/** The SDK's own error for an aborted request. */
const abortError = (): Error => Object.assign(new Error("Request aborted"), { name: "AbortError" });
