// A TCP server: answers each line with the version and the line, until its clients end.
import { createServer } from "node:net";

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) socket.write(`${process.env.VERSION} ${line}\n`);
  });
  socket.on("end", () => socket.end());
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)));
