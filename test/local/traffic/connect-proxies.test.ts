import { createServer, type RequestListener } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { startHttpProxy } from "../../../src/local/traffic/connect-http-proxy.js";
import { startTcpProxy } from "../../../src/local/traffic/connect-tcp-proxy.js";
import type { ChooseUpstreams, ConnectProxy } from "../../../src/local/traffic/connect-upstream.js";

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  ending.push(() => server.close());
  return (server.address() as AddressInfo).port;
}
const answering = (handle: RequestListener): Promise<number> => listening(createServer(handle));
/** A port at which nothing listens any more. */
async function refusing(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
const resetting = (): Promise<number> =>
  listening(createTcpServer((socket) => socket.once("data", () => socket.destroy())));

const to =
  (...ports: readonly number[]): ChooseUpstreams =>
  () =>
    ports.map((port) => ({ port, requestTimeout: 15 }));
async function started(starting: Promise<ConnectProxy>): Promise<string> {
  const proxy = await starting;
  ending.push(() => proxy.end());
  return `http://127.0.0.1:${proxy.port}`;
}
const asked = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return [response.status, await response.text()] as const;
};

describe("the proxy of HTTP", () => {
  test("passes methods, paths, headers and bodies on", async () => {
    const port = await answering(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      response.writeHead(201, { "x-own": "1" });
      response.end(`${request.method} ${request.url} ${request.headers["x-a"] as string} ${body}`);
    });
    const url = await started(startHttpProxy(to(port)));
    const response = await fetch(`${url}/a?b=1`, { method: "POST", headers: { "x-a": "2" }, body: "text" });
    expect([response.status, response.headers.get("x-own")]).toEqual([201, "1"]);
    expect(await response.text()).toBe("POST /a?b=1 2 text");
  });

  test("asks the next task if one does not listen any more, whatever the method", async () => {
    const port = await answering((_, response) => response.end("ok"));
    const url = await started(startHttpProxy(to(await refusing(), port)));
    expect(await asked(url)).toEqual([200, "ok"]);
    expect(await asked(url, { method: "POST", body: "text" })).toEqual([200, "ok"]);
  });

  test("asks again after a broken connection only if the request may be sent twice", async () => {
    const port = await answering((_, response) => response.end("ok"));
    const url = await started(startHttpProxy(to(await resetting(), port)));
    expect(await asked(url)).toEqual([200, "ok"]);
    expect((await asked(url, { method: "POST", body: "text" }))[0]).toBe(503);
  });

  test("says that there is no task, that none is let through, and that one took too long", async () => {
    const slow = await answering(() => {});
    expect(await asked(await started(startHttpProxy(to())))).toEqual([503, "no healthy upstream"]);
    const [status, body] = await asked(await started(startHttpProxy(() => "unreachable")));
    expect([status, body]).toEqual([503, expect.stringContaining("connection failure")]);
    const choose: ChooseUpstreams = () => [{ port: slow, requestTimeout: 0.05 }];
    expect(await asked(await started(startHttpProxy(choose)))).toEqual([504, "upstream request timeout"]);
  });

  test("asks for the new version with the header of test traffic", async () => {
    const tests: boolean[] = [];
    const port = await answering((_, response) => response.end("ok"));
    const url = await started(
      startHttpProxy((isTest = false) => {
        tests.push(isTest);
        return to(port)();
      }),
    );
    await asked(url);
    await asked(url, { headers: { "x-amzn-ecs-blue-green-test": "1" } });
    expect(tests).toEqual([false, true]);
  });

  test("passes upgraded connections on, such as WebSockets", async () => {
    const server = createServer();
    server.on("upgrade", (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n${request.url}`,
      );
      socket.pipe(socket);
    });
    const { port } = new URL(await started(startHttpProxy(to(await refusing(), await listening(server)))));
    const client = connect(Number(port), "127.0.0.1");
    client.write("GET /chat HTTP/1.1\r\nHost: talk\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    let received = "";
    client.on("data", (chunk) => (received += String(chunk)));
    while (!received.includes("/chat")) await once(client, "data");
    client.write("hello");
    while (!received.endsWith("hello")) await once(client, "data");
    client.destroy();
    expect(received).toMatch(/^HTTP\/1\.1 101 .*\/chathello$/s);
  });
});

describe("the proxy of TCP", () => {
  const said = async (url: string, text: string): Promise<string> => {
    const client = connect(Number(new URL(url).port), "127.0.0.1");
    client.on("error", () => {});
    client.end(text);
    let received = "";
    for await (const chunk of client) received += String(chunk);
    return received;
  };

  test("passes a connection on to the first task that accepts it", async () => {
    const echo = await listening(createTcpServer((socket) => socket.pipe(socket)));
    const url = await started(startTcpProxy(to(await refusing(), echo)));
    expect(await said(url, "hello")).toBe("hello");
  });

  test("closes a connection for which there is no task", async () => {
    expect(await said(await started(startTcpProxy(to())), "hello")).toBe("");
    expect(await said(await started(startTcpProxy(() => "unreachable")), "hello")).toBe("");
  });
});
