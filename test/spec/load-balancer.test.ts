import fc from "fast-check";
import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { parseCidr } from "../../src/spec/parsing/cidr.js";
import { issuesOf, refusals, untyped, wronglyRefused } from "./issues-of.js";

const complete = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster");
const behind = (loadBalancer: unknown) => untyped(complete)["behindAlb"]!(loadBalancer);
const alb = untyped(new LoadBalancer("conferenceAlb"));
const specOf = (loadBalancer?: string | LoadBalancer) =>
  complete.behindAlb(loadBalancer).toJSON().route?.loadBalancer;

test("a load balancer's name has at most 32 characters, no hyphen at either end, and does not begin with internal-", () => {
  const bad = ["a".repeat(33), "-alb", "alb-", "internal-alb", "Internal-alb", "conference_alb", "", 1];
  expect(refusals(bad, behind)).toMatchInlineSnapshot(`
    [
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" (33 characters)",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "-alb"",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "alb-"",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "internal-alb"",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "Internal-alb"",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "conference_alb"",
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got """,
      "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got 1",
    ]
  `);
  expect(wronglyRefused(["a".repeat(32), "internal", "A-1"], behind)).toEqual([]);
  expect(issuesOf(behind(new LoadBalancer("-alb")))).toEqual(issuesOf(behind("-alb")));
});

test("a load balancer is named after the deployment by default, and one given by name has all defaults", () => {
  expect(specOf()).toMatchInlineSnapshot(`
    {
      "allow": [
        "0.0.0.0/0",
        "::/0",
      ],
      "claim": "use-or-create",
      "listeners": [
        {
          "additionalCertificates": [],
          "certificate": undefined,
          "port": 80,
          "protocol": "http",
          "redirectTo": undefined,
        },
      ],
      "name": "talk-service",
      "network": undefined,
      "scheme": "internet-facing",
      "securityGroup": "talk-service-alb",
      "tags": {},
    }
  `);
  expect(specOf("talk-service")).toEqual(specOf());
  expect(specOf(new LoadBalancer("talk-service"))).toEqual({ ...specOf(), claim: "own" });
});

test("a load balancer's allowed addresses are CIDR blocks", () => {
  const bad = [
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0/8",
    "010.0.0.0/8",
    "::/129",
    "fe80::1%eth0/64",
    "everybody",
    1,
    "10.0.0.1/8",
    "2001:db8::1/32",
  ];
  expect(refusals(bad, (block) => behind(alb["allow"]!(block)))).toMatchInlineSnapshot(`
    [
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "10.0.0.0"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "10.0.0.0/33"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "10.0.0/8"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "010.0.0.0/8"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "::/129"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "fe80::1%eth0/64"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got "everybody"",
      "loadBalancer.allow: must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got 1",
      "loadBalancer.allow: must be the first address of its block, "10.0.0.0/8"; got "10.0.0.1/8"",
      "loadBalancer.allow: must be the first address of its block, "2001:db8::/32"; got "2001:db8::1/32"",
    ]
  `);
  expect(issuesOf(behind(alb["allow"]!()))).toMatchInlineSnapshot(`
    [
      "loadBalancer.allow: must have at least one CIDR block, such as "10.0.0.0/8"",
    ]
  `);
  expect(issuesOf(behind(alb["allow"]!("2001:db8::/32")["allow"]!("2001:0DB8:0::/32"))))
    .toMatchInlineSnapshot(`
      [
        "loadBalancer.allow: "2001:0DB8:0::/32" is listed twice",
      ]
    `);
});

test("CIDR blocks are kept as AWS writes them, and calls add up", () => {
  const narrow = new LoadBalancer("alb").allow("10.0.0.0/8").allow("2001:0DB8::0/32", "203.0.113.7/32");
  expect(specOf(narrow)?.allow).toEqual(["10.0.0.0/8", "2001:db8::/32", "203.0.113.7/32"]);
});

test("a CIDR block is named by its first address, also when it is read again", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, fc.integer({ min: 0, max: 128 }), (ip, length) => {
      const block = parseCidr(`${ip}/${length}`);
      fc.pre(block !== undefined);
      expect(parseCidr(block.canonical)).toEqual({ canonical: block.canonical, isFirst: true });
    }),
  );
});

test("a load balancer's security group has a valid name, and is not that of the instances", () => {
  expect(refusals(["sg-1", "", "é", "a".repeat(256), 1], (name) => behind(alb["securityGroup"]!(name))))
    .toMatchInlineSnapshot(`
    [
      "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got "sg-1"",
      "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got """,
      "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got "é"",
      "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (256 characters)",
      "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got 1",
    ]
  `);
  const cluster = new Cluster("c").ec2({ securityGroup: "shared" });
  const shared = complete.cluster(cluster).behindAlb(new LoadBalancer("alb").securityGroup("Shared"));
  expect(issuesOf(untyped(shared))).toMatchInlineSnapshot(`
    [
      "loadBalancer.securityGroup: must not be the instances' security group, Shared: the instances accept traffic from the load balancer only",
    ]
  `);
});

test("internal is a load balancer's scheme", () => {
  expect(specOf(new LoadBalancer("alb").internal())?.scheme).toBe("internal");
});
