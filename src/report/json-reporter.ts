import type { QuaysideEvent } from "../engine/events.js";
import { escaped } from "../printable.js";
import { checkReporterOptions } from "./check-reporter-options.js";
import type { Output } from "./output.js";

export interface JsonReporterOptions {
  /** @defaultValue `process.stdout` */
  readonly stream?: Output;
}

/**
 * Creates an `onEvent` that writes every event as one line of JSON, for logs and other programs.
 *
 * @example
 * await talk.deploy({ onEvent: jsonReporter() });
 */
export function jsonReporter(options: JsonReporterOptions = {}): (event: QuaysideEvent) => void {
  checkReporterOptions("jsonReporter", options);
  const stream = options.stream ?? process.stdout;
  return (event) => void stream.write(`${escaped(JSON.stringify(event))}\n`);
}
