import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { listenBeside, listenOnLoopback } from "../core/listen-on-loopback.js";
import { connectToFirst } from "./connect-tcp-proxy.js";
import type { ChooseUpstreams, ConnectProxy, OtherAddress, Upstream } from "./connect-upstream.js";

/** The header of test traffic in a blue/green deployment. Source: ECS Developer Guide, "Service Connect resources for Amazon ECS blue/green deployments". */
const TEST_HEADER = "x-amzn-ecs-blue-green-test";
/** Methods whose request may be sent again after its connection has broken. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/**
 * Passes requests on as Service Connect's proxy does: in turns over the tasks, and again to another task if one does not
 * accept the connection.
 */
export async function startHttpProxy(choose: ChooseUpstreams, address?: OtherAddress): Promise<ConnectProxy> {
  const server = createServer((incoming, response) => void forward(choose, incoming, response));
  server.on("upgrade", (incoming, socket, head) => void upgrade(choose, incoming, socket, head));
  server.on("clientError", (_, socket) => socket.destroy());
  const port = await listenOnLoopback(server);
  const endBeside = address === undefined ? undefined : await listenBeside(server, port, address);
  return {
    port,
    end: async () => {
      endBeside?.();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function forward(
  choose: ChooseUpstreams,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const upstreams = choose(incoming.headers[TEST_HEADER] !== undefined);
  if (upstreams === "unreachable") return answer(response, 503, UNREACHABLE);
  if (upstreams.length === 0) return answer(response, 503, "no healthy upstream");
  let last: Failure | undefined;
  for (const upstream of upstreams) {
    last = await attempt(upstream, incoming, Buffer.concat(chunks), response);
    if (last === undefined || last === "timed-out") break;
    if (last === "reset" && !IDEMPOTENT.includes(incoming.method ?? "GET")) break;
  }
  if (last === "timed-out") answer(response, 504, "upstream request timeout");
  else if (last !== undefined) answer(response, 503, UNREACHABLE);
}

const UNREACHABLE =
  "upstream connect error or disconnect/reset before headers. reset reason: connection failure";

type Failure = "refused" | "reset" | "timed-out";

/** Sends the request to one task; resolves once it is answered, or with why it was not. */
const attempt = (
  { port, requestTimeout }: Upstream,
  { method = "GET", url = "/", headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<Failure | undefined> =>
  new Promise((resolve) => {
    let isConnected = false;
    const { "transfer-encoding": _, ...sent } = headers;
    const outgoing = request({
      host: "127.0.0.1",
      port,
      method,
      path: url,
      agent: false,
      headers: {
        ...sent,
        "x-forwarded-proto": "http",
        ...(body.length > 0 && { "content-length": String(body.length) }),
      },
    });
    const timer =
      requestTimeout === 0
        ? undefined
        : setTimeout(() => {
            if (!response.headersSent) resolve("timed-out");
            outgoing.destroy();
          }, requestTimeout * 1000);
    outgoing.once("socket", (socket) => socket.once("connect", () => (isConnected = true)));
    outgoing.once("response", (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
      answered.once("error", () => response.destroy());
      answered.once("close", () => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
    outgoing.on("error", () => {
      clearTimeout(timer);
      if (!response.headersSent) return resolve(isConnected ? "reset" : "refused");
      response.destroy();
      resolve(undefined);
    });
    response.once("close", () => outgoing.destroy());
    outgoing.end(body);
  });

async function upgrade(
  choose: ChooseUpstreams,
  { method = "GET", url = "/", rawHeaders }: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  client.on("error", () => client.destroy());
  const upstream = await connectToFirst(choose);
  if (upstream === undefined) return void client.destroy();
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
  );
  upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  upstream.write(head);
  upstream.once("close", () => client.destroy()).on("error", () => client.destroy());
  client.once("close", () => upstream.destroy());
  upstream.pipe(client);
  client.pipe(upstream);
}

function answer(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { "content-type": "text/plain", server: "envoy" });
  response.end(body);
}
