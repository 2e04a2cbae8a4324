import { request } from "node:https";
import { fileURLToPath } from "node:url";
import { connect } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { UNHURRIED } from "./unhurried.js";

const script = fileURLToPath(new URL("../local/runtime/echo-server.mjs", import.meta.url));
const DOMAIN = "talk.example.com";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const https = (certificate = DOMAIN) =>
  new LoadBalancer("conferenceAlb").https(443, { certificate, redirectHttp: true });
const talk = (alb: LoadBalancer) =>
  new Deployment("talk-service")
    .image("web:1")
    .port(8080)
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", deregistrationDelay: "0s" })
    .on(cloud);

function start(): void {
  cloud = localCloud({
    timeScale: 200,
    run: { "web:1": { command: ["node", script] } },
    certificates: [{ domain: DOMAIN }, { domain: "*.example.org" }],
  });
}

/** Requests a URL with the certificate authority of the cloud; the name is that of TLS and of `Host`. */
const get = async (url: string, name?: string): Promise<number> => {
  const ca = await cloud.certificateAuthority();
  return new Promise((resolve, reject) => {
    const named = name === undefined ? {} : { servername: name, headers: { host: name } };
    request(url, { ca, agent: false, ...named }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
};

test("an HTTPS listener speaks TLS with the certificate of its domain, and verify's fetch reaches it", async () => {
  start();
  const verified: number[] = [];
  const { url } = await talk(https())
    .blueGreen({
      every: "0s",
      verifyTimeout: "1h",
      verify: async ({ fetch }) => void verified.push((await fetch("/talk/verified")).status),
    })
    .deploy(UNHURRIED);

  expect(verified[0]).toBe(200);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/talk$/);
  // As it stands for who trusts the authority, by the domain, and for nobody else.
  expect(await get(url!)).toBe(200);
  expect(await get(url!, DOMAIN)).toBe(200);
  await expect(get(url!, "other.example.com")).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
  await expect(fetch(url!)).rejects.toMatchObject({ cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });

  const http = cloud.address({ dnsName: dnsName(), protocol: "http", port: 80 });
  const redirected = await fetch(`${http}/talk`, { redirect: "manual" });
  expect(redirected.headers.get("location")).toBe(url);
});

test("a listener with several certificates answers with that of the name which the client asks for", async () => {
  start();
  const { url } = await talk(
    new LoadBalancer("conferenceAlb").https(443, { certificate: [DOMAIN, "talk.example.org"] }),
  ).deploy(UNHURRIED);
  expect(await get(url!, DOMAIN)).toBe(200);
  expect(await get(url!, "talk.example.org")).toBe(200);
  await expect(get(url!, "talk.example.net")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});

test("another certificate of a listener is in use at the same address, an earlier version of TLS is not", async () => {
  start();
  const { url } = await talk(https()).deploy(UNHURRIED);
  expect((await talk(https("talk.example.org")).deploy(UNHURRIED)).url).toBe(url);
  expect(await get(url!, "talk.example.org")).toBe(200);
  await expect(get(url!, DOMAIN)).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });

  const { port } = new URL(url!);
  const failure = await new Promise((resolve) =>
    connect({ port: Number(port), host: "127.0.0.1", maxVersion: "TLSv1.1", minVersion: "TLSv1" }, () =>
      resolve(undefined),
    ).on("error", resolve),
  );
  expect(failure).toBeInstanceOf(Error);
});

const dnsName = () => [...cloud.account.elb.loadBalancers.values()][0]!.dnsName;

test("a load balancer without HTTP/2 negotiates HTTP/1.1", async () => {
  start();
  const { url } = await talk(https()).deploy(UNHURRIED);
  const ca = await cloud.certificateAuthority();
  const negotiated = () =>
    new Promise<string | false | null>((resolve, reject) => {
      const socket = connect(
        { port: Number(new URL(url!).port), host: "127.0.0.1", ca, ALPNProtocols: ["h2", "http/1.1"] },
        () => {
          resolve(socket.alpnProtocol);
          socket.destroy();
        },
      ).on("error", reject);
    });
  expect(await negotiated()).toBe("h2");
  await https().attributes({ http2: false }).on(cloud).deploy();
  expect(await negotiated()).toBe("http/1.1");
  expect(await get(url!, DOMAIN)).toBe(200);
});
