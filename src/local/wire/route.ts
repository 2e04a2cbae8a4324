import type { ApiOperation } from "./api-model.js";
import { scopeOf, type Scope } from "./scope.js";
import type { WireRequest } from "./wire-request.js";
import { WIRE_SERVICES, type WireService } from "./wire-services.js";

type ProtocolName = "json" | "query" | "ec2" | "cbor" | "rpc-json" | "rest-json" | "rest-xml";

/** Where a request is going: its service, in which protocol, and what of the account. */
export interface Route {
  readonly scope: Scope;
  readonly service: WireService | undefined;
  readonly protocol: ProtocolName;
  /** `CreateCluster`; `undefined` where only the URI's pattern tells it. */
  readonly operation: string | undefined;
  /** The parameters of the query protocols. */
  readonly parameters: URLSearchParams | undefined;
}

const RPC = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

/** Finds out what a request asks for, in the order in which AWS's SDKs leave their marks. */
export function route(request: WireRequest): Route {
  const scope = scopeOf(request);
  const rpc = RPC.exec(request.path);
  if (rpc !== null) {
    const protocol = request.headers["smithy-protocol"] === "rpc-v2-json" ? "rpc-json" : "cbor";
    return { scope, service: byTarget(rpc[1]!), protocol, operation: rpc[2], parameters: undefined };
  }
  const target = request.headers["x-amz-target"];
  if (target !== undefined) {
    const dot = target.lastIndexOf(".");
    const operation = target.slice(dot + 1);
    return {
      scope,
      service: byTarget(target.slice(0, dot)),
      protocol: "json",
      operation,
      parameters: undefined,
    };
  }
  const parameters = parametersOf(request);
  const action = parameters.get("Action");
  if (action !== null) {
    const service = byVersion(scope, parameters.get("Version"));
    const protocol = service?.protocol === "ec2" || scope.signingName === "ec2" ? "ec2" : "query";
    return { scope, service, protocol, operation: action, parameters };
  }
  const service =
    bySigningName(scope.signingName) ??
    WIRE_SERVICES.find(
      ({ protocol, version }) => protocol === "rest-xml" && request.path.startsWith(`/${version}/`),
    ) ??
    WIRE_SERVICES.find((one) => one.protocol === "rest-json");
  const protocol = service?.protocol === "rest-xml" ? "rest-xml" : "rest-json";
  return { scope, service, protocol, operation: undefined, parameters: undefined };
}

function parametersOf({ headers, query, body }: WireRequest): URLSearchParams {
  const isForm = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  if (!isForm || body.length === 0) return query;
  return new URLSearchParams(body.toString("utf8"));
}

const byTarget = (target: string): WireService | undefined =>
  WIRE_SERVICES.find((service) => service.target === target);

const bySigningName = (name: string | undefined): WireService | undefined =>
  WIRE_SERVICES.find((service) => service.signingName === name);

/** Classic and newer load balancers share a signing name: their versions differ. */
function byVersion(scope: Scope, version: string | null): WireService | undefined {
  const signed = bySigningName(scope.signingName);
  if (signed !== undefined) {
    return version === null || version === signed.version || signed.service !== "elb" ? signed : undefined;
  }
  return scope.signingName === undefined ? WIRE_SERVICES.find((one) => one.version === version) : undefined;
}

/** The REST operation whose method and pattern match, with the values of the labels in its path. */
export function matchRest(
  operations: Iterable<ApiOperation>,
  { method, path }: WireRequest,
): { readonly operation: ApiOperation; readonly labels: Readonly<Record<string, string>> } | undefined {
  for (const operation of operations) {
    if (operation.http?.[0] !== method) continue;
    const names: string[] = [];
    const pattern = operation.http[1].replace(/\?.*$/, "").replace(/\{(\w+)\+?\}/g, (_, name: string) => {
      names.push(name);
      return "([^/]+)";
    });
    const found = new RegExp(`^${pattern}/?$`).exec(path);
    if (found === null) continue;
    const labels = names.map((name, index) => [name, decodeURIComponent(found[index + 1]!)]);
    return { operation, labels: Object.fromEntries(labels) as Record<string, string> };
  }
  return undefined;
}
