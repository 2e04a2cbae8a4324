import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { answer, ConnectionLost, type Network } from "./answer.js";
import type { WireAnswer } from "./protocols/protocol.js";
import { readRequest, type WireRequest } from "./wire-request.js";

export interface ServerAddress {
  readonly port: number;
  readonly host: string;
}

/** What is behind the server. */
export interface Behind extends Network {
  /** Handles a request to one of the cloud's load balancers; returns false for any other. */
  readonly forward: (message: IncomingMessage, response: ServerResponse) => boolean;
  /** Answers what is not a request to AWS; `undefined` if it is one. */
  readonly locally: (request: WireRequest) => WireAnswer | undefined;
}

export interface WireServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves AWS's APIs over HTTP. */
export async function serve({ port, host }: ServerAddress, behind: Behind): Promise<WireServer> {
  const server = createServer((message, response) => void respond(message, response, behind));
  // A client that keeps its connection must not lose a request to a timeout of ours.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await Promise.race([once(server, "listening"), failed(server)]);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name === "0.0.0.0" || name === "[::]" ? "127.0.0.1" : name}:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const failed = (server: Server): Promise<never> =>
  new Promise((_, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new Error(`The local cloud cannot listen: ${cause.message}.`, { cause }));
    });
  });

async function respond(message: IncomingMessage, response: ServerResponse, behind: Behind): Promise<void> {
  try {
    if (behind.forward(message, response)) return;
    const request = await readRequest(message);
    const { status, headers, body } = behind.locally(request) ?? (await answer(request, behind));
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  } catch (error) {
    // The answer is lost, or the request was not complete.
    if (!(error instanceof ConnectionLost) && !message.destroyed && !response.headersSent) {
      response.writeHead(500, { "content-type": "text/plain" });
      response.end(error instanceof Error ? error.message : String(error));
    } else message.socket.destroy();
  }
}
