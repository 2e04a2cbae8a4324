// A service of the conference: /{topic} says what answers, /health that it can.
import { createServer } from "node:http";

const topic = process.env.TOPIC || "talk";
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const known = pathname === "/health" || pathname.startsWith(`/${topic}`);
  response.writeHead(known ? 200 : 404, { "content-type": "text/plain;charset=UTF-8" });
  response.end(known ? `${topic}-service answers\n` : "Not found\n");
});
server.listen(Number(process.env.PORT || 8080));

// ECS says SIGTERM and waits: what is being answered is answered to its end.
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
