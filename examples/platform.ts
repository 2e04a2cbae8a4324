/*
 * A platform tool: a web page of what is deployed, with buttons that deploy and destroy. The events of a run are
 * streamed to every open page.
 *
 *   node --import tsx examples/platform.ts              on the local cloud, at http://127.0.0.1:8000
 *   node --import tsx examples/platform.ts --port 0     at a free port
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  type QuaysideError,
  terminalReporter,
  type QuaysideEvent,
} from "quayside";
import { localCloud } from "quayside/local";

const { values: flags } = parseArgs({ options: { port: { type: "string", default: "8000" } } });

const cloud = localCloud({ timeScale: 60 });
const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.small" });
const alb = new LoadBalancer("conferenceAlb").http(80);
const service = (topic: string) =>
  new Deployment(`${topic}-service`)
    .image(fileURLToPath(new URL("talk-service", import.meta.url)))
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .cluster(cluster)
    .behindAlb(alb, { path: `/${topic}*`, healthCheck: "/health" })
    .on(cloud);
const services = new Map(["talk", "speaker"].map((topic) => [`${topic}-service`, service(topic)]));
type Service = ReturnType<typeof service>;

const actions = {
  deploy: (chosen: Service, onEvent: (event: QuaysideEvent) => void) => chosen.deploy({ onEvent }),
  destroy: (chosen: Service, onEvent: (event: QuaysideEvent) => void) =>
    chosen.destroy({ onEvent, images: true }),
};

/** The open pages, and the services that a run changes. */
const pages = new Set<ServerResponse>();
const running = new Set<string>();

const send = (event: string, data: unknown): void => {
  for (const page of pages) page.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};

/** Starts a run, and streams its lines; its end is an event, too. */
async function start(action: keyof typeof actions, name: string, chosen: Service): Promise<void> {
  running.add(name);
  const lines = terminalReporter({ stream: { write: (text: string) => send("line", `${name} ${text}`) } });
  try {
    await actions[action](chosen, lines);
    send("end", { name, action });
  } catch (error) {
    const { message, fix } = error as QuaysideError;
    send("end", { name, action, message, fix });
  } finally {
    running.delete(name);
  }
}

const statusOfAll = () =>
  Promise.all(
    [...services].map(async ([name, deployment]) => {
      const { exists, isHealthy, url, image, tasks } = await deployment.status();
      return { name, exists, isHealthy, url, image, tasks, isRunning: running.has(name) };
    }),
  );

/** A value as a part of a script: no text in it can end the script. */
const asScript = (value: unknown) => () => JSON.stringify(value).replaceAll("<", "\\u003c");

const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page of another site must not deploy: its requests carry its own origin.
  const { host = "", origin } = request.headers;
  const isOwn =
    /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin ?? `http://${host}`) === `http://${host}`;
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const [, action, name = ""] = pathname.split("/");
  const chosen = services.get(name);
  const reply = (status: number, type: string, text: string): void =>
    void response.writeHead(status, { "content-type": `${type};charset=UTF-8` }).end(text);
  try {
    if (!isOwn) return reply(403, "text/plain", "Forbidden\n");
    if (request.method === "GET" && pathname === "/")
      return reply(200, "text/html", PAGE.replace("STATUS", asScript(await statusOfAll())));
    if (request.method === "GET" && pathname === "/status")
      return reply(200, "application/json", JSON.stringify(await statusOfAll()));
    if (request.method === "GET" && pathname === "/events") {
      response
        .writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
        .flushHeaders();
      pages.add(response);
      return void response.once("close", () => pages.delete(response));
    }
    const known = action === "deploy" || action === "destroy" ? action : undefined;
    if (request.method !== "POST" || known === undefined || chosen === undefined)
      return reply(404, "text/plain", "Not found\n");
    if (running.has(name)) return reply(409, "text/plain", `A run of ${name} is in progress\n`);
    void start(known, name, chosen);
    reply(202, "text/plain", "Started\n");
  } catch (error) {
    reply(500, "text/plain", `${(error as Error).message}\n`);
  }
}

/** Texts are set with `textContent`: whatever AWS says, it is no HTML. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Deployments</title>
<style>body{font:14px system-ui;margin:2em;color-scheme:light dark}td{padding:4px 12px}pre{white-space:pre-wrap}</style>
<h1>Deployments</h1><table id="services"></table><pre id="lines"></pre>
<script>
  const table = document.getElementById("services"), lines = document.getElementById("lines");
  const cell = (row, child) => row.insertCell().append(child);
  const button = (action, name, disabled) => {
    const made = Object.assign(document.createElement("button"), { textContent: action, disabled });
    made.onclick = async () => { await fetch("/" + action + "/" + name, { method: "POST" }); show(); };
    return made;
  };
  async function show(known) {
    const all = known ?? (await (await fetch("/status")).json());
    table.replaceChildren();
    for (const { name, exists, isHealthy, url, image, tasks, isRunning } of all) {
      const row = table.insertRow();
      row.id = name;
      cell(row, name);
      cell(row, isRunning ? "in progress" : !exists ? "not deployed" : isHealthy ? "healthy" : "unhealthy");
      cell(row, exists ? tasks.running + " of " + tasks.desired : "");
      cell(row, url ? Object.assign(document.createElement("a"), { href: url, textContent: url }) : "");
      cell(row, image ?? "");
      cell(row, button("deploy", name, isRunning));
      cell(row, button("destroy", name, isRunning || !exists));
    }
  }
  const events = new EventSource("/events");
  events.addEventListener("line", ({ data }) => { lines.textContent += JSON.parse(data); });
  events.addEventListener("end", ({ data }) => {
    const { name, action, message, fix } = JSON.parse(data);
    lines.textContent += name + " " + action + (message ? " failed: " + message + "\\n  " + (fix ?? "") : " done") + "\\n";
    show();
  });
  show(STATUS);
</script>
`;

server.listen(Number(flags.port), "127.0.0.1");
await once(server, "listening");
console.log(`Deployments: http://127.0.0.1:${(server.address() as AddressInfo).port}`);
process.once("SIGINT", () => process.emit("SIGTERM"));
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  void cloud.close();
});
