import { createProxyServer } from "httpxy";
import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { SignedCertificate } from "./certificate-authority.js";

/** A load balancer's own answer. */
export interface Responded {
  readonly respond: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer to a request, the port to forward it to, or none: its packets do not arrive. */
export type Decision = Responded | { readonly port: number } | { readonly drop: true };

export interface ListenerServer {
  readonly port: number;
  /** Accepts no new connection from now on; requests in flight are completed. */
  close(): void;
  /** Ends at once, with every connection. */
  end(): Promise<void>;
}

/** A certificate and the names that it is for. */
export interface ServerIdentity extends SignedCertificate {
  readonly names: readonly string[];
}

interface ServerOptions {
  /** The default certificate first. */
  readonly identities?: readonly ServerIdentity[] | undefined;
  readonly at?: number;
}

/**
 * Starts a real HTTP server on loopback that answers or forwards requests as `decide` returns.
 *
 * @param options - the certificates of an HTTPS listener, and the port that it had before
 */
export async function startListenerServer(
  listener: { readonly port: number; readonly protocol: string },
  decide: (request: IncomingMessage) => Decision,
  { identities, at = 0 }: ServerOptions = {},
): Promise<ListenerServer> {
  const proxy = createProxyServer({});
  proxy.on("error", (_error, _request, response) => {
    if (response instanceof ServerResponse) badGateway(response);
  });
  proxy.on("proxyRes", (targetResponse, _request, response) => {
    // The target's connection is not the client's.
    removeHopByHop(targetResponse.headers);
    // If the target dies during its answer, the client must not wait for the rest.
    targetResponse.once("close", () => {
      if (!targetResponse.complete) response.destroy();
    });
  });

  const serve: RequestListener = (request, response) => {
    toOriginForm(request);
    const decision = decide(request);
    if ("drop" in decision) return void request.socket.destroy();
    if (!("port" in decision)) return answer(response, decision);
    removeHopByHop(request.headers);
    addForwardedHeaders(request, listener);
    void proxy.web(request, response, { target: targetUrl(decision) });
  };
  const server = identities === undefined ? createServer(serve) : tlsServer(identities, serve);
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const decision = decide(request);
    if ("drop" in decision) return void socket.destroy();
    if (!("port" in decision)) {
      return socket.end(`HTTP/1.1 ${decision.respond} Not forwarded\r\nconnection: close\r\n\r\n`);
    }
    addForwardedHeaders(request, listener);
    void proxy.ws(request, socket, { target: targetUrl(decision) }, head);
  });

  const port = await listen(server, at);
  const close = () => {
    server.close();
    server.closeIdleConnections();
  };
  return {
    port,
    close,
    end: () =>
      new Promise((resolve) => {
        if (!server.listening) resolve();
        else server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** quayside's listeners have the policy ELBSecurityPolicy-TLS13-1-2-2021-06. */
function tlsServer([first, ...others]: readonly ServerIdentity[], serve: RequestListener): Server {
  const { key, cert } = first!;
  const server = createTlsServer({ key, cert, minVersion: "TLSv1.2" }, serve);
  for (const { names, key, cert } of others) for (const name of names) server.addContext(name, { key, cert });
  return server;
}

/** A request for a whole URL, as clients send to proxies: its host and path count (RFC 9112, 3.2.2). */
function toOriginForm(request: IncomingMessage): void {
  const { url = "" } = request;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return;
  const { host, pathname, search } = new URL(url);
  request.url = `${pathname}${search}`;
  request.headers.host = host;
}

/** Headers of one connection: each side has its own (RFC 9110, 7.6.1). Node frames the body by itself. */
function removeHopByHop(headers: IncomingMessage["headers"]): void {
  const named = (headers.connection ?? "").toLowerCase().split(",");
  const always = ["connection", "keep-alive", "proxy-connection", "te", "upgrade"];
  for (const name of [...named.map((each) => each.trim()), ...always]) {
    if (!["host", "content-length", "transfer-encoding"].includes(name)) delete headers[name];
  }
}

const targetUrl = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}`;

/** Targets are asked over HTTP, and learn from the headers how the client has asked. */
function addForwardedHeaders(
  request: IncomingMessage,
  { port, protocol }: { readonly port: number; readonly protocol: string },
): void {
  const client = request.socket.remoteAddress ?? "";
  const before = request.headers["x-forwarded-for"];
  request.headers["x-forwarded-for"] = before === undefined ? client : `${String(before)}, ${client}`;
  request.headers["x-forwarded-proto"] = protocol.toLowerCase();
  request.headers["x-forwarded-port"] = String(port);
}

function answer(response: ServerResponse, { respond, headers, body }: Responded): void {
  response.writeHead(respond, { server: "awselb/2.0", "content-type": "text/plain", ...headers });
  response.end(body ?? "");
}

function badGateway(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else answer(response, { respond: 502, body: "502 Bad Gateway\n" });
}

const listen = (server: Server, at: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
