import type { ApiModel, ApiOperation } from "../api-model.js";
import type { WireRequest } from "../wire-request.js";

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What a request is read from. */
export interface ReadFrom {
  readonly request: WireRequest;
  readonly operation: ApiOperation;
  readonly parameters: URLSearchParams | undefined;
  /** The values in the path of a REST operation. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Members of the error besides its message. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** One of AWS's protocols, seen from the service's side. */
export interface Protocol {
  /** The request's input as plain data, not checked yet. */
  readonly read: (from: ReadFrom) => object;
  readonly write: (operation: ApiOperation, output: object, model: ApiModel, requestId: string) => WireAnswer;
  readonly writeError: (error: WireError, model: ApiModel | undefined, requestId: string) => WireAnswer;
}
