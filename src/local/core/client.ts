import { setMaxListeners } from "node:events";
import type { AwsApi, ServiceName } from "../../aws/api.js";
import { isWrite, type RecordedCall } from "./calls.js";
import type { LocalClock } from "./clock.js";
import { durations } from "./durations.js";
import { faultAfter, faultBefore, type Faults } from "./faults.js";
import { withRetries } from "./retry.js";
import { Throttle, throttled } from "./throttle.js";

export interface ClientOptions {
  readonly clock: LocalClock;
  readonly random: () => number;
  readonly faults: Faults;
  /** Every request is added here. */
  readonly calls: RecordedCall[];
  /** Half of a request's way: there, or back. */
  readonly latency: (signal: AbortSignal) => Promise<void>;
  /** Fires when the cloud is closed: whoever waits then gets an error. */
  readonly closing: AbortSignal;
}

type Handler = (input: object, options?: { readonly signal?: AbortSignal }) => Promise<object>;

/** Between a caller and the services: what the SDK and the network are to AWS. */
export function createClient(services: AwsApi, options: ClientOptions): AwsApi {
  const throttle = new Throttle(options.clock);
  // Every request under way listens to it.
  setMaxListeners(0, options.closing);
  const ports = Object.entries(services).map(([service, handlers]) => [
    service,
    port(service as ServiceName, handlers as Record<string, Handler>, throttle, options),
  ]);
  return Object.fromEntries(ports) as unknown as AwsApi;
}

function port(
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
      // Not a thenable, and nothing to serialise.
      if (operation === "then" || operation === "toJSON") return undefined;
      throw new Error(`The local cloud has no operation ${service}.${operation}.`);
    },
  });
}

interface Request {
  readonly service: ServiceName;
  readonly operation: string;
  readonly handle: Handler;
  readonly input: object;
  readonly signal: AbortSignal | undefined;
  readonly throttle: Throttle;
}

async function send(request: Request, options: ClientOptions): Promise<object> {
  const { signal: own } = request;
  const { closing } = options;
  const signal = own === undefined ? closing : AbortSignal.any([own, closing]);
  // Nothing is shared with the caller, also not while the request is tried again.
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
  const { service, operation, handle } = request;
  if (signal.aborted) throw abortError();
  await options.latency(signal);
  const input = structuredClone(request.input);
  const call: RecordedCall = {
    at: options.clock.now(),
    service,
    operation,
    input: structuredClone(input),
    write: isWrite(operation),
  };
  options.calls.push(call);
  const effects = options.faults.match(service, operation);
  try {
    for (const effect of effects) faultBefore(effect, () => throttled(service));
    // Aborted before it has arrived: nothing happens.
    if (signal.aborted) throw abortError();
    request.throttle.take(service, operation, input);
    const output = structuredClone(await handle(input));
    for (const effect of effects) faultAfter(effect);
    await options.latency(signal);
    return output;
  } catch (error) {
    call.error = error instanceof Error ? error.name : String(error);
    // An error takes its time back, too.
    await options.latency(signal);
    throw error;
  }
}

/** The SDK's own. */
function abortError(): Error {
  const error = new Error("Request aborted");
  error.name = "AbortError";
  return error;
}

/** On the virtual clock a request takes what it takes on AWS; on the real clock no longer than it must. */
export function travelOn(clock: LocalClock, random: () => number, real: boolean): ClientOptions["latency"] {
  const { requestMin, requestMax } = durations;
  if (!real)
    return (signal) =>
      clock.sleep(Math.round((requestMin + random() * (requestMax - requestMin)) / 2), signal);
  return (signal) =>
    new Promise((resolve, reject) => {
      setImmediate(() => (signal.aborted ? reject(abortError()) : resolve()));
    });
}
