// A UDP server: answers each datagram with the version and its text; and a TCP port, for health checks.
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

const { VERSION, PORT, PORT_53 } = process.env;
const server = createSocket("udp4");
server.on("message", (datagram, { address, port }) =>
  server.send(`${VERSION} ${String(datagram)}`, port, address),
);
server.bind(Number(PORT_53), "127.0.0.1");
createServer((socket) => socket.end()).listen(Number(PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
