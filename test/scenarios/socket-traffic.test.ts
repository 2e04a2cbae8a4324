import { fileURLToPath } from "node:url";
import { Agent, WebSocket } from "undici";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const script = fileURLToPath(new URL("socket-server.mjs", import.meta.url));
const DOMAIN = "talk.example.com";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const talk = (version: number) =>
  new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .port(8080)
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .behindAlb(new LoadBalancer("conferenceAlb").https(443, { certificate: DOMAIN }), {
      deregistrationDelay: "60s",
    })
    .on(cloud);

/** Opens a WebSocket, sends a message, and closes it once that is answered. */
const said = (url: string, dispatcher: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { dispatcher });
    let answer: string | undefined;
    socket.addEventListener("open", () => socket.send("hello"));
    socket.addEventListener("message", ({ data }) => {
      answer = String(data);
      socket.close();
    });
    socket.addEventListener("error", ({ message }) => reject(new Error(message)));
    socket.addEventListener("close", ({ code }) => {
      if (answer === undefined) reject(new Error(`closed with ${code}`));
      else resolve(answer);
    });
  });

test("WebSockets over TLS are opened and answered all through a rolling update", async () => {
  const run = (VERSION: string) => ({ command: ["node", script], env: { VERSION } });
  cloud = localCloud({
    timeScale: 200,
    run: { "talk-service:1": run("1"), "talk-service:2": run("2") },
    certificates: [{ domain: DOMAIN }],
  });
  const { url } = await talk(1).deploy();
  const dispatcher = new Agent({ connect: { ca: await cloud.certificateAuthority(), servername: DOMAIN } });
  const at = url!.replace("https:", "wss:");
  expect(await said(at, dispatcher)).toBe("1");

  let isOver = false;
  const answers = new Set<string>();
  const lost: string[] = [];
  const talking = (async () => {
    while (!isOver)
      await said(at, dispatcher).then(
        (answer) => answers.add(answer),
        (error: unknown) => lost.push(String(error)),
      );
  })();
  await talk(2).deploy();
  isOver = true;
  await talking;
  expect(lost).toEqual([]);
  expect(answers).toEqual(new Set(["1", "2"]));
  expect(await said(at, dispatcher)).toBe("2");
  await dispatcher.close();
});
