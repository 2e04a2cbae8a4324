import { formatValue, oneOf } from "../../spec/parsing/format-value.js";
import { isPlainObject } from "../../spec/parsing/frozen-copy.js";
import { Issues } from "../../spec/parsing/issues.js";
import { OptionsReader } from "../../spec/parsing/options-reader.js";
import { suggest } from "../../spec/parsing/suggest.js";
import { oneOfWords } from "./one-of-words.js";

/** The keys of each kind of fault, besides those that tell which requests it hits. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  throttled: [],
  "error-before": [],
  "error-after": [],
  "response-lost": [],
  refuse: ["code", "message", "status"],
  "credentials-expired": [],
  "region-not-enabled": [],
  "access-denied": [],
  abort: ["run", "when"],
};

/** The operations of a cloud, by service. */
export type OperationsOf = Readonly<Record<string, object>>;

/** Checks a fault: one with a typo would never hit, and the test that injects it would pass. */
export function checkFault(fault: unknown, services: OperationsOf): void {
  const issues = new Issues();
  const options = new OptionsReader<Readonly<Record<string, unknown>>>(fault, "fault", issues);
  const kind = oneOfWords(options, "kind", Object.keys(KINDS));
  if (isPlainObject(fault) && fault["kind"] === undefined)
    options.issue("kind", `is required: ${oneOf(Object.keys(KINDS).map((each) => `"${each}"`))}`);
  const service = oneOfWords(options, "service", Object.keys(services));
  checkOperation(options, service, services);
  options.integer("nth", { min: 1 });
  // Until it is removed.
  if (options.raw("times") !== Infinity) options.integer("times", { min: 1 });
  for (const key of KINDS[kind ?? ""] ?? Object.values(KINDS).flat()) options.raw(key);
  if (kind === "refuse") {
    if (options.string("code") === undefined && (fault as { code?: unknown }).code === undefined)
      options.issue("code", 'is required: the code of AWS\'s error, such as "ClientException"');
    options.string("message");
    options.integer("status", { min: 400, max: 599 });
  }
  if (kind === "abort") {
    oneOfWords(options, "when", ["before", "after"]);
    const run = options.raw("run");
    const isRun = typeof run === "function" || (typeof run === "object" && run !== null && "abort" in run);
    if (!isRun) options.issue("run", `must be an AbortController or a function; got ${formatValue(run)}`);
  }
  options.close();
  issues.throwIfAny("The fault");
}

function checkOperation(
  options: OptionsReader<Readonly<Record<string, unknown>>>,
  service: string | undefined,
  services: OperationsOf,
): void {
  const operation = options.raw("operation");
  if (operation === undefined) return;
  const known = Object.entries(services).flatMap(([name, api]) =>
    service === undefined || service === name ? Object.keys(api) : [],
  );
  if (known.includes(operation as string)) return;
  const near = typeof operation === "string" ? suggest(operation, known) : undefined;
  options.issue(
    "operation",
    `must be an operation${service === undefined ? "" : ` of ${service}`} as its API names it, such as "${near ?? known[0]}"; got ${formatValue(operation)}`,
  );
}
