import { createProxyServer } from "httpxy";
import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";

/** The answer to a request, the port to forward it to, or none: its packets do not arrive. */
export type Decision =
  | { readonly respond: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly port: number }
  | { readonly drop: true };

export interface ListenerServer {
  readonly port: number;
  /** Accepts no new connection from now on; requests in flight are completed. */
  close(): void;
  /** Ends at once, with every connection. */
  end(): Promise<void>;
}

/** Starts a real HTTP server on loopback that answers or forwards requests as `decide` returns. */
export async function startListenerServer(
  listener: { readonly port: number; readonly protocol: string },
  decide: (request: IncomingMessage) => Decision,
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

  const server = createServer((request, response) => {
    toOriginForm(request);
    const decision = decide(request);
    if ("drop" in decision) return void request.socket.destroy();
    if (!("port" in decision)) return answer(response, decision);
    removeHopByHop(request.headers);
    addForwardedHeaders(request, listener);
    void proxy.web(request, response, { target: targetUrl(decision) });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const decision = decide(request);
    if ("drop" in decision) return void socket.destroy();
    if (!("port" in decision)) {
      return socket.end(`HTTP/1.1 ${decision.respond} Not forwarded\r\nconnection: close\r\n\r\n`);
    }
    addForwardedHeaders(request, listener);
    void proxy.ws(request, socket, { target: targetUrl(decision) }, head);
  });

  const port = await listen(server);
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

/** On this computer, an HTTPS listener speaks HTTP; its targets must not notice. */
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

function answer(
  response: ServerResponse,
  { respond, headers, body }: Extract<Decision, { respond: number }>,
): void {
  response.writeHead(respond, { server: "awselb/2.0", "content-type": "text/plain", ...headers });
  response.end(body ?? "");
}

function badGateway(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else answer(response, { respond: 502, body: "502 Bad Gateway\n" });
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
