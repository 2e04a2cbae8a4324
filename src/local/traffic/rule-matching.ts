import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Rule } from "../services/elb/state.js";

export interface RequestToMatch {
  /** Without its port. */
  readonly host: string;
  /** Without its query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The first rule whose conditions all hold: `rules` are in the order of their priorities, the default last. */
export const matchingRule = (rules: readonly Rule[], request: RequestToMatch): Rule | undefined =>
  rules.find(({ conditions }) => conditions.every((condition) => holds(condition, request)));

function holds(condition: RuleCondition, { host, path, headers }: RequestToMatch): boolean {
  const values = condition.Values ?? [];
  // Paths are case-sensitive, host names are not.
  if (condition.Field === "path-pattern") return values.some((pattern) => matches(pattern, path, ""));
  if (condition.Field === "host-header") return values.some((pattern) => matches(pattern, host, "i"));
  const { HttpHeaderName: name = "", Values: texts = [] } = condition.HttpHeaderConfig ?? {};
  if (condition.Field === "http-header") {
    const sent = [headers[name.toLowerCase()] ?? []].flat();
    return sent.some((value) => texts.some((pattern) => matches(pattern, value, "i")));
  }
  return false;
}

/** `*` stands for any characters, none too; `?` for exactly one. */
function matches(pattern: string, text: string, flags: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `${flags}s`).test(text);
}

/** The target group of a forward action, drawn by the weights; `undefined` when all of them are 0. */
export function drawGroup(action: Action, random: () => number): string | undefined {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  const total = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
  let left = random() * total;
  for (const { TargetGroupArn, Weight = 1 } of groups) {
    if (Weight > 0 && left < Weight) return TargetGroupArn;
    left -= Weight;
  }
  return undefined;
}

/** Where a redirect action sends a request: parts that it does not name stay. */
export function redirectLocation(
  action: Action,
  {
    protocol,
    host,
    port,
    path,
    query,
  }: Pick<RequestToMatch, "host" | "path"> & { protocol: string; port: number; query: string },
): string {
  const { Protocol, Host, Port, Path, Query } = action.RedirectConfig ?? { StatusCode: undefined };
  const fill = (template: string) =>
    template
      .replaceAll("#{protocol}", protocol)
      .replaceAll("#{host}", host)
      .replaceAll("#{port}", String(port))
      .replaceAll("#{path}", path.slice(1))
      .replaceAll("#{query}", query);
  const scheme = fill(Protocol ?? protocol).toLowerCase();
  const newQuery = fill(Query ?? query);
  const base = `${scheme}://${fill(Host ?? host)}:${fill(Port ?? String(port))}${fill(Path ?? path)}`;
  return newQuery === "" ? base : `${base}?${newQuery}`;
}
