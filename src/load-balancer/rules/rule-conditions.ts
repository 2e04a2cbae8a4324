import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** The requests that a rule matches. */
export interface Route {
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /**
   * True if it also has conditions on headers, methods, queries or source addresses: it matches only some of
   * these requests.
   */
  readonly narrowed: boolean;
}

export function toConditions(route: Pick<Route, "path" | "host">): RuleCondition[] {
  const conditions: RuleCondition[] = [];
  if (route.host.length > 0)
    conditions.push({ Field: "host-header", HostHeaderConfig: { Values: [...route.host] } });
  if (route.path.length > 0)
    conditions.push({ Field: "path-pattern", PathPatternConfig: { Values: [...route.path] } });
  return conditions;
}

/** Reads the short form (`Values`) as well as the full one. */
export function routeOf(conditions: readonly RuleCondition[]): Route {
  const values = (field: string, config: (condition: RuleCondition) => string[] | undefined): string[] =>
    conditions
      .filter(({ Field }) => Field === field)
      .flatMap((condition) => config(condition) ?? condition.Values ?? []);
  return {
    path: values("path-pattern", ({ PathPatternConfig }) => PathPatternConfig?.Values),
    host: values("host-header", ({ HostHeaderConfig }) => HostHeaderConfig?.Values),
    narrowed: conditions.some(({ Field }) => Field !== "path-pattern" && Field !== "host-header"),
  };
}

/** True if they match the same requests, written in the short form or in the full one, in any order. */
export function sameConditions(one: readonly RuleCondition[], other: readonly RuleCondition[]): boolean {
  const texts = (conditions: readonly RuleCondition[]): string[] => conditions.map(conditionText).sort();
  return texts(one).join("\n") === texts(other).join("\n");
}

function conditionText(condition: RuleCondition): string {
  const { Field = "", HostHeaderConfig, HttpHeaderConfig, PathPatternConfig, Values } = condition;
  const { Values: values = Values ?? [] } = HostHeaderConfig ?? HttpHeaderConfig ?? PathPatternConfig ?? {};
  const header = HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? "";
  return [Field, header, ...[...values].sort()].join(" ");
}

/** The route as text: `/talk*`, `api.example.com/talk* or /speak*`. */
export function describeRoute({ path, host, narrowed }: Route): string {
  const where = `${host.join(" or ")}${path.join(" or ")}`;
  return `${where === "" ? "any path" : where}${narrowed ? " (and further conditions)" : ""}`;
}
