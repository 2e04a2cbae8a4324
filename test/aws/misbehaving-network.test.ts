import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsContext } from "../../src/aws/context.js";
import { QuaysideError } from "../../src/errors.js";
import { withContext } from "../../src/operations/with-context.js";

const servers: Server[] = [];
const sockets = new Set<Socket>();
const timers = new Set<NodeJS.Timeout>();

type Answer = (socket: Socket, request: string) => void;

/** A server of bytes: what it does with a connection once a request has arrived. */
async function misbehave(answer: Answer): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      // Bodies of requests may arrive by themselves.
      const request = data.toString("latin1");
      if (/^(?:POST|\x16)/.test(request)) answer(socket, request);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  for (const timer of timers) clearInterval(timer);
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

const HTML = "<!doctype html><html><head><title>Guest Wi-Fi</title></head><body>Log in</body></html>";

const http =
  (
    status: number,
    body: string,
    headers: Readonly<Record<string, string>> = { "content-type": "text/html" },
  ) =>
  (socket: Socket): void => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `HTTP/1.1 ${status} Status\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  };

const HALF_XML = '<?xml version="1.0"?><DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/"><vpcSet>';
const AWS_JSON = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "id" };

const repeat = (socket: Socket, first: string, again: string, every: number): void => {
  socket.write(first);
  const timer = setInterval(() => {
    if (!socket.writable) clearInterval(timer);
    else if (socket.writableLength < 1e6) socket.write(again);
  }, every);
  timers.add(timer);
};

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\n";

const page = { code: "unexpected-response", fix: expect.stringContaining("Log in to the network") };
/** Tried again until the run ends: the error names the last attempt. */
const retried = (why: string) => ({ code: "timed-out", message: expect.stringContaining(why) });
const silent = { code: "timed-out" };

/** The ways, with what `timeout: "2s"` ends with. */
const ways: readonly (readonly [string, Answer, object])[] = [
  ["never answers", () => {}, silent],
  ["closes the connection at once", (socket) => socket.end(), retried("socket hang up")],
  ["resets the connection", (socket) => socket.resetAndDestroy(), retried("ECONNRESET")],
  ["stalls after the headers", (socket) => socket.write(`${HEAD}content-length: 99\r\n\r\n`), silent],
  ["stalls within the body", (socket) => socket.write(`${HEAD}content-length: 99\r\n\r\n{"clus`), silent],
  [
    "breaks within the body",
    (socket) => socket.end(`${HEAD}content-length: 99\r\n\r\n{"clus`),
    retried("broke before the end"),
  ],
  [
    "sends half a body as the whole",
    (socket, request) =>
      http(200, request.includes("x-amz-target") ? '{"clusters": [{"clu' : HALF_XML, AWS_JSON)(socket),
    retried("is incomplete"),
  ],
  [
    "sends a body byte by byte without an end",
    (socket) => repeat(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`, "1\r\n \r\n", 50),
    silent,
  ],
  [
    "sends a body without an end",
    (socket) =>
      repeat(socket, `${HEAD}transfer-encoding: chunked\r\n\r\n`, `1000\r\n${" ".repeat(4096)}\r\n`, 1),
    silent,
  ],
  ["sends headers without an end", (socket) => repeat(socket, "HTTP/1.1 200 OK\r\n", "a: b\r\n", 50), silent],
  [
    "sends informational responses without an end",
    (socket) => repeat(socket, "", "HTTP/1.1 102 Processing\r\n\r\n", 50),
    silent,
  ],
  [
    "does not speak HTTP",
    (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
    { code: "network", fix: expect.stringContaining("HTTPS_PROXY") },
  ],
  [
    "answers with a login page",
    http(200, HTML),
    { ...page, message: expect.stringContaining("Guest Wi-Fi") },
  ],
  ["answers with a login page as text", http(200, "Please log in", { "content-type": "text/plain" }), page],
  [
    "answers with JSON that is not AWS's",
    http(200, '{"error":"login"}', { "content-type": "text/json" }),
    page,
  ],
  ["answers with nothing", http(200, "", {}), page],
  ["answers HTTP 204", (socket) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"), page],
  [
    "redirects to a login page",
    http(302, "", { location: "https://login.example.com/" }),
    { ...page, message: expect.stringContaining("https://login.example.com/") },
  ],
  ["requires a login (HTTP 511)", http(511, HTML), page],
  ["blocks with a page (HTTP 403)", http(403, HTML), page],
  ["answers HTTP 404 with a page", http(404, HTML), page],
  ["asks for the proxy's password", http(407, HTML), { code: "proxy-refused" }],
  ["limits requests with a page (HTTP 429)", http(429, HTML), retried("HTTP 429")],
  ["is a gateway without a backend (HTTP 502)", http(502, "", {}), retried("HTTP 502")],
  ["is down with a page (HTTP 503)", http(503, HTML), retried("HTTP 503")],
  [
    "fails with a page (HTTP 500)",
    http(500, HTML),
    { code: "aws-refused", message: expect.stringContaining("HTTP 500") },
  ],
];

const calls: readonly (readonly [string, (context: AwsContext) => Promise<unknown>])[] = [
  ["a read in JSON", ({ aws }) => aws.ecs.describeClusters({ clusters: ["web"] })],
  ["a change in JSON", ({ aws }) => aws.ecs.createCluster({ clusterName: "web" })],
  ["a read in XML", ({ aws }) => aws.ec2.describeVpcs({})],
  ["a change in XML", ({ aws }) => aws.iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: "{}" })],
];

const run = async (endpoint: string, call: (context: AwsContext) => Promise<unknown>) => {
  const cloud = aws({
    region: "eu-west-1",
    endpoint,
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  });
  const began = Date.now();
  const error: unknown = await withContext(
    { spec: { name: "talk" }, overrides: {}, cloud },
    { timeout: "2s" },
    call,
  ).then(
    (answer) => answer,
    (reason: unknown) => reason,
  );
  return { error, seconds: (Date.now() - began) / 1000 };
};

describe("a network that", () => {
  test.concurrent.each(ways)("%s", async (_, answer, expected) => {
    const endpoint = await misbehave(answer);
    await Promise.all(
      calls.map(async ([name, call]) => {
        const { error, seconds } = await run(endpoint, call);
        expect(error, name).toBeInstanceOf(QuaysideError);
        expect(error, name).toMatchObject(expected);
        expect((error as QuaysideError).fix, name).toBeDefined();
        expect((error as QuaysideError).message, name).not.toMatch(
          /Unexpected token|Deserialization|Unknown$/,
        );
        // The computer may be busy; without the bounds it is minutes.
        expect(seconds, name).toBeLessThan(10);
      }),
    );
  });

  test("refuses connections ends within the timeout", async () => {
    const ends = await Promise.all(calls.map(([, call]) => run("http://127.0.0.1:9", call)));
    for (const { error } of ends)
      expect(error).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
  });

  test("does not speak TLS is told with what to check", async () => {
    const endpoint = await misbehave((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const { error } = await run(endpoint.replace("http:", "https:"), calls[0]![1]);
    expect(error).toMatchObject({ fix: expect.stringContaining("HTTPS_PROXY") });
  });
});

test("what a run still waits for when it fails is given up", async () => {
  const asked: Socket[] = [];
  const endpoint = await misbehave((socket) => asked.push(socket));
  const { error } = await run(endpoint, async ({ aws }) => {
    void aws.ec2.describeVpcs({}).catch(() => {});
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    throw new QuaysideError("access-denied", "AWS denied ListClusters");
  });
  expect(error).toMatchObject({ code: "access-denied" });
  await vi.waitFor(() => expect(asked[0]!.closed).toBe(true));
});

describe("a call whose credentials never come", () => {
  test("ends with the run", async () => {
    const cloud = aws({ region: "eu-west-1", credentials: () => new Promise(() => {}) });
    const subject = { spec: { name: "talk" }, overrides: {}, cloud };
    await Promise.all(
      calls.map(([, call]) =>
        expect(withContext(subject, { timeout: "1s" }, call)).rejects.toMatchObject({ code: "timed-out" }),
      ),
    );
  });
});
