import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRead, operationName } from "../operation-name.js";
import { Redactor } from "./redactor.js";

/** A request as it was sent, and what came back. */
export interface Exchange {
  readonly service: string;
  /** The operation as AWS names it, or as the SDK's method. */
  readonly operation: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly request: unknown;
  readonly answer?: unknown;
  readonly error?: unknown;
}

/** One file of a recording. */
export interface Recording {
  readonly service: string;
  /** `DescribeClusters` */
  readonly operation: string;
  readonly startedAt: string;
  readonly milliseconds: number;
  /** True if it changes nothing. */
  readonly read: boolean;
  readonly request: unknown;
  readonly answer?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly status?: number };
}

export type Recorder = (exchange: Exchange) => void;

/** Returns an exchange as it is recorded: without accounts, addresses, host names, credentials and secrets. */
export function toRecording(exchange: Exchange, redactor: Redactor): Recording {
  const { service, startedAt, endedAt, request, answer, error } = exchange;
  const operation = operationName(exchange.operation);
  return {
    service,
    operation,
    startedAt: new Date(startedAt).toISOString(),
    milliseconds: Math.max(0, Math.round(endedAt - startedAt)),
    read: isRead(operation.charAt(0).toLowerCase() + operation.slice(1)),
    request: redactor.redact(request ?? {}, service),
    ...(error === undefined
      ? { answer: redactor.redact(withoutMetadata(answer), service) }
      : { error: errorOf(error, redactor) }),
  };
}

/**
 * Writes each exchange as a JSON file, `0001-ecs-DescribeClusters.json`, into a new folder of `path`. The file is
 * written before the answer goes on, so that a run that is killed leaves all of them.
 */
export function recordTo(path: string): Recorder {
  const redactor = new Redactor();
  let folder: string | undefined;
  let count = 0;
  let isBroken = false;
  return (exchange) => {
    if (isBroken) return;
    const recording = toRecording(exchange, redactor);
    const number = String(++count).padStart(4, "0");
    const file = `${number}-${recording.service}-${recording.operation}.json`;
    try {
      folder ??= newFolder(path, exchange.startedAt);
      writeFileSync(join(folder, file), `${JSON.stringify(recording, undefined, 2)}\n`);
    } catch (error) {
      // The disk may be full: no reason to leave a deploy half done.
      isBroken = true;
      process.emitWarning(`quayside stopped recording at ${file}: ${(error as Error).message}`);
    }
  };
}

function newFolder(path: string, now: number): string {
  mkdirSync(path, { recursive: true });
  return mkdtempSync(join(path, `${new Date(now).toISOString().replace(/[:.]/g, "-")}-`));
}

function withoutMetadata(answer: unknown): unknown {
  const { $metadata: _, ...members } = (answer ?? {}) as { readonly $metadata?: unknown };
  return members;
}

function errorOf(error: unknown, redactor: Redactor): NonNullable<Recording["error"]> {
  const { name, message, code, $metadata, $response } = (error ?? {}) as {
    readonly name?: string;
    readonly message?: string;
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  return {
    name: name === "Error" && typeof code === "string" ? code : (name ?? "Error"),
    message: redactor.text(message ?? String(error)),
    ...(status !== undefined && { status }),
  };
}
