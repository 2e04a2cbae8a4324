import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { BlockList, isIP } from "node:net";
import type { Rule } from "../services/elb/state.js";

export interface RequestToMatch {
  /** Without its port. */
  readonly host: string;
  /** Without its query. */
  readonly path: string;
  readonly query: string;
  readonly method: string;
  /** Keyed by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The address of the client. */
  readonly address: string;
}

/** The first rule whose conditions all match: `rules` are sorted by priority, the default last. */
export const matchingRule = (rules: readonly Rule[], request: RequestToMatch): Rule | undefined =>
  rules.find(({ conditions }) => conditions.every((condition) => matchesCondition(condition, request)));

function matchesCondition(condition: RuleCondition, request: RequestToMatch): boolean {
  const values = condition.Values ?? [];
  switch (condition.Field) {
    // Paths are case-sensitive; host names, headers and queries are not.
    case "path-pattern":
      return values.some((pattern) => matches(pattern, request.path, ""));
    case "host-header":
      return values.some((pattern) => matches(pattern, request.host, "i"));
    case "http-header": {
      const { HttpHeaderName = "", Values = [] } = condition.HttpHeaderConfig ?? {};
      const sent = [request.headers[HttpHeaderName.toLowerCase()] ?? []].flat();
      return sent.some((value) => Values.some((pattern) => matches(pattern, value, "i")));
    }
    case "http-request-method":
      return condition.HttpRequestMethodConfig?.Values?.includes(request.method) === true;
    case "query-string": {
      const sent = [...new URLSearchParams(request.query)];
      const wanted = condition.QueryStringConfig?.Values ?? [];
      return sent.some(([name, value]) =>
        wanted.some(
          ({ Key, Value = "" }) =>
            (Key === undefined || matches(Key, name, "i")) && matches(Value, value, "i"),
        ),
      );
    }
    case "source-ip":
      return condition.SourceIpConfig?.Values?.some((block) => contains(block, request.address)) === true;
    default:
      return false;
  }
}

function contains(block: string, address: string): boolean {
  const [network = "", length] = block.split("/");
  const family = isIP(network) === 4 ? "ipv4" : "ipv6";
  const blocks = new BlockList();
  blocks.addSubnet(network, Number(length), family);
  const plain = address.replace(/^::ffff:/, "");
  return blocks.check(plain, isIP(plain) === 4 ? "ipv4" : "ipv6");
}

/** `*` matches any characters, or none; `?` exactly one. */
function matches(pattern: string, text: string, flags: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `${flags}s`).test(text);
}

/** The target group of a forward action, drawn by weight; `undefined` if all weights are 0. */
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

/** The target URL of a redirect action: parts that it does not name stay. */
export function redirectLocation(
  action: Action,
  {
    protocol,
    host,
    port,
    path,
    query,
  }: Pick<RequestToMatch, "host" | "path" | "query"> & { readonly protocol: string; readonly port: number },
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
