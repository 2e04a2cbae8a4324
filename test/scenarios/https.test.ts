import { afterEach, describe, expect, test } from "vitest";
import { LoadBalancer, QuaysideError } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { service } from "./conference.js";
import { leastPrivilege } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const withCertificates = (certificates: LocalCloudOptions["certificates"] & object): LocalCloud =>
  localCloud({ caller: leastPrivilege(), clock: "virtual", certificates });
const talk = (alb: LoadBalancer) => service("talk").behindAlb(alb, { path: "/talk*" }).on(cloud);
const https = (certificate: string) => new LoadBalancer("conferenceAlb").https(443, { certificate });
const certificateOf = (domain: string) =>
  [...cloud.account.acm.certificates.values()].find((one) => one.domain === domain)!.arn;
const listeners = () =>
  [...cloud.account.elb.listeners.values()].map(({ port, protocol, certificateArn }) => [
    port,
    protocol,
    certificateArn,
  ]);

describe("the URL of a service", () => {
  const urlOf = async (certificate: string, host?: string) => {
    const deployment = service("talk")
      .behindAlb(https(certificate), { path: "/talk*", ...(host !== undefined && { host }) })
      .on(cloud);
    const { url } = await deployment.deploy();
    expect((await deployment.status()).url).toBe(url);
    return url;
  };

  test("has the certificate's domain, by which browsers accept it", async () => {
    cloud = withCertificates([{ domain: "talk.example.com" }]);
    expect(await urlOf("talk.example.com")).toBe("https://talk.example.com/talk");
  });

  test("has the domain of a certificate that is named by its ARN", async () => {
    cloud = withCertificates([{ domain: "talk.example.com" }]);
    expect(await urlOf(certificateOf("talk.example.com"))).toBe("https://talk.example.com/talk");
  });

  test("has the route's host", async () => {
    cloud = withCertificates([{ domain: "*.example.com" }]);
    expect(await urlOf("speaker.example.com", "talk.example.com")).toBe("https://talk.example.com/talk");
  });

  test("has the load balancer's name if nothing names another", async () => {
    cloud = withCertificates([{ domain: "*.example.com" }]);
    expect(await urlOf(certificateOf("*.example.com"))).toMatch(/^https:\/\/conferenceAlb-.*\/talk$/);
  });
});

describe("a listener for HTTPS", () => {
  test("has the certificate for its domain: valid longest, an exact name before a wildcard", async () => {
    cloud = withCertificates([
      { domain: "*.example.com", validDays: 900 },
      { domain: "www.example.com", names: ["talk.example.com"], validDays: 30 },
      { domain: "talk.example.com", validDays: 300 },
      { domain: "talk.example.com", validDays: -1 },
      { domain: "talk.example.com", status: "PENDING_VALIDATION" },
    ]);
    const { url } = await talk(https("talk.example.com")).deploy();
    expect(url).toBe("https://talk.example.com/talk");
    expect(listeners()).toEqual([[443, "HTTPS", certificateOf("talk.example.com")]]);
    expect((await talk(https("talk.example.com")).plan()).isEmpty).toBe(true);

    // Another domain is another certificate on the same listener.
    const writes = await writesOf(cloud, () => talk(https("speaker.example.com")).deploy());
    expect(writes).toEqual(["modifyListener"]);
    expect(listeners()).toEqual([[443, "HTTPS", certificateOf("*.example.com")]]);
  });

  test("with a certificate that has expired is refused by a deploy, and does not keep a destroy from its work", async () => {
    cloud = withCertificates([{ domain: "talk.example.com", validDays: 2 }]);
    const byArn = talk(https(certificateOf("talk.example.com")));
    const byDomain = talk(https("talk.example.com"));
    await byArn.deploy();
    await cloud.clock.sleep(3 * 86_400_000);
    await expect(byArn.plan()).rejects.toMatchObject({ code: "certificate-not-usable" });
    await expect(byDomain.plan()).rejects.toMatchObject({ code: "no-certificate" });
    expect(await byArn.destroy()).toMatchObject({ kept: [] });
    expect(listeners()).toEqual([]);
  });

  test("has several certificates: the first is the default, those of others stay", async () => {
    cloud = withCertificates([
      { domain: "talk.example.com" },
      { domain: "speaker.example.org" },
      { domain: "other.example.net" },
    ]);
    const domains = ["talk.example.com", "speaker.example.org"] as const;
    const both = () => new LoadBalancer("conferenceAlb").https(443, { certificate: domains });
    await talk(https("talk.example.com")).deploy();
    expect((await talk(both()).plan()).toString()).toContain("additionalCertificates");
    expect(await writesOf(cloud, () => talk(both()).deploy())).toEqual(["addListenerCertificates"]);
    expect((await talk(both()).plan()).isEmpty).toBe(true);

    const [listener] = cloud.account.elb.listeners.values();
    listener!.additionalCertificates.add(certificateOf("other.example.net"));
    expect((await talk(both()).plan()).isEmpty).toBe(true);
    expect([...listener!.additionalCertificates]).toEqual(
      ["speaker.example.org", "other.example.net"].map(certificateOf),
    );
    await talk(both()).destroy();
    expect(listeners()).toEqual([]);
    // All at once, for a listener that is new.
    expect((await talk(both()).deploy()).url).toBe("https://talk.example.com/talk");
    expect((await talk(both()).plan()).isEmpty).toBe(true);
    expect((await talk(https("talk.example.com")).plan()).isEmpty).toBe(true);
  });

  test.each([
    [[], "must be the ARN of a certificate"],
    [["talk.example.com", 5], "got 5"],
    [["talk.example.com", "TALK.example.com"], "must not list a certificate twice"],
    [
      Array.from({ length: 27 }, (_, index) => `a${index}.example.com`),
      "must have 26 certificates at most; got 27",
    ],
  ])("is refused with the certificates %j", async (certificate, message) => {
    cloud = withCertificates([]);
    const alb = new LoadBalancer("conferenceAlb").https(443, { certificate: certificate as string[] });
    await expect(talk(alb).plan()).rejects.toThrow(message);
  });

  test("sends HTTP on to itself when that is wanted, and no more when it is not", async () => {
    cloud = withCertificates([{ domain: "talk.example.com" }]);
    const certificate = certificateOf("talk.example.com");
    const both = new LoadBalancer("conferenceAlb").https(443, { certificate, redirectHttp: true });
    await talk(both).deploy();
    expect(listeners()).toEqual(
      expect.arrayContaining([
        [443, "HTTPS", certificate],
        [80, "HTTP", undefined],
      ]),
    );
    const rules = [...cloud.account.elb.rules.values()];
    expect(rules.filter(({ priority }) => priority !== "default")).toHaveLength(1);
    expect(
      rules.flatMap(({ actions }) => actions).find(({ Type }) => Type === "redirect")!.RedirectConfig,
    ).toMatchObject({ Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" });

    await talk(https(certificate)).deploy();
    expect(listeners()).toEqual([[443, "HTTPS", certificate]]);
  });

  test("takes the place of one for HTTP at the same port, and the other way round", async () => {
    cloud = withCertificates([{ domain: "talk.example.com" }]);
    const certificate = certificateOf("talk.example.com");
    await talk(new LoadBalancer("conferenceAlb").http(8443)).deploy();
    expect(
      await writesOf(cloud, () =>
        talk(new LoadBalancer("conferenceAlb").https(8443, { certificate })).deploy(),
      ),
    ).toEqual(["modifyListener"]);
    expect(listeners()).toEqual([[8443, "HTTPS", certificate]]);
    await talk(new LoadBalancer("conferenceAlb").http(8443)).deploy();
    expect(listeners()).toEqual([[8443, "HTTP", undefined]]);
  });

  test.each([
    ["no certificate for the domain", "other.org", "no-certificate"],
    ["an expired certificate", "old.example.com", "no-certificate"],
    ["a name one level too deep for a wildcard", "a.b.example.net", "no-certificate"],
    [
      "an ARN of nothing",
      "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000",
      "no-certificate",
    ],
  ])("is refused with %s, before anything is changed", async (_, certificate, code) => {
    cloud = withCertificates([{ domain: "old.example.com", validDays: -1 }, { domain: "*.example.net" }]);
    let error: unknown;
    const failing = () =>
      talk(https(certificate))
        .deploy()
        .catch((thrown: unknown) => void (error = thrown));
    expect(await writesOf(cloud, failing)).toEqual([]);
    expect(error).toBeInstanceOf(QuaysideError);
    expect(error).toMatchObject({ code, fix: expect.stringMatching(/./) });
  });

  test("is refused with an expired certificate that is named by its ARN", async () => {
    cloud = withCertificates([{ domain: "old.example.com", validDays: -1 }]);
    await expect(talk(https(certificateOf("old.example.com"))).plan()).rejects.toMatchObject({
      code: "certificate-not-usable",
    });
  });
});

test("several ports lead to the same services, and addresses that are no longer allowed are shut out", async () => {
  cloud = localCloud({ caller: leastPrivilege(), clock: "virtual" });
  const alb = new LoadBalancer("conferenceAlb");
  await talk(alb.http(80).http(8080)).deploy();
  // They are made at once: either may be the first.
  expect(
    listeners()
      .map(([port]) => port)
      .sort(),
  ).toEqual([80, 8080]);
  const entries = () =>
    [...cloud.account.ec2.securityGroups.values()]
      .filter(({ name }) => name === "conferenceAlb-alb")
      .flatMap(({ rules }) => [...rules.values()])
      .filter(({ isEgress }) => !isEgress)
      .map(({ fromPort, cidrIpv4, cidrIpv6 }) => `${fromPort} ${cidrIpv4 ?? cidrIpv6}`)
      .sort();
  expect(entries()).toEqual(["80 0.0.0.0/0", "80 ::/0", "8080 0.0.0.0/0", "8080 ::/0"]);

  await talk(alb.http(80).allow("203.0.113.0/24")).deploy();
  expect(listeners().map(([port]) => port)).toEqual([80]);
  expect(entries()).toEqual(["80 203.0.113.0/24"]);
});
