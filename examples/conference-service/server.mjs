// A service of the conference: /{topic} returns the service's name, /health its health.
import { createServer } from "node:http";

const topic = process.env.TOPIC || "talk";
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const known = pathname === "/health" || pathname.startsWith(`/${topic}`);
  response.writeHead(known ? 200 : 404, { "content-type": "text/plain;charset=UTF-8" });
  response.end(known ? `${topic}-service answers\n` : "Not found\n");
});
server.listen(Number(process.env.PORT || 8080));

// ECS sends SIGTERM and waits: requests in progress are completed.
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
