import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type RouteOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, tagsKnown } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (...certificates: readonly string[]): Promise<LocalCloud> =>
  (cloud = await sharedAccount({ certificates: certificates.map((domain) => ({ domain })) }));
const alb = new LoadBalancer("alb").https();
const service = (name: string, route: RouteOptions | string, balancer: LoadBalancer | string = alb) =>
  new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("c").fargate())
    .behindAlb(balancer, typeof route === "string" ? { domain: route } : route)
    .on(cloud);

/** The domains of the certificates of the listener: the default one, then the others. */
const certificatesOf443 = (): readonly string[] => {
  const { certificateArn, additionalCertificates } = [...cloud.account.elb.listeners.values()].find(
    ({ port }) => port === 443,
  )!;
  return [certificateArn!, ...[...additionalCertificates].filter((arn) => arn !== certificateArn)].map(
    (arn) => cloud.account.acm.certificates.get(arn)!.domain,
  );
};
const operations = async (work: () => Promise<unknown>): Promise<readonly string[]> =>
  (await callsOf(cloud, work)).map(({ operation }) => operation);

test("a deployment that joins an HTTPS listener leaves the default certificate to the deployment before", async () => {
  await start();
  await service("talk", "talk.example.com").deploy();
  const calls = await operations(() => service("votes", "votes.example.com").deploy());
  expect(calls).not.toContain("modifyListener");
  expect(certificatesOf443()).toEqual(["talk.example.com", "votes.example.com"]);
  await tagsKnown(cloud);

  const next = service("votes", "vote.example.com");
  await withPermissionsOf(service("votes", "votes.example.com"), () => next.deploy());
  expect(certificatesOf443()).toEqual(["talk.example.com", "vote.example.com"]);
  expect((await next.plan()).isEmpty).toBe(true);
  expect((await service("talk", "talk.example.com").plan()).isEmpty).toBe(true);
});

test("a deployment that changes its domain leaves the other certificates on the listener, also as the default", async () => {
  await start();
  await new Fleet(service("talk", "talk.example.com"), service("votes", "votes.example.com")).deploy();
  await tagsKnown(cloud);
  await withPermissionsOf(service("talk", "talk.example.com"), () =>
    service("talk", "talks.example.com").deploy(),
  );
  expect([...certificatesOf443()].sort()).toEqual(["talks.example.com", "votes.example.com"]);
  await service("third", "third.example.com").deploy();
  expect([...certificatesOf443()].sort()).toEqual([
    "talks.example.com",
    "third.example.com",
    "votes.example.com",
  ]);
});

test("a named default certificate stays when a deployment whose chain names none joins", async () => {
  await start("*.example.com");
  const named = new LoadBalancer("alb").https(443, { certificate: "*.example.com" });
  await service("talk", { host: "talk.example.com" }, named).deploy();
  await service("votes", "votes.example.com").deploy();
  expect(certificatesOf443()).toEqual(["*.example.com", "votes.example.com"]);
});

test("a listener that gets a named certificate keeps the one that was requested for another deployment", async () => {
  await start("*.example.com", "*.example.org");
  await service("votes", "votes.example.com").deploy();
  const named = new LoadBalancer("alb").https(443, { certificate: "*.example.com" });
  await service("talk", { host: "talk.example.com" }, named).deploy();
  expect(certificatesOf443()).toEqual(["*.example.com", "votes.example.com"]);

  const other = new LoadBalancer("alb").https(443, { certificate: "*.example.org" });
  await service("talk", { host: "talk.example.com" }, other).deploy();
  expect(certificatesOf443()).toEqual(["*.example.org", "votes.example.com"]);
});
