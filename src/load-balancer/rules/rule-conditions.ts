import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { sortLike } from "../../engine/diff.js";
import type { RequestConditions } from "../../spec/request-conditions.js";

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
  /** These further conditions as texts, which are equal for equal conditions. @defaultValue none that are known */
  readonly further?: readonly string[];
}

export function toConditions(
  route: Pick<Route, "path" | "host"> & Partial<NamedConditions>,
): RuleCondition[] {
  const conditions: RuleCondition[] = [];
  if (route.host.length > 0)
    conditions.push({ Field: "host-header", HostHeaderConfig: { Values: [...route.host] } });
  if (route.path.length > 0)
    conditions.push({ Field: "path-pattern", PathPatternConfig: { Values: [...route.path] } });
  for (const [name, values] of Object.entries(route.headers ?? {}))
    conditions.push({
      Field: "http-header",
      HttpHeaderConfig: { HttpHeaderName: name, Values: [...values] },
    });
  if (route.methods !== undefined)
    conditions.push({
      Field: "http-request-method",
      HttpRequestMethodConfig: { Values: [...route.methods] },
    });
  for (const [Key, values] of Object.entries(route.query ?? {}))
    conditions.push({
      Field: "query-string",
      QueryStringConfig: { Values: values.map((Value) => ({ Key, Value })) },
    });
  if (route.source !== undefined)
    conditions.push({ Field: "source-ip", SourceIpConfig: { Values: [...route.source] } });
  return conditions;
}

/** The further conditions of a rule, each of them `undefined` if the rule has none of its sort. */
export interface NamedConditions {
  readonly methods: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, readonly string[]>> | undefined;
  readonly query: Readonly<Record<string, readonly string[]>> | undefined;
  readonly source: readonly string[] | undefined;
}

/** The conditions of a route as a rule has them. */
export const namedConditions = (conditions: RequestConditions | undefined): NamedConditions => ({
  methods: someOf(conditions?.methods),
  headers: somePairs(conditions?.headers),
  query: somePairs(conditions?.query),
  source: someOf(conditions?.source),
});

const someOf = (values: readonly string[] | undefined): readonly string[] | undefined =>
  values === undefined || values.length === 0 ? undefined : values;

const somePairs = <Pairs extends object>(pairs: Pairs | undefined): Pairs | undefined =>
  pairs === undefined || Object.keys(pairs).length === 0 ? undefined : pairs;

/** The further conditions that a rule has, in the order and the spelling of the described ones. */
export function conditionsLike(
  described: Partial<NamedConditions>,
  conditions: readonly RuleCondition[],
): NamedConditions {
  const methods: string[] = [];
  const source: string[] = [];
  const headers = new Map<string, readonly string[]>();
  const query = new Map<string, readonly string[]>();
  const put = (
    pairs: Map<string, readonly string[]>,
    known: object | undefined,
    name: string,
    values: string[],
  ) => {
    const own = Object.entries(known ?? {}) as [string, readonly string[]][];
    const like = own.find(([each]) => each.toLowerCase() === name.toLowerCase());
    const key = like?.[0] ?? name;
    // Two conditions on one name, which a request has to meet both, are not what a chain describes.
    pairs.set(pairs.has(key) ? `${key} (again)` : key, sortLike(like?.[1] ?? [], values));
  };
  for (const {
    Field,
    HttpHeaderConfig,
    HttpRequestMethodConfig,
    QueryStringConfig,
    SourceIpConfig,
  } of conditions) {
    if (Field === "http-header")
      put(headers, described.headers, HttpHeaderConfig?.HttpHeaderName ?? "", HttpHeaderConfig?.Values ?? []);
    if (Field === "http-request-method") methods.push(...(HttpRequestMethodConfig?.Values ?? []));
    if (Field === "source-ip") source.push(...(SourceIpConfig?.Values ?? []));
    if (Field === "query-string") {
      const pairs = QueryStringConfig?.Values ?? [];
      const names = new Set(pairs.map(({ Key }) => Key ?? ""));
      const name = names.size === 1 ? [...names][0]! : [...names].join(" or ");
      put(
        query,
        described.query,
        name,
        pairs.map(({ Value }) => Value ?? ""),
      );
    }
  }
  return {
    methods: someOf(sortLike(described.methods ?? [], methods)),
    headers: somePairs(Object.fromEntries(headers)),
    query: somePairs(Object.fromEntries(query)),
    source: someOf(sortLike(described.source ?? [], source)),
  };
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
    ...furtherOf(conditions),
  };
}

/** The conditions besides path and host. */
export function furtherOf(conditions: readonly RuleCondition[]): Pick<Route, "narrowed" | "further"> {
  const further = conditions.filter(({ Field }) => Field !== "path-pattern" && Field !== "host-header");
  return further.length === 0
    ? { narrowed: false }
    : { narrowed: true, further: further.map(conditionText).sort() };
}

/** True if they match the same requests, written in the short form or in the full one, in any order. */
export function sameConditions(one: readonly RuleCondition[], other: readonly RuleCondition[]): boolean {
  const texts = (conditions: readonly RuleCondition[]): string[] => conditions.map(conditionText).sort();
  return texts(one).join("\n") === texts(other).join("\n");
}

function conditionText(condition: RuleCondition): string {
  const { Field = "", HttpHeaderConfig } = condition;
  const header = HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? "";
  return [Field, header, ...[...valuesIn(condition)].sort()].join(" ");
}

/** The values of a condition; a pair of a query is one value. */
export const valuesIn = ({
  HostHeaderConfig,
  HttpHeaderConfig,
  HttpRequestMethodConfig,
  PathPatternConfig,
  QueryStringConfig,
  SourceIpConfig,
  Values = [],
}: RuleCondition): readonly string[] =>
  QueryStringConfig?.Values?.map(({ Key = "", Value = "" }) => `${Key}=${Value}`) ??
  (HostHeaderConfig ?? HttpHeaderConfig ?? HttpRequestMethodConfig ?? PathPatternConfig ?? SourceIpConfig)
    ?.Values ??
  Values;

/** The route as text: `/talk*`, `api.example.com/talk* or /speak*`. */
export function describeRoute({ path, host, narrowed, further = [] }: Route): string {
  const where = `${host.join(" or ")}${path.join(" or ")}`;
  const conditions = further.length > 0 ? ` with ${further.join(" and ")}` : " (and further conditions)";
  return `${where === "" ? "any path" : where}${narrowed ? conditions : ""}`;
}
