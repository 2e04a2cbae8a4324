import { request as requestOverHttp1, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import {
  connect,
  type ClientHttp2Session,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { ServerResponse } from "node:http";

/** A request of a client, over HTTP/1.1 or HTTP/2. */
export type ClientRequest = IncomingMessage | Http2ServerRequest;

/** The answer to a client, over HTTP/1.1 or HTTP/2. */
export type ClientResponse = ServerResponse | Http2ServerResponse;

/** Forwards what HTTP/1.1 at both ends does not serve: requests over HTTP/2, and to targets that speak it. */
export interface Http2Proxy {
  /** Forwards to a target that speaks HTTP/1.1. */
  toHttp1(request: ClientRequest, response: ClientResponse, port: number, onFailure: () => void): void;
  /** Forwards to a target that speaks HTTP/2 without TLS, as gRPC servers do. */
  toHttp2(request: ClientRequest, response: ClientResponse, port: number, onFailure: () => void): void;
  /** Ends the connections to targets. */
  end(): void;
}

/** Headers of one connection, which HTTP/2 does not have. Source: RFC 9113, 8.2.2. */
const OF_CONNECTION = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "host",
];

/** The flag of a frame that is the last of its stream. Source: RFC 9113, 6.2. */
const END_STREAM = 1;

export function createHttp2Proxy(): Http2Proxy {
  const sessions = new Map<number, ClientHttp2Session>();
  const sessionTo = (port: number): ClientHttp2Session => {
    const known = sessions.get(port);
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const session = connect(`http://127.0.0.1:${port}`);
    sessions.set(port, session);
    const forget = (): void => void (sessions.get(port) === session && sessions.delete(port));
    // Each request reports the failure of its own stream.
    session.on("error", forget).on("close", forget).on("goaway", forget);
    return session;
  };
  return {
    toHttp1(request, response, port, onFailure) {
      const { method = "GET", url: path = "/" } = request;
      const { host = "" } = request.headers;
      const headers = { ...plainHeaders(request.headers), host };
      const outgoing = requestOverHttp1({ host: "127.0.0.1", port, method, path, headers });
      outgoing.once("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, plainHeaders(answer.headers) as OutgoingHttpHeaders);
        answer.pipe(response as NodeJS.WritableStream);
        // The client must not take a part for the whole.
        answer.once("close", () => void (!answer.complete && breakOff(response)));
      });
      outgoing.on("error", () => (response.headersSent ? breakOff(response) : onFailure()));
      response.once("close", () => outgoing.destroy());
      request.pipe(outgoing);
    },

    toHttp2(request, response, port, onFailure) {
      const { method = "GET", url = "/" } = request;
      const { host = "" } = request.headers;
      const outgoing = sessionTo(port).request({
        ...plainHeaders(request.headers),
        // gRPC servers insist on it, and it is of one connection in HTTP/1.1 only.
        ...(request.headers.te === "trailers" && { te: "trailers" }),
        ":method": method,
        ":path": url,
        ":authority": host,
      });
      let trailers: IncomingHttpHeaders = {};
      outgoing.once("trailers", (found: IncomingHttpHeaders) => (trailers = withoutPseudo(found)));
      outgoing.once("response", (answer, flags) => {
        const status = Number(answer[":status"] ?? 502);
        const headers = withoutPseudo(answer) as OutgoingHttpHeaders;
        const isWhole = (flags & END_STREAM) !== 0;
        if (!("stream" in response)) {
          response.writeHead(status, headers);
          return void outgoing.pipe(response);
        }
        if (response.stream.destroyed) return;
        // gRPC's answers without a message are one frame.
        if (isWhole) return response.stream.respond({ ":status": status, ...headers }, { endStream: true });
        response.writeHead(status, headers);
        outgoing.pipe(response as NodeJS.WritableStream, { end: false });
        outgoing.once("end", () => {
          response.addTrailers(trailers as OutgoingHttpHeaders);
          response.end();
        });
      });
      outgoing.on("error", () => (response.headersSent ? breakOff(response) : onFailure()));
      response.once("close", () => outgoing.close());
      request.pipe(outgoing);
    },

    end() {
      for (const session of sessions.values()) session.destroy();
    },
  };
}

/** Ends an answer in a way that shows that it is incomplete. */
const breakOff = (response: ClientResponse): void =>
  void ("stream" in response && response.stream !== undefined
    ? response.stream.close(2)
    : (response as ServerResponse).destroy());

const withoutPseudo = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));

function plainHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const plain = withoutPseudo(headers);
  for (const name of [...OF_CONNECTION, "te"]) delete plain[name];
  return plain;
}
