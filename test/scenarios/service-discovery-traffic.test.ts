import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { UNHURRIED } from "./unhurried.js";

const cwd = fileURLToPath(new URL(".", import.meta.url));
const shop = (NAME: string, NEXT?: string, VERSION = "1") => ({
  command: ["node", "connect-shop.mjs"],
  cwd,
  // A connection that is kept stays, whatever security groups admit later.
  env: { NAME, VERSION, CONNECTION: "close", ...(NEXT !== undefined && { NEXT }) },
});

let cloud: LocalCloud;
afterEach(() => cloud.close());

const cluster = new Cluster("conference").fargate();
const alb = new LoadBalancer("shop").http(80);
const member = (name: string, version = 1, allow?: readonly string[]) =>
  new Deployment(name)
    .image(`${name}:${version}`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .service({ desired: 1 })
    .cluster(cluster)
    .serviceDiscovery({ namespace: "shop.internal", ...(allow && { allow }) })
    .on(cloud);
const front = () => member("front").behindAlb(alb, { healthCheck: "/health", deregistrationDelay: "0s" });

test("real processes find each other by their DNS names, also after a rollout, and only if the security group admits them", async () => {
  cloud = localCloud({
    timeScale: 100,
    run: {
      "front:1": shop("front", "http://orders.shop.internal:8080/"),
      "orders:1": shop("orders", "http://stock.shop.internal:8080/"),
      "orders:2": shop("orders", undefined, "2"),
      "stock:1": shop("stock"),
    },
  });
  const { deployments } = await new Fleet(front(), member("orders"), member("stock")).deploy(UNHURRIED);
  const ask = async (): Promise<unknown> => (await fetch(deployments[0]!.url!)).json();
  expect(await ask()).toEqual({
    name: "front:1",
    next: { name: "orders:1", next: { name: "stock:1" } },
  });
  await member("orders", 2).deploy(UNHURRIED);
  expect(await ask()).toEqual({ name: "front:1", next: { name: "orders:2" } });
  await member("orders", 2, ["10.99.0.0/16"]).deploy(UNHURRIED);
  expect(await ask()).toEqual({
    name: "front",
    error: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as unknown,
  });
});
