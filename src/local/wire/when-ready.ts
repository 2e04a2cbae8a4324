import type { WireAnswer } from "./protocols/protocol.js";
import type { WireRequest } from "./wire-request.js";

/** `GET /` answers when the cloud is ready, for scripts that wait for it. */
export function whenReady({ method, path, headers, query }: WireRequest): WireAnswer | undefined {
  const isPlain = headers["authorization"] === undefined && !query.has("Action");
  if (path !== "/" || (method !== "GET" && method !== "HEAD") || !isPlain) return undefined;
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ status: "ready", cloud: "quayside-local" }),
  };
}
