import { parseRedirect, parseResponse, type FixedResponseSpec, type RedirectSpec } from "./answer-actions.js";
import type { AnswerInput } from "./input.js";
import type { ListenerSpec } from "./listeners.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { valuesOf, type RequestConditionOptions, type RequestConditions } from "./request-conditions.js";
import { PRIORITY } from "./rule-priority.js";
import { parsePatterns } from "./route-patterns.js";
import type { Patterns } from "./split-route.js";

/** The requests that a load balancer answers by itself: those that have all of these. */
export interface AnsweredRequests extends RequestConditionOptions {
  /**
   * Path patterns, such as `"/old/*"`: up to 128 characters, case-sensitive, with the wildcards `*` and `?`.
   * @defaultValue `"/*"`
   */
  readonly path?: string | readonly string[] | undefined;
  /** Host patterns, such as `"www.example.com"`. @defaultValue any host */
  readonly host?: string | readonly string[] | undefined;
  /**
   * The listener rule's priority, 1 (evaluated first) to 50000; several rules get consecutive priorities.
   * @defaultValue a priority that puts more specific patterns first, among those of the deployments
   */
  readonly priority?: number | undefined;
}

/** A load balancer's own answer to some requests. */
export interface AnswerSpec {
  readonly path: readonly string[];
  readonly host: readonly string[];
  readonly conditions?: RequestConditions | undefined;
  readonly priority: number | undefined;
  /** The ports of the listeners that answer. */
  readonly ports: readonly number[];
  readonly action: RedirectSpec | FixedResponseSpec;
}

/** Parses the answers in the order of the calls. */
export function parseAnswers(
  calls: readonly AnswerInput[] = [],
  listeners: readonly ListenerSpec[],
  issues: Issues,
): readonly AnswerSpec[] {
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  const answers = calls.map((call) => parseAnswer(call, serving, issues));
  for (const [index, answer] of answers.entries()) {
    const key = requestsKey(answer);
    if (answers.slice(0, index).some((other) => requestsKey(other) === key))
      issues.add(
        `loadBalancer.${calls[index]!.by}`,
        `has the requests of another answer: ${describeRequests(answer)}`,
      );
    const isTaken = (other: AnswerSpec) =>
      other.priority === answer.priority && other.ports.some((port) => answer.ports.includes(port));
    if (answer.priority !== undefined && answers.slice(0, index).some(isTaken))
      issues.add(
        `loadBalancer.${calls[index]!.by}.requests.priority`,
        `${answer.priority} is that of another answer: a listener's rules have different priorities`,
      );
  }
  return answers;
}

function parseAnswer(
  { by, requests, options }: AnswerInput,
  serving: readonly ListenerSpec[],
  issues: Issues,
): AnswerSpec {
  const path = `loadBalancer.${by}`;
  const reader = new OptionsReader<AnsweredRequests>(requests, `${path}.requests`, issues);
  if (requests === undefined)
    issues.add(
      `${path}.requests`,
      `must be an object of conditions, such as { path: "/old/*" }; got ${formatValue(requests)}`,
    );
  const patterns = parsePatterns(reader, issues, [], `${path}.requests`);
  const priority = reader.integer("priority", PRIORITY);
  reader.close();
  const { action, ports } =
    by === "redirect"
      ? parseRedirect(options, patterns, serving, issues)
      : { action: parseResponse(options, issues), ports: serving.map(({ port }) => port) };
  return { ...patterns, priority, ports, action };
}

/** Reports a route whose requests the load balancer answers by itself. */
export function reportAnswered(
  answers: readonly AnswerSpec[] = [],
  route: Patterns & Pick<AnswerSpec, "conditions" | "priority">,
  issues: Issues,
): void {
  const same = answers.find((answer) => requestsKey(answer) === requestsKey(route));
  if (same !== undefined)
    issues.add(
      "behindAlb",
      `has the requests that the load balancer answers by itself (${same.action.type}): ${describeRequests(route)}`,
    );
  if (route.priority !== undefined && answers.some(({ priority }) => priority === route.priority))
    issues.add("behindAlb.priority", `${route.priority} is that of an answer of the load balancer`);
}

/** Equal for answers, and for routes, with the same requests. */
const requestsKey = ({
  path,
  host,
  conditions,
}: Patterns & { readonly conditions?: RequestConditions | undefined }): string =>
  JSON.stringify([
    [...host].map((each) => each.toLowerCase()).sort(),
    [...path].sort(),
    [...valuesOf(conditions), ...Object.keys(conditions?.headers ?? {})].sort(),
  ]);

/** The requests as text: `www.example.com/*`. */
const describeRequests = ({ path, host }: Patterns): string => `${host.join(" or ")}${path.join(" or ")}`;
