// A service of a shop: answers at /, asks the next one if it has one, and ends what it has begun when it is told to stop.
import { createServer } from "node:http";

const { PORT, NAME, NEXT, VERSION = "1", CONNECTION = "keep-alive" } = process.env;

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  response.setHeader("connection", CONNECTION);
  if (pathname === "/health") return response.end("ok");
  try {
    const next = NEXT === undefined ? undefined : await (await fetch(NEXT)).json();
    const status = next?.status ?? 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: `${NAME}:${VERSION}`, ...(next && { next }) }));
  } catch (error) {
    response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: NAME, error: String(error.cause ?? error) }));
  }
});
server.listen(Number(PORT));
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
