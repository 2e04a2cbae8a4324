import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type RouteOptions } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { leastPrivilege } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (options: Partial<LocalCloudOptions> = {}): LocalCloud =>
  (cloud = localCloud({ clock: "virtual", caller: leastPrivilege(), ...options }));
const alb = new LoadBalancer("alb").https();
const service = (name: string, route: RouteOptions, balancer: LoadBalancer = alb) =>
  new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("c").fargate())
    .behindAlb(balancer, route)
    .on(cloud);

test("a domain that has only a private hosted zone is refused with what needs a public one", async () => {
  start({ hostedZones: [{ domain: "corp.internal", private: true }] });
  const talk = service("talk", { domain: "talk.corp.internal" }, new LoadBalancer("in").internal().https());
  const writes = await writesOf(cloud, () =>
    expect(talk.deploy()).rejects.toMatchObject({
      code: "no-hosted-zone",
      message:
        "Nothing was changed: Route 53 has only a private hosted zone for talk.corp.internal: ACM validates certificates, and clients find a public load balancer, by the records of a public one",
      fix: expect.stringContaining(".http(80)") as string,
    }),
  );
  expect(writes).toEqual([]);
  const plain = service("talk", { domain: "talk.corp.internal" }, new LoadBalancer("in").internal().http());
  expect((await plain.plan()).toString()).toContain("dns-record");
});

test("a private hosted zone of another VPC is refused with both names", async () => {
  start({ hostedZones: [{ domain: "corp.internal", private: true }] });
  for (const zone of cloud.account.route53.zones.values()) zone.vpcs.splice(0);
  const talk = service("talk", { domain: "talk.corp.internal" }, new LoadBalancer("in").internal().http());
  await expect(talk.plan()).rejects.toMatchObject({
    code: "no-hosted-zone",
    message: expect.stringMatching(/which is not associated with vpc-/) as string,
  });
});

test("a named certificate that is not for the domain is warned of, and one that is is not", async () => {
  start({ certificates: [{ domain: "own.example.com" }, { domain: "*.example.org" }] });
  const warnings = async (certificate: string | readonly string[], domain: string) =>
    (await service("talk", { domain }, new LoadBalancer("alb").https(443, { certificate })).plan()).warnings;
  expect(await warnings("own.example.com", "talk.example.com")).toEqual([
    "listener alb:443 has no certificate for talk.example.com, only for own.example.com: clients refuse https://talk.example.com. Name a certificate that has the domain as well, or none: then ACM issues one",
  ]);
  expect(await warnings("own.example.com", "own.example.com")).toEqual([]);
  expect(await warnings(["own.example.com", "*.example.org"], "talk.example.org")).toEqual([]);
  expect(await warnings("*.example.org", "a.talk.example.org")).toHaveLength(1);
  const [arn] = [...cloud.account.acm.certificates.keys()];
  expect(await warnings(arn!, "talk.example.com")).toHaveLength(1);
});

test("an empty domain in an array is refused with what is empty", async () => {
  start();
  await expect(service("talk", { domain: [""] }).plan()).rejects.toThrow(
    'behindAlb.domain: must be one pattern or an array of patterns, such as "talk.example.com"; got an array with ""',
  );
});

test("two deployments of a fleet with one domain are refused with both names and the way out", async () => {
  start();
  const writes = await writesOf(cloud, async () => {
    const fleet = () =>
      new Fleet(
        service("talk", { domain: "x.example.com", path: "/talk*" }),
        service("votes", { domain: ["votes.example.com", "X.example.com"], path: "/votes*" }),
      ).deploy();
    await expect((async () => fleet())()).rejects.toThrow(
      'votes.domain: "x.example.com" is the domain of both talk and votes, and its records belong to one deployment: let the other one have it as { host: "x.example.com" }',
    );
  });
  expect(writes).toEqual([]);
});

test("more certificates than a load balancer can have are refused with the numbers before anything is made", async () => {
  start();
  const of = (count: number) =>
    new Fleet(
      ...Array.from({ length: count }, (_, index) =>
        service(`s${index}`, { domain: `s${index}.example.com` }),
      ),
    );
  const writes = await writesOf(cloud, async () => {
    await expect((async () => of(28).deploy())()).rejects.toThrow(
      "loadBalancer: alb would have 28 certificates, one for the domains of each deployment, and AWS allows 26 (the default one and 25 others): describe 2 load balancers",
    );
  });
  expect(writes).toEqual([]);
});
