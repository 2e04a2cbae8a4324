import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type ConnectOptions } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { UNHURRIED } from "./unhurried.js";

const cwd = fileURLToPath(new URL(".", import.meta.url));
const shop = (NAME: string, NEXT?: string, VERSION = "1") => ({
  command: ["node", "connect-shop.mjs"],
  cwd,
  env: { NAME, VERSION, ...(NEXT !== undefined && { NEXT }) },
});

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (): LocalCloud =>
  (cloud = localCloud({
    timeScale: 100,
    run: {
      "front:1": shop("front", "http://orders:8080/"),
      "orders:1": shop("orders", "http://stock:9090/"),
      "orders:2": shop("orders", "http://stock:9090/", "2"),
      "stock:1": shop("stock"),
    },
  }));

const cluster = new Cluster("conference").fargate();
const alb = new LoadBalancer("shop").http(80);
const member = (name: string, options: ConnectOptions, version = 1) =>
  new Deployment(name)
    .image(`${name}:${version}`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .service({ desired: 2 })
    .cluster(cluster)
    .connect({ namespace: "shop", ...options })
    .on(cloud);
const front = () => member("front", {}).behindAlb(alb, { healthCheck: "/health", deregistrationDelay: "0s" });
const orders = (version = 1) => member("orders", { as: "orders", port: 8080 }, version);
const stock = () => member("stock", { as: "stock", port: 9090 });

interface Answer {
  readonly name: string;
  readonly next?: Answer;
}

const ask = async (url: string): Promise<Answer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
};

/** Asks again and again, until it is told to stop; returns what was answered, and what was lost. */
function asking(url: string) {
  const versions = new Map<string, number>();
  const lost: string[] = [];
  let isOver = false;
  const one = async () => {
    while (!isOver) {
      try {
        const { next } = await ask(url);
        versions.set(next!.name, (versions.get(next!.name) ?? 0) + 1);
      } catch (error) {
        lost.push(String(error));
      }
      await pause(5);
    }
  };
  const all = [one(), one()];
  return {
    async end() {
      isOver = true;
      await Promise.all(all);
      return { versions, lost };
    },
  };
}

test("one service calls the second, which calls the third, by their names, and a rollout of the second loses no call", async () => {
  start();
  const { deployments } = await new Fleet(front(), orders(), stock()).deploy(UNHURRIED);
  const url = deployments[0]!.url!;
  expect(await ask(url)).toEqual({ name: "front:1", next: { name: "orders:1", next: { name: "stock:1" } } });

  const load = asking(url);
  await orders(2).deploy(UNHURRIED);
  await pause(200);
  const { versions, lost } = await load.end();
  expect(lost).toEqual([]);
  expect([...versions.keys()].sort()).toEqual(["orders:1", "orders:2"]);
  expect(await ask(url)).toMatchObject({ next: { name: "orders:2" } });
});

test("a blue/green release of the second, by ECS itself, loses no call, and only the old version answers until the shift", async () => {
  start();
  const released = (version: number) => orders(version).blueGreen({ shift: [50, 100], every: "1m" });
  const { deployments } = await new Fleet(front(), released(1), stock()).deploy(UNHURRIED);
  const url = deployments[0]!.url!;
  expect((await released(1).plan()).toString()).toMatch(/^Plan: nothing to change/);

  const load = asking(url);
  await released(2).deploy(UNHURRIED);
  const { versions, lost } = await load.end();
  expect(lost).toEqual([]);
  expect([...versions.keys()].sort()).toEqual(["orders:1", "orders:2"]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(url)));
  expect(new Set(answers.map(({ next }) => next!.name))).toEqual(new Set(["orders:2"]));
});
