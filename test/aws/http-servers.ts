import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Starts a server on a free port of this computer. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export function closeServers(): void {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) server.close();
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** A proxy that forwards plain requests and, by CONNECT, everything else; all of it to one endpoint. */
export async function startProxy(
  endpoint: string,
  { password }: { readonly password?: string } = {},
): Promise<{ readonly url: string; readonly requests: string[] }> {
  const requests: string[] = [];
  const isAllowed = (request: IncomingMessage): boolean =>
    password === undefined ||
    request.headers["proxy-authorization"] === `Basic ${Buffer.from(`user:${password}`).toString("base64")}`;
  const { port } = new URL(endpoint);
  const { server, url } = await serve(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (!isAllowed(request))
      return void response.writeHead(407, { "content-type": "text/html" }).end("<p>407</p>");
    const answer = await fetch(endpoint, {
      method: request.method!,
      body: await bodyOf(request),
      headers: { "x-amz-target": String(request.headers["x-amz-target"]) },
    });
    response
      .writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" })
      .end(await answer.text());
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    sockets.add(socket);
    if (!isAllowed(request)) {
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    }
    const there = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      there.pipe(socket).pipe(there);
    });
    sockets.add(there);
  });
  return { url, requests };
}
