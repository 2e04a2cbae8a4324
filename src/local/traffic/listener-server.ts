import { createProxyServer } from "httpxy";
import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { SignedCertificate } from "./certificate-authority.js";
import { createHttp2Proxy, type ClientRequest, type ClientResponse } from "./http2-proxy.js";

/** A load balancer's own answer. */
export interface Responded {
  readonly respond: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer to a request, the port to forward it to, or none: its packets do not arrive. */
export type Decision = Responded | Forwarded | { readonly drop: true };

/** The target of a request. */
interface Forwarded {
  readonly port: number;
  /** True if the target speaks HTTP/2. */
  readonly isHttp2?: boolean;
  /** Called when the answer is complete, or the client has gone away. */
  readonly ended?: () => void;
}

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
  /** False if new connections are to use HTTP/1.1, over TLS as well. @defaultValue always true */
  readonly offersHttp2?: () => boolean;
  readonly at?: number;
}

/**
 * Starts a real HTTP server on loopback that answers or forwards requests as `decide` returns.
 *
 * @param options - the certificates of an HTTPS listener, and the port that it had before
 */
export async function startListenerServer(
  listener: { readonly port: number; readonly protocol: string },
  decide: (request: ClientRequest) => Decision,
  { identities, offersHttp2 = () => true, at = 0 }: ServerOptions = {},
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

  const http2 = createHttp2Proxy();

  const serve = (request: ClientRequest, response: ClientResponse): void => {
    toOriginForm(request);
    const decision = decide(request);
    if ("drop" in decision) return drop(request);
    if (!("port" in decision)) return answer(response, decision);
    const { port, isHttp2 = false, ended } = decision;
    if (ended !== undefined) response.once("close", ended);
    const { te } = request.headers;
    removeHopByHop(request.headers);
    addForwardedHeaders(request, listener);
    if (isHttp2) {
      if (te !== undefined) request.headers.te = te;
      return http2.toHttp2(request, response, port, () => badGateway(response));
    }
    if ("stream" in request) return http2.toHttp1(request, response, port, () => badGateway(response));
    void proxy.web(request, response as ServerResponse, { target: targetUrl(decision) });
  };
  const server = identities === undefined ? createServer(serve) : tlsServer(identities, serve, offersHttp2);
  const sessions = sessionsOf(server);
  const connections = connectionsOf(server);
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const decision = decide(request);
    if ("drop" in decision) return void socket.destroy();
    if (!("port" in decision)) {
      return socket.end(`HTTP/1.1 ${decision.respond} Not forwarded\r\nconnection: close\r\n\r\n`);
    }
    if (decision.ended !== undefined) socket.once("close", decision.ended);
    addForwardedHeaders(request, listener);
    void proxy.ws(request, socket, { target: targetUrl(decision) }, head);
  });

  const port = await listen(server, at);
  const close = () => {
    server.close();
    server.closeIdleConnections?.();
    for (const session of sessions) session.close();
  };
  return {
    port,
    close,
    end: () =>
      new Promise((resolve) => {
        if (!server.listening) resolve();
        else server.close(() => resolve());
        for (const session of sessions) session.destroy();
        for (const socket of connections) socket.destroy();
        http2.end();
      }),
  };
}

/** A server of either protocol; that of HTTPS listeners speaks HTTP/2 as well, as ELB does. */
type LoadBalancerServer = Omit<Server, "closeIdleConnections"> &
  Partial<Pick<Server, "closeIdleConnections">>;

/** The open connections, so that they can be ended: a server for HTTP/2 has no method for it. */
function connectionsOf(server: LoadBalancerServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** The connections over HTTP/2. */
function sessionsOf(server: LoadBalancerServer): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  return sessions;
}

function drop(request: ClientRequest): void {
  if ("stream" in request) request.stream.session?.destroy();
  else request.socket.destroy();
}

/** quayside's listeners have the policy ELBSecurityPolicy-TLS13-1-2-2021-06. */
function tlsServer(
  [first, ...others]: readonly ServerIdentity[],
  serve: (request: ClientRequest, response: ClientResponse) => void,
  offersHttp2: () => boolean,
): LoadBalancerServer {
  const { key, cert } = first!;
  const ALPNCallback = ({ protocols }: { readonly protocols: readonly string[] }): string | undefined =>
    ["h2", "http/1.1"].find((each) => (each !== "h2" || offersHttp2()) && protocols.includes(each));
  const options = { key, cert, minVersion: "TLSv1.2", allowHTTP1: true, ALPNCallback } as const;
  const server = createSecureServer(options, serve) as unknown as LoadBalancerServer & Http2SecureServer;
  for (const { names, key, cert } of others) for (const name of names) server.addContext(name, { key, cert });
  return server;
}

/** A request for a whole URL, as clients send to proxies: its host and path count (RFC 9112, 3.2.2). */
function toOriginForm(request: ClientRequest): void {
  const authority = request.headers[":authority"];
  if (typeof authority === "string") request.headers.host ??= authority;
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
  request: ClientRequest,
  { port, protocol }: { readonly port: number; readonly protocol: string },
): void {
  const client = request.socket.remoteAddress ?? "";
  const before = request.headers["x-forwarded-for"];
  request.headers["x-forwarded-for"] = before === undefined ? client : `${String(before)}, ${client}`;
  request.headers["x-forwarded-proto"] = protocol.toLowerCase();
  request.headers["x-forwarded-port"] = String(port);
}

function answer(response: ClientResponse, { respond, headers, body }: Responded): void {
  const all = { server: "awselb/2.0", "content-type": "text/plain", ...headers };
  (response as ServerResponse).writeHead(respond, all);
  (response as ServerResponse).end(body ?? "");
}

function badGateway(response: ClientResponse): void {
  if (response.headersSent) (response as ServerResponse).destroy();
  else answer(response, { respond: 502, body: "502 Bad Gateway\n" });
}

const listen = (server: LoadBalancerServer, at: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
