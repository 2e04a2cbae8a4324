// Writes numbered lines, each kind of process that the tests need: one that runs on, one that ends.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

const [task = "serve"] = process.argv.slice(2);
const version = process.env.VERSION ?? "?";
console.log(`${task} v${version} pid ${process.pid}`);

if (task === "fail") {
  for (const line of ["reading", "writing"]) console.log(line);
  console.error(`Error: ${process.env.REASON ?? "no reason"}`);
  process.exitCode = 3;
} else {
  let count = 0;
  const write = () => console.log(`line ${++count}`);
  const server = createServer((_request, response) => response.end()).listen(Number(process.env.PORT));
  process.once("SIGTERM", () => {
    // More than a pipe takes at once: the end must come through, too.
    for (let each = 0; each < 2000; each++) write();
    console.log(`end ${count}`);
    server.close();
    stopped = true;
  });
  let stopped = false;
  while (!stopped) {
    write();
    await pause(2);
  }
}
