// Answers each message over a WebSocket with its version, and lets open sockets end when it is told to stop.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const { PORT, VERSION } = process.env;
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const server = createServer((_, response) => response.end("ok"));
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    const isText = (chunk[0] & 0x0f) === 1;
    // A text of one frame, or the other side's close, which is returned.
    if (isText) socket.write(Buffer.from([0x81, VERSION.length, ...Buffer.from(VERSION)]));
    else socket.end(Buffer.from([0x88, 0]));
  });
});
server.listen(Number(PORT));
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
