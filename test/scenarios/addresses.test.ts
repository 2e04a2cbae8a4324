import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { UNHURRIED } from "./unhurried.js";

const script = fileURLToPath(new URL("../local/runtime/echo-server.mjs", import.meta.url));

let cloud: LocalCloud;
afterEach(() => cloud.close());

const web = (name: string) =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .port(8080)
    .service({ desired: 1 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

describe("the URL of a deployment", () => {
  test("is the first exact host of its route, with the first path that a rule matches as it is", async () => {
    cloud = await sharedAccount();
    const hosts = ["*.example.com", "Talk.example.com", "other.example.com"];
    const talk = web("talk").behindAlb("conferenceAlb", { host: hosts, path: ["/t?lk", "/talk*"] });
    const { url, loadBalancer } = await talk.deploy();
    expect(url).toBe("http://talk.example.com/talk");
    expect((await talk.status()).url).toBe(url);
    expect(loadBalancer).toEqual({
      name: "conferenceAlb",
      dnsName: [...cloud.account.elb.loadBalancers.values()].find(({ name }) => name === "conferenceAlb")!
        .dnsName,
      zoneId: expect.stringMatching(/^Z[A-Z0-9]+$/) as string,
    });
  });

  test("is the certificate's domain on the HTTPS listener of a load balancer that exists", async () => {
    cloud = await sharedAccount({ certificates: [{ domain: "conference.example.com" }] });
    const certificate = "conference.example.com";
    await new LoadBalancer("conferenceAlb")
      .https(443, { certificate, redirectHttp: true })
      .on(cloud)
      .deploy();
    const talk = web("talk").behindAlb(LoadBalancer.existing("conferenceAlb"), { path: "/talk*" });
    expect((await talk.deploy()).url).toBe("https://conference.example.com/talk");
    expect((await talk.status()).url).toBe("https://conference.example.com/talk");
  });

  test("is undefined without a load balancer, and there is nothing to point a DNS record at", async () => {
    cloud = await sharedAccount();
    const { url, loadBalancer } = await web("talk").deploy();
    expect({ url, loadBalancer }).toEqual({ url: undefined, loadBalancer: undefined });
  });
});

test("on the local cloud, each exact host answers at a port of its own, as it stands", async () => {
  const run = { command: ["node", script] };
  cloud = localCloud({ timeScale: 200, run: { one: run, two: run } });
  const behind = (name: string) =>
    web(name).behindAlb("previews", {
      host: `${name}.example.com`,
      healthCheck: "/health",
      deregistrationDelay: "0s",
    });
  const [one, two] = [
    (await behind("one").deploy(UNHURRIED)).url!,
    (await behind("two").deploy(UNHURRIED)).url!,
  ];
  expect(one).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(new URL(one).port).not.toBe(new URL(two).port);
  const answer = async (url: string) =>
    (await (await fetch(url)).json()) as { readonly headers: Record<string, string> };
  // The target gets the host that the user means.
  expect((await answer(one)).headers["host"]).toBe("one.example.com");
  expect((await answer(two)).headers["host"]).toBe("two.example.com");
  // The load balancer's own port goes by the header, as always.
  const balancer = await new LoadBalancer("previews").on(cloud).status();
  expect((await fetch(balancer.url!)).status).toBe(404);
  expect(await statusFor(balancer.url!, "two.example.com")).toBe(200);
  // A request for another host at the port of one is a request for that other host.
  expect(await statusFor(one, "unknown.example.com")).toBe(404);

  await behind("one").destroy();
  await expect(fetch(one)).rejects.toThrow("fetch failed");
  expect((await fetch(two)).status).toBe(200);
});

const statusFor = (url: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
