// The process of these tests' images: reports its host name and port.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const body = JSON.stringify({
    host: process.env.HOSTNAME,
    version: process.env.VERSION,
    path: pathname,
    headers: request.headers,
    env: Object.keys(process.env),
  });
  const wait = Number(searchParams.get("wait") ?? 0);
  setTimeout(() => response.end(body), wait);
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  console.log(`listening as ${process.env.HOSTNAME}`);
  console.error("to stderr");
});
if (process.argv.includes("--stubborn")) process.on("SIGTERM", () => console.log("not yet"));
if (process.argv.includes("--exit")) process.exit(7);
