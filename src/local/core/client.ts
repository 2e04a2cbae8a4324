import { setMaxListeners } from "node:events";
import type { AwsApi, OperationName, ServiceName } from "../../aws/api.js";
import type { Principal } from "../services/iam/state.js";
import { credentialsExpired } from "./caller.js";
import { isWrite, type RecordedCall } from "./calls.js";
import type { LocalClock } from "./clock.js";
import { durations } from "./durations.js";
import { faultAfter, faultBefore, type ActiveFaults } from "./faults.js";
import { withRetries } from "./retry.js";
import { Throttle } from "./throttle.js";
import { appendBounded, RECORDED } from "./append-bounded.js";

export interface ClientOptions {
  readonly clock: LocalClock;
  readonly random: () => number;
  readonly faults: ActiveFaults;
  /** Every request is appended here. */
  readonly calls: RecordedCall[];
  /** One direction of a request's latency: to the cloud, or back. */
  readonly latency: (signal: AbortSignal, service: ServiceName) => Promise<void>;
  /** The caller's ARN. */
  readonly caller: string;
  /** Aborted when the cloud is closed: pending requests then fail. */
  readonly closing: AbortSignal;
  /** Rejects what the caller may not do. @defaultValue everything is allowed */
  readonly authorize?: (
    service: ServiceName,
    operation: string,
    input: object,
    principal: Principal | undefined,
  ) => void;
  /** Called after a request has changed something. */
  readonly onChange?: () => void;
  /** What the caller gets for a service's answer. @defaultValue the answer */
  readonly answer?: (answer: object) => object;
}

type Handler = (
  input: object,
  options?: { readonly signal?: AbortSignal; readonly principal?: Principal | undefined },
) => Promise<object>;

/** The client between a caller and the services: it does what the SDK and the network do with AWS. */
export function createClient(services: AwsApi, options: ClientOptions): AwsApi {
  const throttle = new Throttle(options.clock);
  // Every pending request listens to this signal.
  setMaxListeners(0, options.closing);
  const clients = Object.entries(services).map(([service, handlers]) => [
    service,
    createServiceClient(service as ServiceName, handlers as Record<string, Handler>, throttle, options),
  ]);
  return Object.fromEntries(clients) as unknown as AwsApi;
}

function createServiceClient(
  service: ServiceName,
  handlers: Readonly<Record<string, Handler>>,
  throttle: Throttle,
  options: ClientOptions,
): Record<string, Handler> {
  const operations = Object.entries(handlers).map(([operation, handle]): [string, Handler] => [
    operation,
    (input, { signal } = {}) => send({ service, operation, handle, input, signal, throttle }, options),
  ]);
  return new Proxy(Object.fromEntries(operations), {
    get(target, operation) {
      if (typeof operation === "symbol" || Object.hasOwn(target, operation))
        return Reflect.get(target, operation);
      // Must not look like a promise, nor like something with a JSON form of its own.
      if (operation === "then" || operation === "toJSON") return undefined;
      throw new Error(`The local cloud does not support the operation ${service}.${operation}.`);
    },
  });
}

interface Request {
  readonly service: ServiceName;
  readonly operation: string;
  readonly handle: Handler;
  readonly input: object;
  readonly signal: AbortSignal | undefined;
  /** `undefined` for a caller whose requests are not limited. */
  readonly throttle: Throttle | undefined;
  /** Who signed the request; `undefined` for the cloud's own caller. */
  readonly principal?: Principal | undefined;
}

/** How requests from the network reach the services: each is one attempt, since its caller retries by itself. */
export interface Receiver {
  readonly has: (service: ServiceName, operation: string) => boolean;
  readonly send: (
    service: ServiceName,
    operation: string,
    input: object,
    throttle: Throttle | undefined,
    principal?: Principal,
  ) => Promise<object>;
}

export function createReceiver(services: AwsApi, options: ClientOptions): Receiver {
  const handlers = services as unknown as Readonly<Record<string, Readonly<Record<string, Handler>>>>;
  return {
    has: (service, operation) => Object.hasOwn(handlers[service] ?? {}, operation),
    send: (service, operation, input, throttle, principal) => {
      const handle = handlers[service]![operation]!;
      return attempt(
        { service, operation, handle, input, signal: undefined, throttle, principal },
        options.closing,
        options,
      );
    },
  };
}

async function send(request: Request, options: ClientOptions): Promise<object> {
  const { signal: own } = request;
  const { closing } = options;
  const signal = own === undefined ? closing : AbortSignal.any([own, closing]);
  // The input is copied, so that the caller can change its own, even between two attempts.
  const input = structuredClone(request.input);
  try {
    return await withRetries(() => attempt({ ...request, input }, signal, options), { ...options, signal });
  } catch (error) {
    if (closing.aborted) throw new Error("The local cloud is closed.", { cause: error });
    if (own?.aborted) throw abortError();
    throw error;
  }
}

async function attempt(request: Request, signal: AbortSignal, options: ClientOptions): Promise<object> {
  const { service, operation, handle, principal } = request;
  if (signal.aborted) throw abortError();
  await options.latency(signal, service);
  const input = structuredClone(request.input);
  const call: RecordedCall = {
    at: options.clock.now(),
    service,
    operation: operation as OperationName,
    input: structuredClone(input),
    write: isWrite(operation),
  };
  appendBounded(options.calls, call, RECORDED.calls);
  const effects = options.faults.match(service, operation);
  try {
    for (const effect of effects)
      faultBefore(effect, { service, operation, caller: principal?.arn ?? options.caller });
    // The request is aborted before it has arrived: nothing happens.
    if (signal.aborted) throw abortError();
    request.throttle?.take(service, operation, input);
    if (principal?.expiresAt !== undefined && principal.expiresAt.getTime() < Date.now())
      throw credentialsExpired(service);
    options.authorize?.(service, operation, input, principal);
    const output = structuredClone(await handle(input, { principal }));
    if (call.write) options.onChange?.();
    for (const effect of effects) faultAfter(effect);
    await options.latency(signal, service);
    return options.answer?.(output) ?? output;
  } catch (error) {
    call.error = error instanceof Error ? error.name : String(error);
    // An error takes time on its way back, too.
    await options.latency(signal, service);
    throw error;
  }
}

/** The SDK's own error for an aborted request. */
function abortError(): Error {
  const error = new Error("Request aborted");
  error.name = "AbortError";
  return error;
}

/** On the virtual clock, a request takes as long as on AWS; on the real clock, no longer than necessary. */
export function requestLatency(
  clock: LocalClock,
  random: () => number,
  real: boolean,
): ClientOptions["latency"] {
  const { requestMin, requestMax } = durations;
  // The caller's identity is asked beside everything else, and takes no number of the sequence.
  const part = (service: ServiceName) => (service === "sts" ? 0.5 : random());
  if (!real)
    return (signal, service) =>
      clock.sleep(Math.round((requestMin + part(service) * (requestMax - requestMin)) / 2), signal);
  return (signal) =>
    new Promise((resolve, reject) => {
      setImmediate(() => (signal.aborted ? reject(abortError()) : resolve()));
    });
}
