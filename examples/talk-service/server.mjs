// The talk-service of the conference: /talk returns the container's host name, /health its health.
import { createServer } from "node:http";
import { hostname } from "node:os";

const host = process.env.HOSTNAME || hostname();
const version = process.env.VERSION ? ` (version ${process.env.VERSION})` : "";
const port = Number(process.env.PORT || 8080);
/** Milliseconds of CPU per answer, which give autoscaling a load. */
const work = Number(process.env.WORK_MS || 0);

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/talk") {
    console.log(`${request.method} ${pathname}`);
    for (const end = performance.now() + work; performance.now() < end;);
    response.writeHead(200, { "content-type": "text/plain;charset=UTF-8" });
    response.end(`Talk details returned by ${host}${version}\n`);
  } else if (pathname === "/health") {
    // The answer of Spring Boot Actuator.
    response.writeHead(200, { "content-type": "application/vnd.spring-boot.actuator.v3+json" });
    response.end(JSON.stringify({ status: "UP" }));
  } else {
    response.writeHead(404, { "content-type": "text/plain;charset=UTF-8" });
    response.end("Not found\n");
  }
});

server.listen(port, () => console.log(`talk-service listens on port ${server.address().port} of ${host}`));

// ECS sends SIGTERM and waits: requests in progress are completed.
process.once("SIGTERM", () => {
  console.log("talk-service stops");
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
