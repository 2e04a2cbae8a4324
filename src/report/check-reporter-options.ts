import { formatValue } from "../spec/parsing/format-value.js";
import { Issues } from "../spec/parsing/issues.js";
import { OptionsReader } from "../spec/parsing/options-reader.js";

/** The options that a reporter has besides its stream. */
interface ReporterOptionNames {
  readonly switches?: readonly string[];
  /** Paths of files; `false` for none. */
  readonly paths?: readonly string[];
}

/**
 * Checks the options of a reporter. A reporter that is passed without calling it gets an event as its options:
 * `onEvent: terminalReporter`.
 */
export function checkReporterOptions(
  reporter: string,
  given: unknown,
  { switches = [], paths = [] }: ReporterOptionNames = {},
): void {
  const issues = new Issues();
  if (isEvent(given)) issues.add("onEvent", `must be ${reporter}(), not ${reporter}: call it`);
  else {
    const options = new OptionsReader<Readonly<Record<string, unknown>>>(given, "options", issues);
    const stream = options.raw("stream");
    const isStream = typeof (stream as { readonly write?: unknown } | null)?.write === "function";
    if (stream !== undefined && !isStream)
      options.issue(
        "stream",
        `must be a writable stream, such as process.stdout; got ${formatValue(stream)}`,
      );
    for (const key of switches) options.boolean(key);
    for (const key of paths)
      if (options.raw(key) !== false) options.path(key, "the path of a file, or false");
    options.close();
  }
  issues.throwIfAny(`${reporter}()`);
}

const isEvent = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "type" in value && "at" in value;
