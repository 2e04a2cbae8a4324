import { setMaxListeners } from "node:events";
import type { Clock } from "../engine/clock.js";
import type { Emit } from "../engine/events.js";
import { abortedWhile } from "../engine/poll.js";
import { AbortedError, TimeoutError, type QuaysideError } from "../errors.js";
import type { AwsApi, Operation, ServiceName } from "./api.js";
import type { Cloud } from "./cloud.js";
import type { Progress } from "./credentials-error.js";
import { errorCode } from "./error-code.js";
import { isRead, operationName } from "./operation-name.js";
import type { Overrides } from "./overrides.js";
import { applyOverride, overridesFor } from "./overrides.js";
import type { PropagatingRoles } from "./propagating-roles.js";
import { RateLimits } from "./rate-limits.js";
import { retryableError, type RetryableError } from "./retryable-errors.js";
import { toAwsError } from "./to-aws-error.js";
import { changeWithinRun, CutOff, readWithinRun } from "./within-run.js";

export interface Run {
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly random: () => number;
  readonly region: string;
  /** The part of the run that AWS has seen: the calls keep it up to date. */
  readonly progress: Progress;
  /** Awaited before each request that changes something; a failure is that request's. */
  readonly beforeChange?: () => Promise<unknown>;
  readonly propagatingRoles: PropagatingRoles;
  /** Called when a request that changes something is sent, and when it has ended. */
  readonly onWrite?: (service: ServiceName, method: string) => void;
}

type Call = Operation<unknown, unknown>;

/**
 * A cloud's APIs for one run: with the user's overrides, AWS's rate limits, retries of transient errors, and
 * errors that say what failed.
 */
export function retryingClient(cloud: Cloud, run: Run, limits = new RateLimits(run.clock)): AwsApi {
  // Every call and every wait of the run listens to it, many at once.
  setMaxListeners(0, run.signal);
  const services = new Map<string, object>();
  return new Proxy({} as AwsApi, {
    get(_, service) {
      if (typeof service === "symbol" || !(service in cloud.ports)) return undefined;
      if (!services.has(service)) services.set(service, bindApi(cloud, service as ServiceName, limits, run));
      return services.get(service);
    },
  });
}

function bindApi(cloud: Cloud, service: ServiceName, limits: RateLimits, run: Run): object {
  const port = cloud.ports[service] as unknown as Readonly<Record<string, Call | undefined>>;
  return new Proxy(
    {},
    {
      get(_, method) {
        if (typeof method === "symbol" || typeof port[method] !== "function") return undefined;
        const withinRun = isRead(method) ? readWithinRun : changeWithinRun;
        const call = (input: unknown) => withinRun(run, (signal) => port[method]!(input, { signal }));
        return async (input: unknown) => {
          const request = applyOverride(overridesFor(service, method, run.overrides), method, input);
          if (!isRead(method)) {
            await run.beforeChange?.();
            run.onWrite?.(service, method);
          }
          const attempt = () => {
            run.propagatingRoles.noteRequest(service, method, request);
            return limits.run(service, method, run.signal, () => call(request), request as object);
          };
          const sent = send(service, method, attempt, run);
          const answer = await (isRead(method) ? sent : sent.finally(() => run.onWrite?.(service, method)));
          run.propagatingRoles.noteAnswer(service, method, answer);
          return answer;
        };
      },
    },
  );
}

async function send(
  service: ServiceName,
  method: string,
  attempt: () => Promise<unknown>,
  run: Run,
): Promise<unknown> {
  const { clock, signal, random } = run;
  const doing = `calling ${operationName(method)}`;
  const waiting = new Map<RetryableError, number>();
  for (let pause = 1_000; ; pause = Math.min(pause * 1.5, 10_000)) {
    if (signal.aborted) throw abortedWhile(signal, doing);
    try {
      const answer = await attempt();
      run.progress.answered = true;
      run.progress.changed ||= !isRead(method);
      return answer;
    } catch (error) {
      run.progress.answered ||= isAnswer(error);
      if (error instanceof CutOff) {
        // It may have arrived.
        run.progress.changed ||= !isRead(method);
        throw cutOff(signal, method, error);
      }
      if (signal.aborted && error === signal.reason) throw abortedWhile(signal, doing);
      const retryable = retryableError(service, method, error, (message) =>
        run.propagatingRoles.areNamedIn(message),
      );
      if (retryable === undefined) throw toAwsError(service, method, error, run);

      const now = clock.now();
      const since = waiting.get(retryable) ?? now;
      const left = since + retryable.seconds * 1000 - now;
      if (left <= 0)
        throw toAwsError(
          service,
          method,
          error,
          run,
          ` (waited ${minutes(retryable.seconds)}: ${retryable.why})`,
        );
      if (!waiting.has(retryable)) {
        waiting.set(retryable, now);
        const code = errorCode(error) ?? retryable.code;
        run.emit({ type: "retrying", at: now, operation: operationName(method), code, why: retryable.why });
      }
      await clock.sleep(Math.min(left, pause * (0.8 + 0.4 * random())), signal).catch((cause: unknown) => {
        throw signal.aborted ? abortedWhile(signal, doing) : cause;
      });
    }
  }
}

/** The error for a call that was in flight when the run ended: the result of a change is then unknown. */
function cutOff(signal: AbortSignal, method: string, { lastFailure }: CutOff): QuaysideError {
  const operation = operationName(method);
  const ended = abortedWhile(signal, `calling ${operation}`);
  if (isRead(method) && lastFailure === undefined) return ended;
  const result = isRead(method)
    ? ""
    : `; the result of ${operation} is unknown, because AWS had not answered`;
  const last =
    lastFailure === undefined ? "" : `; the last attempt of ${operation} had failed: ${lastFailure}`;
  const message = `${ended.message}${result}${last}`;
  const { facts, fix } = ended;
  const details = { cause: signal.reason as unknown, facts: { ...facts, operation }, fix };
  if (ended instanceof TimeoutError) return new TimeoutError(message, details);
  return new AbortedError(message, details);
}

/** True if AWS has answered, even if with an error. */
const isAnswer = (error: unknown): boolean =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata
    ?.httpStatusCode !== undefined;

const minutes = (seconds: number) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`);

/** Returns APIs that read through one and write through the other. */
export function splitApi(reads: AwsApi, writes: AwsApi): AwsApi {
  return new Proxy({} as AwsApi, {
    get(_, service) {
      if (typeof service === "symbol") return undefined;
      const [reading, writing] = [reads[service as ServiceName], writes[service as ServiceName]];
      if (reading === undefined) return undefined;
      return new Proxy(
        {},
        {
          get: (__, method) =>
            Reflect.get(typeof method === "string" && isRead(method) ? reading : writing, method),
        },
      );
    },
  });
}
