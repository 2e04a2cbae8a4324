import { request as sendRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Listener } from "../services/elb/state.js";
import type { Endpoint } from "./endpoint.js";

/**
 * Forwards a request to a load balancer of the cloud: its `Host` is the load balancer's DNS name, also with
 * `.localhost` behind it, which this computer resolves; or it came to a proxy with that name in its URL. Returns
 * false if it is not for a load balancer.
 */
export function forwardToLoadBalancer(
  message: IncomingMessage,
  response: ServerResponse,
  endpoints: Iterable<Endpoint>,
): boolean {
  const target = targetOf(message);
  if (target === undefined) return false;
  for (const { account } of endpoints) {
    for (const { arn, dnsName } of account.elb.loadBalancers.values()) {
      if (dnsName.toLowerCase() !== target.name) continue;
      const listener = [...account.elb.listeners.values()].find(
        (each) => each.loadBalancerArn === arn && each.port === target.port,
      );
      const address = listener && account.traffic.address(listener);
      if (address === undefined) refuse(response, listener, target.port);
      else send(message, response, new URL(target.path, address), dnsName);
      return true;
    }
  }
  return false;
}

interface Target {
  readonly name: string;
  readonly port: number;
  readonly path: string;
}

const LOAD_BALANCER = /^([\w-]+\.[\w-]+\.elb\.[\w.]+?)(\.localhost)?(?::(\d+))?$/;

function targetOf({ url = "/", headers }: IncomingMessage): Target | undefined {
  const proxied = /^http:\/\/([^/]+)(\/.*)?$/.exec(url);
  const [, name, suffix, port] = LOAD_BALANCER.exec((proxied?.[1] ?? headers.host ?? "").toLowerCase()) ?? [];
  if (name === undefined) return undefined;
  // Behind `.localhost`, the port is that of this server.
  const isOwnPort = suffix !== undefined || port === undefined;
  return { name, port: isOwnPort ? 80 : Number(port), path: proxied === null ? url : (proxied[2] ?? "/") };
}

function send(message: IncomingMessage, response: ServerResponse, to: URL, host: string): void {
  const { method, headers } = message;
  const own = { ...headers, host };
  const forwarded = sendRequest(to, { method, headers: own }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.once("error", () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  message.pipe(forwarded);
}

function refuse(response: ServerResponse, listener: Listener | undefined, port: number): void {
  const message =
    listener === undefined
      ? `The load balancer has no listener on port ${port}.`
      : "The load balancer answers only on the real clock.";
  response.writeHead(503, { "content-type": "text/plain" });
  response.end(`${message}\n`);
}
