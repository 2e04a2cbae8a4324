import type { OperationName, ServiceName } from "../../aws/api.js";
import { iamAction } from "../../aws/operation-name.js";
import { checkFault, type OperationsOf } from "../checks/fault.js";
import { accessDenied, credentialsExpired, regionNotEnabled } from "./caller.js";
import { ServiceError } from "./service-error.js";
import { throttled } from "./throttle.js";

/** Which requests a fault hits. */
export interface FaultMatch<Service extends ServiceName = ServiceName> {
  /** @defaultValue any service */
  readonly service?: Service;
  /** The operation as the SDK's client names it: `createService`. @defaultValue any operation of the service */
  readonly operation?: OperationName<Service>;
  /** The first matching request to fail, counted from 1; retries count. @defaultValue 1 */
  readonly nth?: number;
  /** The number of consecutive matching requests to fail. @defaultValue 1 */
  readonly times?: number;
}

export type FaultEffect =
  /** Rejected before anything happens: too many requests. */
  | { readonly kind: "throttled" }
  /** HTTP 500, and nothing has happened. */
  | { readonly kind: "error-before" }
  /** HTTP 500, although the request took effect. */
  | { readonly kind: "error-after" }
  /** The request took effect, but the connection breaks before the answer arrives. */
  | { readonly kind: "response-lost" }
  /** Rejected with this code and message. */
  | { readonly kind: "refuse"; readonly code: string; readonly message?: string; readonly status?: number }
  /** Rejected: the caller's session has ended. With `times: Infinity`, until the fault is removed. */
  | { readonly kind: "credentials-expired" }
  /** Rejected, as by a region that the account has not enabled. IAM, which has no region, answers. */
  | { readonly kind: "region-not-enabled" }
  /** Rejected: the caller's policies do not allow the operation. */
  | { readonly kind: "access-denied" }
  /** Something else happens at this moment: an abort, or what `run` does. @defaultValue when: "before" */
  | {
      readonly kind: "abort";
      readonly run: AbortController | (() => void);
      readonly when?: "before" | "after";
    };

export type Fault<Service extends ServiceName = ServiceName> = FaultMatch<Service> & FaultEffect;

export interface InjectedFault {
  /** The number of requests that it has hit so far. */
  readonly hits: number;
  remove(): void;
}

interface ActiveFault {
  readonly fault: Fault;
  seen: number;
  hits: number;
}

/** Makes calls fail on purpose. */
export interface Faults {
  /**
   * Makes requests fail from now on.
   *
   * @example
   * ```ts
   * import { localCloud } from "quayside/local";
   *
   * const cloud = localCloud({ clock: "virtual" });
   * cloud.faults.inject({ service: "ecs", operation: "createService", kind: "throttled", times: 2 });
   * ```
   *
   * @throws SpecError if the fault would never hit, such as one for an operation that does not exist.
   */
  inject<Service extends ServiceName = ServiceName>(fault: Fault<Service>): InjectedFault;
  /** Removes all faults. */
  clear(): void;
}

/** The faults of one cloud. */
export class ActiveFaults implements Faults {
  readonly #active = new Set<ActiveFault>();
  #services: OperationsOf = {};

  /** Sets the operations that a request can have. */
  knows(services: object): void {
    this.#services = services as OperationsOf;
  }

  inject<Service extends ServiceName = ServiceName>(fault: Fault<Service>): InjectedFault {
    checkFault(fault, this.#services);
    const active: ActiveFault = { fault: fault as Fault, seen: 0, hits: 0 };
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

  /** The effects of the faults that hit this request. Every matching fault counts it. */
  match(service: ServiceName, operation: string): FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const active of this.#active) {
      const { fault } = active;
      if (fault.service !== undefined && fault.service !== service) continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      active.seen++;
      const first = fault.nth ?? 1;
      if (active.seen < first || active.seen >= first + (fault.times ?? 1)) continue;
      active.hits++;
      effects.push(fault);
    }
    return effects;
  }
}

/** The request that meets a fault. */
export interface FaultyRequest {
  readonly service: ServiceName;
  readonly operation: string;
  /** The caller's ARN. */
  readonly caller: string;
}

/** Applies the part of a fault that precedes the request's effect. */
export function faultBefore(effect: FaultEffect, { service, operation, caller }: FaultyRequest): void {
  if (effect.kind === "throttled") throw throttled(service);
  if (effect.kind === "credentials-expired") throw credentialsExpired(service);
  if (effect.kind === "access-denied") throw accessDenied(service, iamAction(service, operation), caller);
  const disabled = effect.kind === "region-not-enabled" ? regionNotEnabled(service) : undefined;
  if (disabled !== undefined) throw disabled;
  if (effect.kind === "error-before") throw serverError();
  if (effect.kind === "refuse")
    throw new ServiceError(effect.code, effect.message ?? effect.code, effect.status);
  if (effect.kind === "abort" && effect.when !== "after") run(effect.run);
}

/** Applies the part of a fault that follows the request's effect. */
export function faultAfter(effect: FaultEffect): void {
  if (effect.kind === "error-after") throw serverError();
  if (effect.kind === "response-lost") throw lostConnection();
  if (effect.kind === "abort" && effect.when === "after") run(effect.run);
}

const run = (what: AbortController | (() => void)): void =>
  typeof what === "function" ? what() : what.abort();

const serverError = (): ServiceError =>
  new ServiceError("InternalFailure", "The request processing has failed because of an unknown error.", 500);

/** A connection error without an answer, as the SDK's Node HTTP handler throws it. */
function lostConnection(): Error {
  const error = Object.assign(new Error("read ECONNRESET"), {
    code: "ECONNRESET",
    errno: -104,
    syscall: "read",
  });
  error.name = "TimeoutError";
  return error;
}
