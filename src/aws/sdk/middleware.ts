import { systemClock } from "../../engine/clock.js";
import type { ServiceName } from "../api.js";
import type { ClockOffset } from "../clock-offset.js";
import { NO_RESPONSE, UNKNOWN_OPERATION } from "../error-code.js";
import type { Recorder } from "../recording/recorder.js";
import { UnexpectedResponse } from "../unexpected-response.js";

interface CommandContext {
  /** `DescribeClustersCommand` */
  readonly commandName?: string;
}
type Handler = (args: unknown) => Promise<unknown>;
type Middleware = (next: Handler, context: CommandContext) => Handler;

/** Where the notes go. */
interface Noted {
  readonly offset: ClockOffset;
  readonly record: Recorder | undefined;
  readonly hosts: Map<ServiceName, string> | undefined;
}

export interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
}

/**
 * Adds to a client what quayside knows better than the SDK about errors, the notes of AWS's time, and the recording of
 * every attempt of a request.
 */
export function addMiddleware(
  stack: MiddlewareStack,
  service: ServiceName,
  { offset, record, hosts }: Noted,
): void {
  stack.add(failOnErrorPages, { step: "deserialize", name: "failOnErrorPages", priority: "high" });
  stack.add(endRetries, { step: "deserialize", name: "endRetries", priority: "high" });
  stack.add(hideQuotas, { step: "deserialize", name: "hideQuotas", priority: "high" });
  if (record !== undefined)
    stack.add(recordAttempts(service, record), { step: "deserialize", name: "record", priority: "high" });
  stack.add(showQuotas, { step: "initialize", name: "showQuotas", priority: "high" });
  stack.add(noteDate(offset), { step: "deserialize", name: "noteDate", priority: "low" });
  if (hosts !== undefined)
    stack.add(noteHost(service, hosts), { step: "deserialize", name: "noteHost", priority: "low" });
}

const noteHost =
  (service: ServiceName, hosts: Map<ServiceName, string>): Middleware =>
  (next) =>
  (args) => {
    const { request } = args as { readonly request?: { readonly hostname?: string } };
    if (request?.hostname !== undefined) hosts.set(service, request.hostname);
    return next(args);
  };

/** Notes AWS's time in every answer, also in errors: nothing is read from the body yet. */
const noteDate =
  (offset: ClockOffset): Middleware =>
  (next) =>
  async (args) => {
    const sentAt = systemClock.now();
    const result = await next(args);
    const { response } = result as { readonly response?: { readonly headers?: Record<string, string> } };
    offset.note(response?.headers?.["date"], sentAt, systemClock.now());
    return result;
  };

/** Runs within the others, and so sees AWS's own answer. */
const recordAttempts =
  (service: ServiceName, record: Recorder): Middleware =>
  (next, { commandName = "" }) =>
  async (args) => {
    const startedAt = systemClock.now();
    const { input: request } = args as { readonly input?: unknown };
    const note = (result: { readonly answer?: unknown; readonly error?: unknown }) =>
      record({
        service,
        operation: commandName.replace(/Command$/, ""),
        startedAt,
        endedAt: systemClock.now(),
        request,
        ...result,
      });
    try {
      const result = await next(args);
      note({ answer: (result as { readonly output?: unknown }).output });
      return result;
    } catch (error) {
      note({ error: error ?? new Error("The request failed.") });
      throw error;
    }
  };

/** A page for an operation that is not supported stays the same; a gateway's passes by itself. */
const MOST_PAGES = 3;
/** True for a host of AWS, also an endpoint of a VPC, and as long as none is known. */
export const isOfAws = (host: string | undefined): boolean => host === undefined || OF_AWS.test(host);

const OF_AWS = /\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/**
 * Reports an emulator's error page as a missing operation, after the third one: HTTP 500 with a web page is moto's
 * answer to a call that it does not implement, or that crashes it. The SDK would retry it ten times.
 */
const failOnErrorPages: Middleware = (next) => {
  let pages = 0;
  return async (args) => {
    try {
      return await next(args);
    } catch (error) {
      if (!(error instanceof UnexpectedResponse)) throw error;
      const { host, status } = error.facts;
      if (status !== 500 || OF_AWS.test(host) || (pages += 1) < MOST_PAGES) throw error;
      // Without a cause: the SDK reads the cause, too, and would retry its HTTP 500.
      const missing = new Error(
        "the endpoint answered HTTP 500 with a web page: it does not support this operation",
      );
      missing.name = UNKNOWN_OPERATION;
      throw missing;
    }
  };
};

/** Milliseconds after which a call without a response is not tried again: the SDK counts attempts only. */
const MOST_SILENCE = 2 * 60_000;

/** Ends the attempts of a call that is not answered. */
const endRetries: Middleware = (next) => {
  let began: number | undefined;
  return async (args) => {
    began ??= systemClock.now();
    try {
      return await next(args);
    } catch (error) {
      const silence = systemClock.now() - began;
      if (!(error instanceof Error) || error.name !== "TimeoutError" || silence < MOST_SILENCE) throw error;
      const final = new Error(`${error.message} (no response for ${Math.round(silence / 60_000)} min)`);
      final.name = NO_RESPONSE;
      throw final;
    }
  };
};

/** A quota of the account, in the services that quayside calls; the SDK takes the code for throttling. */
const QUOTA = "LimitExceededException";
const HIDDEN_QUOTA = "QuotaOfTheAccount";

/** Gives the error of an exhausted quota another name until all retries are over: there are none for it. */
const hideQuotas: Middleware = (next) => async (args) => {
  try {
    return await next(args);
  } catch (error) {
    rename(error, QUOTA, HIDDEN_QUOTA);
    throw error;
  }
};

const showQuotas: Middleware = (next) => async (args) => {
  try {
    return await next(args);
  } catch (error) {
    rename(error, HIDDEN_QUOTA, QUOTA);
    throw error;
  }
};

function rename(error: unknown, from: string, to: string): void {
  if (error instanceof Error && error.name === from) error.name = to;
}
