import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, NetworkLoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const DOMAIN = "store.example.com";
const tcpEcho = fileURLToPath(new URL("../local/runtime/tcp-echo.mjs", import.meta.url));
const udpEcho = fileURLToPath(new URL("udp-echo.mjs", import.meta.url));

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (script: string): LocalCloud => {
  const run = (VERSION: string) => ({ command: ["node", script], env: { VERSION } });
  return (cloud = localCloud({
    timeScale: 200,
    run: {
      "store:1": run("1"),
      "store:2": run("2"),
      "store:broken": { command: ["node", "-e", "process.exit(1)"] },
    },
    certificates: [{ domain: DOMAIN }],
  }));
};
const store = (version: number | string) =>
  new Deployment("talk-store")
    .image(`store:${version}`)
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .on(cloud);

/** One connection: a line, and its answer. */
async function ask(socket: Socket, line: string): Promise<string> {
  let answer = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => (answer += text));
  socket.end(`${line}\n`);
  await once(socket, "close");
  return answer.trim();
}

/**
 * Asks one question after another until the work is done.
 *
 * @param pause - milliseconds between them, by the cloud's clock
 */
async function askDuring(work: Promise<unknown>, ask: (line: string) => Promise<string>, pause = 0) {
  let isOver = false;
  const done = work.finally(() => (isOver = true));
  const answers = new Set<string>();
  const lost: string[] = [];
  for (let count = 0; !isOver; count++)
    await ask(String(count))
      .then(
        (answer) => {
          if (answer.endsWith(` ${count}`)) answers.add(answer.split(" ")[0]!);
          else lost.push(`${count}: ${answer}`);
        },
        (error: unknown) => lost.push(`${count}: ${String(error)}`),
      )
      .then(() => (pause > 0 ? cloud.clock.sleep(pause) : undefined));
  await done;
  return { answers, lost };
}

test("TCP connections are opened and answered all through a rolling update, and one that lasts is kept while its task drains", async () => {
  start(tcpEcho);
  const chain = (version: number) =>
    store(version).port(5432).behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(5432));
  const { url } = await chain(1).deploy();
  expect(url).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  const at = { host: new URL(url!).hostname, port: Number(new URL(url!).port) };
  expect(await ask(connectTcp(at), "hello")).toBe("1 hello");

  const lasting = connectTcp(at);
  lasting.setEncoding("utf8");
  lasting.write("first\n");
  expect(String(await once(lasting, "data"))).toBe("1 first\n");
  const { answers, lost } = await askDuring(chain(2).deploy(), (line) => ask(connectTcp(at), line));
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));
  expect(await ask(connectTcp(at), "after")).toBe("2 after");
  lasting.destroy();
});

test("a TLS listener decrypts for a TCP service, all through a rolling update", async () => {
  start(tcpEcho);
  const chain = (version: number) =>
    store(version)
      .port(5432)
      .behindNlb(new NetworkLoadBalancer("conferenceNlb").tls(6380, { certificate: DOMAIN }));
  const { url } = await chain(1).deploy();
  expect(url).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
  const ca = await cloud.certificateAuthority();
  const port = Number(new URL(url!).port);
  const open = (): Socket => connectTls({ host: "127.0.0.1", port, ca, servername: DOMAIN });
  expect(await ask(open(), "hello")).toBe("1 hello");
  const { answers, lost } = await askDuring(chain(2).deploy(), (line) => ask(open(), line));
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));

  // A client that expects another name, or does not know the authority, does not connect.
  const failure = async (options: object): Promise<string> => {
    const socket = connectTls({ host: "127.0.0.1", port, ...options });
    const [error] = (await once(socket, "secureConnect").catch((one: unknown) => [one])) as [
      Error | undefined,
    ];
    socket.destroy();
    return (error as { code?: string } | undefined)?.code ?? "none";
  };
  expect(await failure({ ca, servername: "other.example.com" })).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await failure({ servername: DOMAIN })).toMatch(/CERT|VERIFY|UNABLE/);
});

/** One datagram from a port of its own, and its answer. */
async function send(port: number, text: string): Promise<string> {
  const socket = createSocket("udp4");
  try {
    socket.send(text, port, "127.0.0.1");
    const [answer] = (await once(socket, "message", { signal: AbortSignal.timeout(5000) })) as [Buffer];
    return String(answer);
  } finally {
    socket.close();
  }
}

test("datagrams are answered all through a rolling update", async () => {
  start(udpEcho);
  const chain = (version: number) =>
    store(version)
      .container({ port: 8080, ports: [{ port: 53, protocol: "udp" }] })
      .behindNlb(new NetworkLoadBalancer("conferenceNlb").udp(53), { healthCheck: { port: 8080 } })
      .task({ networkMode: "awsvpc" });
  const { url } = await chain(1).deploy();
  expect(url).toMatch(/^udp:\/\/127\.0\.0\.1:\d+$/);
  const port = Number(new URL(url!).port);
  expect(await send(port, "hello")).toBe("1 hello");
  const { answers, lost } = await askDuring(chain(2).deploy(), (line) => send(port, line));
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));
});

/** Between two questions, of a release that takes ten minutes for each shift. */
const PAUSE = 3_000;

test("TCP connections are opened and answered all through a blue/green release, and through one that is rolled back", async () => {
  start(tcpEcho);
  const chain = (version: number | string) =>
    store(version).port(5432).behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(5432)).blueGreen();
  const { url } = await chain(1).deploy();
  const at = { host: new URL(url!).hostname, port: Number(new URL(url!).port) };
  const lasting = connectTcp(at);
  lasting.setEncoding("utf8");
  lasting.write("first\n");
  expect(String(await once(lasting, "data"))).toBe("1 first\n");
  const released = await askDuring(chain(2).deploy(), (line) => ask(connectTcp(at), line), PAUSE);
  expect(released.lost).toEqual([]);
  expect(released.answers).toEqual(new Set(["1", "2"]));
  expect(await ask(connectTcp(at), "after")).toBe("2 after");
  lasting.destroy();

  const failed = chain("broken").deploy();
  const { answers, lost } = await askDuring(
    failed.catch(() => {}),
    (line) => ask(connectTcp(at), line),
    PAUSE,
  );
  await expect(failed).rejects.toMatchObject({
    name: "RolloutError",
    facts: { ending: "rolled back to the previous version" },
  });
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["2"]));
});

test("a TLS listener gives a canary a few connections, and it all of them afterwards", async () => {
  start(tcpEcho);
  const chain = (version: number) =>
    store(version)
      .port(5432)
      .behindNlb(new NetworkLoadBalancer("conferenceNlb").tls(6380, { certificate: DOMAIN }))
      .blueGreen({ shift: [20, 100] });
  const { url } = await chain(1).deploy();
  const ca = await cloud.certificateAuthority();
  const port = Number(new URL(url!).port);
  const open = (): Socket => connectTls({ host: "127.0.0.1", port, ca, servername: DOMAIN });
  const { answers, lost } = await askDuring(chain(2).deploy(), (line) => ask(open(), line), PAUSE);
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));
  expect(await ask(open(), "after")).toBe("2 after");
});

test("datagrams are answered all through a blue/green release", async () => {
  start(udpEcho);
  const chain = (version: number) =>
    store(version)
      .container({ port: 8080, ports: [{ port: 53, protocol: "udp" }] })
      .behindNlb(new NetworkLoadBalancer("conferenceNlb").udp(53), { healthCheck: { port: 8080 } })
      .task({ networkMode: "awsvpc" })
      .blueGreen();
  const { url } = await chain(1).deploy();
  const port = Number(new URL(url!).port);
  const { answers, lost } = await askDuring(chain(2).deploy(), (line) => send(port, line), PAUSE);
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));
  expect(await send(port, "after")).toBe("2 after");
});
