import { afterEach, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  LoadBalancer,
  type CompleteDeployment,
  type RouteOptions,
} from "../../src/index.js";
import { localAccount, localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount(options));

const cluster = new Cluster("conference").fargate();
const alb = new LoadBalancer("conferenceAlb").https(443, { redirectHttp: true });
const behind = (name: string, route: RouteOptions, balancer: LoadBalancer | string = alb, on = cloud) =>
  new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(cluster)
    .behindAlb(balancer, route)
    .on(on) as CompleteDeployment;
const talk = (
  route: RouteOptions = { domain: "talk.example.com", path: "/talk*" },
  balancer: LoadBalancer | string = alb,
) => behind("talk-service", route, balancer);

const zone = (name: string, on = cloud) =>
  [...on.account.route53.zones.values()].find((each) => each.name === `${name}.`)!;
const records = (name = "example.com"): string[] =>
  [...zone(name).records.values()]
    .map(({ set }) => set)
    .filter(({ Type }) => Type !== "NS" && Type !== "SOA")
    .map(({ Name, Type, AliasTarget, ResourceRecords }) =>
      [Name, Type, AliasTarget?.DNSName ?? ResourceRecords?.map(({ Value }) => Value).join(" ")].join(" "),
    )
    .sort();
const certificates = () => [...cloud.account.acm.certificates.values()];
const requested = () => certificates().filter(({ request }) => request !== undefined);
const dnsName = () =>
  [...cloud.account.elb.loadBalancers.values()]
    .find(({ name }) => name === "conferenceAlb")!
    .dnsName.toLowerCase();

test("a domain gets records, a certificate and HTTPS, and its url is the domain", async () => {
  await start();
  const pristine = comparable(cloud);
  const { url } = await talk().deploy();
  expect(url).toBe("https://talk.example.com/talk");
  expect(records().filter((each) => !each.includes(" CNAME ") && !each.includes("user="))).toEqual([
    `_quayside.talk.example.com. TXT "quayside owner=deployment/talk-service region=eu-west-1"`,
    `talk.example.com. A ${dnsName()}`,
    `talk.example.com. AAAA ${dnsName()}`,
  ]);
  expect(requested().map(({ domain, status }) => [domain, status])).toEqual([["talk.example.com", "ISSUED"]]);
  expect(
    [...cloud.account.elb.listeners.values()]
      .filter(({ protocol }) => protocol === "HTTPS")
      .map(({ certificateArn }) => certificateArn),
  ).toEqual([requested()[0]!.arn]);
  expect((await talk().plan()).toString()).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);

  expect((await talk().destroy()).kept).toEqual([]);
  expect(records()).toEqual([]);
  expect(requested()).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a load balancer that is only named gets HTTPS with a domain, and HTTP is redirected", async () => {
  await start();
  const { url } = await talk({ domain: "talk.example.com" }, "conferenceAlb").deploy();
  expect(url).toBe("https://talk.example.com");
  const ports = [...cloud.account.elb.listeners.values()].map(({ port, protocol }) => `${protocol} ${port}`);
  expect(ports).toEqual(expect.arrayContaining(["HTTPS 443", "HTTP 80"]));
});

test("a record of the domain that is not the deployment's is refused before any change, and taken over with adopt", async () => {
  await start();
  const foreign = {
    Name: "talk.example.com.",
    Type: "A" as const,
    TTL: 60,
    ResourceRecords: [{ Value: "192.0.2.1" }],
  };
  zone("example.com").records.set("talk.example.com. A ", { set: foreign, visibleAt: 0 });
  const writes = await writesOf(cloud, () =>
    expect(talk().deploy()).rejects.toMatchObject({ name: "OwnershipError", code: "not-owned" }),
  );
  expect(writes).toEqual([]);

  await talk().deploy({ adopt: true });
  expect(records()).toContain(`talk.example.com. A ${dnsName()}`);
  expect((await talk().plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  const { kept } = await talk().destroy();
  expect(kept.map(({ resource }) => resource)).toContain("dns-record");
});

test("a domain of another deployment is refused", async () => {
  await start();
  await talk().deploy();
  await expect(
    behind("other", { domain: "talk.example.com", path: "/other*" }).deploy(),
  ).rejects.toMatchObject({ name: "OwnershipError" });
});

test("a domain without a hosted zone is refused before any change", async () => {
  await start();
  const writes = await writesOf(cloud, () =>
    expect(talk({ domain: "talk.example.edu" }).deploy()).rejects.toMatchObject({ code: "no-hosted-zone" }),
  );
  expect(writes).toEqual([]);
});

test("the record is in the zone with the longest suffix", async () => {
  await start({ hostedZones: ["example.com", "eu.example.com"] });
  await talk({ domain: "talk.eu.example.com" }).deploy();
  expect(records("example.com")).toEqual([]);
  expect(records("eu.example.com")).toContain(`talk.eu.example.com. A ${dnsName()}`);
});

test("an internal load balancer has its records in the private zone of its VPC, and those of the certificate in the public one", async () => {
  await start({ hostedZones: ["example.com", { domain: "example.com", private: true }] });
  await talk({ domain: "talk.example.com" }, alb.internal()).deploy();
  const [open, inside] = [...cloud.account.route53.zones.values()];
  const names = (each: typeof open) =>
    [...each!.records.values()].map(({ set }) => `${set.Type} ${set.Name}`);
  expect(names(inside)).toContain("A talk.example.com.");
  expect(names(open)).not.toContain("A talk.example.com.");
  expect(names(open).filter((each) => each.startsWith("CNAME")).length).toBe(1);
});

test("two deployments behind one load balancer have a certificate each, and the listener keeps one when the other is destroyed", async () => {
  await start();
  const speaker = () => behind("speaker-service", { domain: "speaker.example.org", path: "/speaker*" });
  await new Fleet(talk(), speaker()).deploy();
  await tagsKnown(cloud);
  const listener = () => [...cloud.account.elb.listeners.values()].find(({ port }) => port === 443)!;
  const names = () =>
    [listener().certificateArn!, ...listener().additionalCertificates].map(
      (arn) => cloud.account.acm.certificates.get(arn)?.domain,
    );
  expect(new Set(names())).toEqual(new Set(["talk.example.com", "speaker.example.org"]));
  expect((await new Fleet(talk(), speaker()).plan()).isEmpty).toBe(true);

  expect((await talk().destroy()).kept.map(({ resource }) => resource)).not.toContain(
    "requested-certificate",
  );
  expect(new Set(names())).toEqual(new Set(["speaker.example.org"]));
  expect(requested().map(({ domain }) => domain)).toEqual(["speaker.example.org"]);
  await tagsKnown(cloud);
  await speaker().destroy();
  expect(requested()).toEqual([]);
});

test("a domain that is no longer described leaves with its record and its certificate", async () => {
  await start();
  await talk({ domain: ["talk.example.com", "talks.example.com"] }).deploy();
  await tagsKnown(cloud);
  await withPermissionsOf(talk({ domain: ["talk.example.com", "talks.example.com"] }), () =>
    talk({ domain: "talks.example.com" }).deploy(),
  );
  expect(records().filter((each) => / A /.test(each))).toEqual([`talks.example.com. A ${dnsName()}`]);
  expect(requested().map(({ names }) => names)).toEqual([["talks.example.com"]]);
  expect((await talk({ domain: "talks.example.com" }).plan()).isEmpty).toBe(true);
});

test("a domain that moves to another load balancer leads there once the service behind it is healthy", async () => {
  await start();
  await talk().deploy();
  await tagsKnown(cloud);
  await withPermissionsOf(talk(), () => talk(undefined, new LoadBalancer("otherAlb").https(443)).deploy());
  const other = [...cloud.account.elb.loadBalancers.values()];
  expect(other.map(({ name }) => name)).not.toContain("conferenceAlb");
  const [target] = other.filter(({ name }) => name === "otherAlb");
  expect(records()).toContain(`talk.example.com. A ${target!.dnsName.toLowerCase()}`);
});

test("a CAA record that excludes Amazon's authority ends the deploy with the reason", async () => {
  await start({ hostedZones: [{ domain: "example.com", caa: ["letsencrypt.org"] }] });
  await expect(talk().deploy()).rejects.toMatchObject({
    code: "certificate-not-usable",
    message: expect.stringContaining("CAA record") as string,
  });
});

test("a zone that the registrar does not name ends the deploy with the way out, and the next one continues", async () => {
  await start({ hostedZones: [{ domain: "example.com", delegated: false }] });
  await expect(talk().deploy()).rejects.toMatchObject({
    name: "TimeoutError",
    fix: expect.stringContaining("registrar") as string,
  });
  zone("example.com").isDelegated = true;
  await talk().deploy();
  expect(requested().map(({ status }) => status)).toEqual(["ISSUED"]);
});

test("an HTTPS listener without a certificate and without a domain is refused before any change", async () => {
  await start();
  const writes = await writesOf(cloud, () =>
    expect(talk({ path: "/talk*" }).deploy()).rejects.toMatchObject({ code: "no-certificate" }),
  );
  expect(writes).toEqual([]);
});

test("in two regions, a domain is of the one that was first", async () => {
  const account = localAccount();
  const regions = ["eu-west-1", "us-east-1"].map((region) =>
    localCloud({ account, region, clock: "virtual", seed: 1 }),
  );
  cloud = regions[0]!;
  await behind("talk-service", { domain: "talk.example.com" }, alb, regions[0]).deploy();
  const there = behind("talk-service", { domain: "talk.example.com" }, alb, regions[1]);
  await expect(there.deploy()).rejects.toMatchObject({
    name: "OwnershipError",
    message: expect.stringContaining("region eu-west-1") as string,
  });
  await expect(there.deploy({ adopt: true })).rejects.toMatchObject({ name: "OwnershipError" });
  await regions[1]!.close();
});
