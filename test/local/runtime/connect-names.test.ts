import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectVariables, nodeVariables } from "../../../src/local/runtime/connect-names.js";

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

const run = async (code: string): Promise<string> => {
  const names = new Map([["orders:8080", port]]);
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], {
    env: { ...nodeVariables(names, "--no-warnings"), ...connectVariables(names, "127.0.0.1") },
  });
  return stdout.trim();
};

test.each([
  ["fetch", `console.log(await (await fetch("http://orders:8080/a")).text())`],
  ["fetch of a name in capitals", `console.log(await (await fetch("http://Orders:8080/a")).text())`],
  [
    "node:http",
    `import { get } from "node:http";
     get("http://orders:8080/a", async (r) => { for await (const c of r) console.log(String(c)); });`,
  ],
  [
    "a socket by port and host",
    `import { connect } from "node:net";
     const socket = connect(8080, "orders", () => socket.end("GET /a HTTP/1.1\\r\\nHost: orders:8080\\r\\nConnection: close\\r\\n\\r\\n"));
     let all = ""; for await (const chunk of socket) all += chunk; console.log(all.split("\\r\\n\\r\\n")[1].split("\\r\\n")[1] ?? all);`,
  ],
  [
    "the variables",
    `const { ORDERS_SERVICE_HOST: host, ORDERS_SERVICE_PORT: port } = process.env;
     console.log(await (await fetch("http://" + host + ":" + port + "/a", { headers: { host: "orders:8080" } })).text());`,
  ],
])("a process of Node.js reaches a name by %s", async (_, code) => {
  const answered = await run(code);
  expect(answered).toMatch(/(orders:8080|127\.0\.0\.1:\d+)\/a$/);
});

test("other names and ports are left alone, and a process without names gets no variables", async () => {
  const error = await run(
    `console.log(await fetch("http://orders:8081").then(() => "answered", (e) => e.cause.code))`,
  );
  expect(error).toMatch(/ENOTFOUND|EAI_AGAIN/);
  expect(nodeVariables(new Map(), "--no-warnings")).toEqual({});
  expect(connectVariables(undefined, "127.0.0.1")).toEqual({});
});
