import { connect } from "node:http2";
import { grpcStatus } from "./grpc-status.js";

/** An empty message of gRPC: not compressed, of length 0. */
const EMPTY_MESSAGE = Buffer.alloc(5);

/**
 * Asks a target over HTTP/2 without TLS: the HTTP status, or gRPC's own, or the code of the error.
 *
 * @param isGrpc - true if the path is a method of gRPC
 */
export const askOverHttp2 = (
  port: number,
  path: string,
  isGrpc: boolean,
  signal: AbortSignal,
): Promise<number | string | undefined> =>
  new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const end = (result: number | string | undefined): void => {
      session.destroy();
      resolve(result);
    };
    session.on("error", (error: NodeJS.ErrnoException) => end(error.code));
    signal.addEventListener("abort", () => end("ABORT_ERR"), { once: true });
    if (signal.aborted) return end("ABORT_ERR");
    const stream = session.request({
      ":path": path,
      ":method": isGrpc ? "POST" : "GET",
      "user-agent": "ELB-HealthChecker/2.0",
      ...(isGrpc && { "content-type": "application/grpc", te: "trailers" }),
    });
    let headers: Record<string, unknown> = {};
    stream.on("response", (answer) => (headers = { ...answer }));
    stream.on("trailers", (trailers) => (headers = { ...headers, ...trailers }));
    stream.on("error", (error: NodeJS.ErrnoException) => end(error.code));
    stream.on("close", () => {
      const status = Number(headers[":status"] ?? 0);
      end(status === 0 ? "ECONNRESET" : isGrpc ? grpcStatus({ status, headers }) : status);
    });
    stream.resume();
    stream.end(isGrpc ? EMPTY_MESSAGE : undefined);
  });
