import type { ServiceName } from "../../aws/api.js";
import { ServiceError } from "./service-error.js";

export interface FaultMatch {
  readonly service?: ServiceName;
  /** As the ports name it: `createService`. */
  readonly operation?: string;
  /** Which of the matching requests it hits first, from 1; requests that are tried again count. @defaultValue 1 */
  readonly nth?: number;
  /** How many matching requests in a row it hits. @defaultValue 1 */
  readonly times?: number;
}

export type FaultEffect =
  /** Refused, before anything happens: too many requests. */
  | { readonly kind: "throttled" }
  /** HTTP 500, and nothing has happened. */
  | { readonly kind: "error-before" }
  /** HTTP 500, and yet it has happened. */
  | { readonly kind: "error-after" }
  /** It has happened; the connection breaks before the answer is there. */
  | { readonly kind: "response-lost" }
  /** Refused with this code and message. */
  | { readonly kind: "refuse"; readonly code: string; readonly message?: string; readonly status?: number }
  /** Something else happens right then: an abort, or whatever `run` does. @defaultValue when: "before" */
  | {
      readonly kind: "abort";
      readonly run: AbortController | (() => void);
      readonly when?: "before" | "after";
    };

export type Fault = FaultMatch & FaultEffect;

export interface InjectedFault {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

/** Makes calls fail on purpose. */
export class Faults {
  readonly #active = new Set<ActiveFault>();

  inject(fault: Fault): InjectedFault {
    const active: ActiveFault = { fault, seen: 0, hits: 0 };
    this.#active.add(active);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => void this.#active.delete(active),
    };
  }

  clear(): void {
    this.#active.clear();
  }

  /** What this request meets. Every matching fault counts it. */
  match(service: ServiceName, operation: string): FaultEffect[] {
    const met: FaultEffect[] = [];
    for (const active of this.#active) {
      const { fault } = active;
      if (fault.service !== undefined && fault.service !== service) continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      active.seen++;
      const first = fault.nth ?? 1;
      if (active.seen < first || active.seen >= first + (fault.times ?? 1)) continue;
      active.hits++;
      met.push(fault);
    }
    return met;
  }
}

/** What the fault does before the request takes effect. */
export function faultBefore(effect: FaultEffect, throttle: () => ServiceError): void {
  if (effect.kind === "throttled") throw throttle();
  if (effect.kind === "error-before") throw serverError();
  if (effect.kind === "refuse")
    throw new ServiceError(effect.code, effect.message ?? effect.code, effect.status);
  if (effect.kind === "abort" && effect.when !== "after") run(effect.run);
}

/** What it does after. */
export function faultAfter(effect: FaultEffect): void {
  if (effect.kind === "error-after") throw serverError();
  if (effect.kind === "response-lost") throw lostConnection();
  if (effect.kind === "abort" && effect.when === "after") run(effect.run);
}

const run = (what: AbortController | (() => void)): void =>
  typeof what === "function" ? what() : what.abort();

const serverError = (): ServiceError =>
  new ServiceError("InternalFailure", "The request processing has failed because of an unknown error.", 500);

/** As Node's HTTP handler of the SDK gives it: an error of the connection, without an answer. */
function lostConnection(): Error {
  const error = Object.assign(new Error("read ECONNRESET"), {
    code: "ECONNRESET",
    errno: -104,
    syscall: "read",
  });
  error.name = "TimeoutError";
  return error;
}
