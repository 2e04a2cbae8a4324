import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type RouteOptions } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount(options));
const alb = new LoadBalancer("alb").https();
const service = (
  name: string,
  route: RouteOptions | string | readonly string[],
  balancer: LoadBalancer | string = alb,
) =>
  new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("c").fargate())
    .behindAlb(
      balancer,
      typeof route === "string" || Array.isArray(route) ? { domain: route } : (route as RouteOptions),
    )
    .on(cloud);

/** The records of all zones: type and name. */
const records = (): readonly string[] =>
  [...cloud.account.route53.zones.values()].flatMap((zone) =>
    [...zone.records.values()]
      .map(({ set }) => set)
      .filter(({ Type }) => Type !== "NS" && Type !== "SOA" && Type !== "CAA")
      .map(({ Type, Name }) => `${Type} ${Name}${zone.isPrivate ? " (private)" : ""}`),
  );
const requested = (): readonly string[] =>
  [...cloud.account.acm.certificates.values()]
    .filter(({ request }) => request !== undefined)
    .map(({ domain, status }) => `${domain} ${status}`);
const balancers = (): readonly string[] =>
  [...cloud.account.elb.loadBalancers.values()]
    .map(({ name }) => name)
    .filter((name) => name !== "their-alb");
const services = (): readonly string[] => Object.keys(cloud.state().services);
const text = ({ resource, name, why }: { resource: string; name: string; why: string }) =>
  `${resource} ${name}: ${why}`;

describe("a record that was adopted", () => {
  test("is kept by destroy() alone, with the advice to lead it elsewhere", async () => {
    await start();
    const zone = [...cloud.account.route53.zones.values()].find(({ name }) => name === "example.com.")!;
    zone.records.set("talk.example.com. A ", {
      set: { Name: "talk.example.com.", Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] },
      visibleAt: 0,
    });
    const talk = service("talk", "talk.example.com");
    await talk.deploy({ adopt: true });
    await tagsKnown(cloud);
    expect((await talk.destroy()).kept.map(text)).toEqual([
      "dns-record talk.example.com: it existed before quayside adopted it: change or delete it: what it leads to may be deleted",
    ]);
    expect(balancers()).toEqual([]);
    expect(requested()).toEqual([]);
    expect(records().filter((each) => each.includes("CNAME"))).toEqual([]);
  });

  test("of another deployment is refused with its owner and the advice to name the host", async () => {
    await start();
    await service("talk", { domain: "conf.example.com", path: "/talk*" }).deploy();
    const votes = service("votes", { domain: "conf.example.com", path: "/votes*" });
    const writes = await writesOf(cloud, () =>
      expect(votes.deploy()).rejects.toMatchObject({
        message: "Nothing was changed: dns-record conf.example.com (owned by deployment/talk) already exists",
        fix: expect.stringContaining(`{ host: "conf.example.com" }`) as string,
      }),
    );
    expect(writes).toEqual([]);
  });
});

describe("a deployment that moves", () => {
  const zones = { hostedZones: ["example.com", { domain: "example.com", private: true }] };
  const open = (): LoadBalancer => new LoadBalancer("alb").http();
  const inside = (): LoadBalancer => new LoadBalancer("alb").internal().http();
  for (const [title, from, to, left] of [
    ["to an internal load balancer takes its public records with it", open, inside, " (private)"],
    ["to a public load balancer takes its private records with it", inside, open, ""],
  ] as const)
    test(title, async () => {
      await start(zones);
      await service("talk", "talk.example.com", from()).deploy();
      await tagsKnown(cloud);
      const moved = service("talk", "talk.example.com", to());
      await withPermissionsOf(service("talk", "talk.example.com", from()), () => moved.deploy());
      expect(records().map((each) => each.includes("(private)"))).toEqual(records().map(() => left !== ""));
      expect(records().length).toBe(3);
      await tagsKnown(cloud);
      expect((await moved.plan()).isEmpty).toBe(true);
      expect((await moved.destroy()).kept).toEqual([]);
      expect(records()).toEqual([]);
    });

  test("is destroyed with all of its records by a chain that describes the other zone", async () => {
    await start(zones);
    await service("talk", "talk.example.com", open()).deploy();
    await tagsKnown(cloud);
    await service("talk", "talk.example.com", inside()).destroy();
    expect(records()).toEqual([]);
    expect(balancers()).toEqual([]);
  });
});

describe("a certificate that a listener still needs", () => {
  test("is kept with its validation record while another deployment is behind the listener", async () => {
    await start();
    const talk = service("talk", { domain: "conf.example.com", path: "/talk*" });
    await talk.deploy();
    const votes = service("votes", { host: "conf.example.com", path: "/votes*" });
    await votes.deploy();
    await tagsKnown(cloud);
    const kept = (await talk.destroy()).kept.map(text);
    expect(kept).toContain(
      "requested-certificate conf.example.com: it is still referenced by listener alb:443, which has no other certificate",
    );
    expect(kept).toContain(
      "validation-record conf.example.com: it is still referenced by the certificate of listener alb:443, which has no other certificate",
    );
    expect(services()).toEqual(["c/votes"]);
    expect(records().filter((each) => each.startsWith("CNAME")).length).toBe(1);
    await votes.destroy();
    await tagsKnown(cloud);
    await talk.destroy();
    expect([requested(), records()]).toEqual([[], []]);
  });

  test("is kept with the load balancer that is protected from deletion", async () => {
    await start();
    const talk = service("talk", "talk.example.com", alb.attributes({ deletionProtection: true }));
    await talk.deploy();
    await tagsKnown(cloud);
    const { kept } = await talk.destroy();
    expect(kept.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(["load-balancer", "listener", "requested-certificate", "validation-record"]),
    );
    expect(records().filter((each) => each.startsWith("CNAME")).length).toBe(1);
  });

  test("is kept, and the deploy ends, when its deployment only names the host from now on", async () => {
    await start();
    await service("talk", "talk.example.com").deploy();
    await tagsKnown(cloud);
    const hosted = service("talk", { host: "talk.example.com" });
    await withPermissionsOf(service("talk", "talk.example.com"), () => hosted.deploy());
    expect(requested()).toEqual(["talk.example.com ISSUED"]);
    expect(records().filter((each) => each.startsWith("CNAME")).length).toBe(1);
  });

  test("is the listener's named one, and stays with its validation record", async () => {
    await start();
    await service("talk", "talk.example.com").deploy();
    await tagsKnown(cloud);
    const named = service(
      "talk",
      "talk.example.com",
      new LoadBalancer("alb").https(443, { certificate: "talk.example.com" }),
    );
    await named.deploy();
    expect(requested()).toEqual(["talk.example.com ISSUED"]);
    expect((await named.plan()).isEmpty).toBe(true);
    await tagsKnown(cloud);
    expect((await named.destroy()).kept).toEqual([]);
    expect([requested(), records()]).toEqual([[], []]);
  });
});

describe("a domain and its wildcard", () => {
  test("share a validation record, which leaves with both", async () => {
    await start();
    const both = () => service("talk", ["example.com", "*.example.com"]);
    await both().deploy();
    await tagsKnown(cloud);
    await withPermissionsOf(both(), () => service("talk", "talk.example.com").deploy());
    expect(requested()).toEqual(["talk.example.com ISSUED"]);
    expect(records().filter((each) => each.startsWith("CNAME")).length).toBe(1);
  });

  test("keep the validation record when only the wildcard stays", async () => {
    await start();
    const both = () => service("talk", ["example.com", "*.example.com"]);
    await both().deploy();
    await tagsKnown(cloud);
    const wildcard = service("talk", "*.example.com");
    await withPermissionsOf(both(), () => wildcard.deploy());
    expect(records().filter((each) => each.startsWith("CNAME")).length).toBe(1);
    await tagsKnown(cloud);
    expect((await wildcard.plan()).isEmpty).toBe(true);
    expect((await wildcard.destroy()).kept).toEqual([]);
    expect([requested(), records()]).toEqual([[], []]);
  });
});

test("two deployments that share a validation record are deployed and destroyed at the same moment", async () => {
  await start();
  const talk = service("talk", { domain: "example.com", path: "/talk*" });
  const votes = service("votes", { domain: "*.example.com", path: "/votes*" });
  await Promise.all([talk.deploy(), votes.deploy()]);
  expect((await talk.plan()).isEmpty).toBe(true);
  expect((await votes.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  await Promise.all([talk.destroy(), votes.destroy()]);
  expect([requested(), records()]).toEqual([[], []]);
});

describe("destroy()", () => {
  test("deletes a certificate that ACM did not issue, which each deploy requests again in its place", async () => {
    await start({ hostedZones: [{ domain: "example.com", caa: ["letsencrypt.org"] }] });
    const talk = service("talk", "talk.example.com");
    for (let run = 0; run < 3; run++)
      await expect(talk.deploy()).rejects.toMatchObject({ code: "certificate-not-usable" });
    expect(requested()).toEqual(["talk.example.com FAILED"]);
    await tagsKnown(cloud);
    expect((await talk.destroy()).kept).toEqual([]);
    expect([requested(), records()]).toEqual([[], []]);
  });

  test("deletes the validation records of all domains, also by a chain that has fewer", async () => {
    await start();
    const both = service("talk", ["talk.example.com", "x.example.com"]);
    await both.deploy();
    await tagsKnown(cloud);
    const { kept } = await withPermissionsOf(both, () => service("talk", "talk.example.com").destroy());
    expect(kept).toEqual([]);
    expect([requested(), records()]).toEqual([[], []]);
  });

  for (const seed of [1, 2, 3])
    test(`of the two last users of a listener at the same moment leaves nothing (${seed})`, async () => {
      await start({ seed });
      const talk = service("talk", "talk.example.com", "alb");
      const votes = service("votes", "votes.example.com", "alb");
      await talk.deploy();
      await votes.deploy();
      await tagsKnown(cloud);
      const both = await Promise.allSettled(
        seed === 3 ? [votes.destroy(), talk.destroy()] : [talk.destroy(), votes.destroy()],
      );
      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
      expect([balancers(), requested(), records(), services()]).toEqual([[], [], [], []]);
    });
});
