import { createHash, X509Certificate } from "node:crypto";
import { request } from "node:https";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { domOf, withoutBrowser } from "../browser/chromium.js";
import { UNHURRIED } from "./unhurried.js";

const script = fileURLToPath(new URL("../local/runtime/echo-server.mjs", import.meta.url));

let cloud: LocalCloud;
afterEach(() => cloud.close());

const behind = (name: string, domain: string, alb: LoadBalancer | string) =>
  new Deployment(name)
    .image("web:1")
    .port(8080)
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .behindAlb(alb, { domain, path: `/${name}*`, healthCheck: "/health", deregistrationDelay: "0s" })
    .on(cloud);

const start = (): LocalCloud =>
  (cloud = localCloud({ timeScale: 200, run: { "web:1": { command: ["node", script] } } }));

/** The status and the names of the certificate, with the cloud's authority trusted. */
const get = async (url: string, name?: string): Promise<{ status: number; names: string }> => {
  const ca = await cloud.certificateAuthority();
  const named = name === undefined ? {} : { servername: name, headers: { host: name } };
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false, ...named }, (response) => {
      const { subjectaltname = "" } = (
        response.socket as never as { getPeerCertificate(): { subjectaltname?: string } }
      ).getPeerCertificate();
      response.resume();
      resolve({ status: response.statusCode ?? 0, names: subjectaltname });
    })
      .on("error", reject)
      .end();
  });
};

test("a domain answers over TLS with the certificate that was requested for it, and HTTP is redirected to it", async () => {
  start();
  const { url, loadBalancer } = await behind("talk", "talk.localhost", "conferenceAlb").deploy(UNHURRIED);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/talk$/);
  const { status, names } = await get(url!);
  expect(status).toBe(200);
  expect(names).toContain("talk.localhost");
  const { dnsName } = loadBalancer!;
  const http = cloud.address({ dnsName, protocol: "http", port: 80 });
  const redirected = await fetch(`${http}/talk`, { redirect: "manual" });
  expect(redirected.status).toBe(301);
  expect(redirected.headers.get("location")).toMatch(/^https:/);
});

test("two domains have two certificates on one listener, and leave nothing", async () => {
  start();
  const alb = new LoadBalancer("conferenceAlb").https(443);
  const fleet = new Fleet(
    behind("talk", "talk.localhost", alb),
    behind("speaker", "speaker.example.org", alb),
  );
  const deployed = await fleet.deploy(UNHURRIED);
  const { port } = new URL(deployed.deployments[0]!.url!);
  const talk = await get(`https://127.0.0.1:${port}/talk`, "talk.localhost");
  const speaker = await get(`https://127.0.0.1:${port}/speaker`, "speaker.example.org");
  expect([talk.status, speaker.status]).toEqual([200, 200]);
  expect(talk.names).toContain("talk.localhost");
  expect(speaker.names).toContain("speaker.example.org");
  expect(speaker.names).not.toContain("talk.localhost");
  await fleet.destroy(UNHURRIED);
  expect(cloud.state().certificates).toEqual([]);
  expect(cloud.state().dnsRecords).toEqual([]);
});

describe.skipIf(withoutBrowser)("a browser that trusts the cloud's authority", () => {
  test("shows what a service answers at its domain under localhost", async () => {
    start();
    const { url } = await behind("talk", "talk.localhost", "conferenceAlb").deploy(UNHURRIED);
    const { port } = new URL(url!);
    const page = await domOf(new URL(`https://talk.localhost:${port}/talk`), [
      `--ignore-certificate-errors-spki-list=${await keyOf(port)}`,
    ]);
    expect(page).toContain(`"path":"/talk"`);
    expect(page).toContain(`"x-forwarded-proto":"https"`);
  });
});

/** The hash of the key of a listener's certificate, which the cloud's authority has signed: the browser is told to trust it. */
async function keyOf(port: string): Promise<string> {
  const ca = await cloud.certificateAuthority();
  const raw = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect(
      { host: "127.0.0.1", port: Number(port), servername: "talk.localhost", ca },
      () => {
        resolve(socket.getPeerCertificate().raw);
        socket.end();
      },
    ).on("error", reject);
  });
  const { publicKey } = new X509Certificate(raw);
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
