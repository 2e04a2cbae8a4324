import { isErrorPage, UNKNOWN_OPERATION } from "../error-code.js";

type Handler = (args: unknown) => Promise<unknown>;
type Middleware = (next: Handler) => Handler;

export interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
}

/** Adds to a client what quayside knows better than the SDK about errors. */
export function addMiddleware(stack: MiddlewareStack): void {
  stack.add(failOnErrorPages, { step: "deserialize", name: "failOnErrorPages", priority: "high" });
  stack.add(hideQuotas, { step: "deserialize", name: "hideQuotas", priority: "high" });
  stack.add(showQuotas, { step: "initialize", name: "showQuotas", priority: "high" });
}

/**
 * Reports an emulator's error page as a missing operation; the SDK would retry it ten times as a server
 * error.
 */
const failOnErrorPages: Middleware = (next) => async (args) => {
  try {
    return await next(args);
  } catch (error) {
    if (!isErrorPage(error)) throw error;
    // Without a cause: the SDK reads the cause, too, and would retry its HTTP 500.
    const missing = new Error(
      "the endpoint answered HTTP 500 with a web page: it does not support this operation",
    );
    missing.name = UNKNOWN_OPERATION;
    throw missing;
  }
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
