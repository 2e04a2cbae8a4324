// A gRPC server of one method, without a library: it answers each message with the version of the process.
import { createServer } from "node:http2";

const message = (text) => {
  const body = Buffer.from(text);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(body.length, 1);
  return Buffer.concat([frame, body]);
};

const server = createServer();
const sessions = new Set();
server.on("session", (session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
});
server.on("stream", (stream, headers) => {
  const isKnown = headers[":path"] === "/conference.Talks/Version";
  const status = isKnown ? "0" : "12";
  stream.on("error", () => {});
  stream.resume();
  stream.on("end", () => {
    if (!isKnown)
      return stream.respond(
        { ":status": 200, "content-type": "application/grpc", "grpc-status": status },
        { endStream: true },
      );
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
    stream.end(message(process.env.VERSION ?? "?"));
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
process.on("SIGTERM", () => {
  for (const session of sessions) session.close();
  server.close(() => process.exit(0));
});
