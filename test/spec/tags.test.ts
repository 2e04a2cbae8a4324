import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { issuesOf, refusals, talk, untyped } from "./issues-of.js";

const tags = (value: unknown) => talk["tags"]!(value);
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, ""]));

test("a tag follows AWS's rules, and is not reserved by AWS or quayside", () => {
  const bad = [
    { "": "x" },
    { ["k".repeat(129)]: "x" },
    { "a;b": "x" },
    { team: "v".repeat(257) },
    { team: "a|b" },
    { team: 1 },
    { "aws:team": "x" },
    { "AWS:team": "x" },
    { "quayside:owner": "me" },
    "team=talk",
    undefined,
  ];
  expect(refusals(bad, tags)).toMatchInlineSnapshot(`
    [
      "tags.: the key must be 1 to 128 letters, digits, spaces and _.:/=+-@; got """,
      "tags.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: the key must be 1 to 128 letters, digits, spaces and _.:/=+-@; got "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…" (129 characters)",
      "tags.a;b: the key must be 1 to 128 letters, digits, spaces and _.:/=+-@; got "a;b"",
      "tags.team: the value must be 0 to 256 letters, digits, spaces and _.:/=+-@; got "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv…" (257 characters)",
      "tags.team: the value must be 0 to 256 letters, digits, spaces and _.:/=+-@; got "a|b"",
      "tags.team: the value must be 0 to 256 letters, digits, spaces and _.:/=+-@; got 1",
      "tags.aws:team: the key must not begin with "aws:", which is reserved",
      "tags.AWS:team: the key must not begin with "aws:", which is reserved",
      "tags.quayside:owner: the key must not begin with "quayside:", which is reserved",
      "tags: must be an object of keys and values; got "team=talk"",
      "tags: must be an object of keys and values; got undefined",
    ]
  `);
});

test("all calls together can set 46 tags", () => {
  expect(issuesOf(tags(many(46)))).toEqual([]);
  expect(issuesOf(tags(many(46))["tags"]!({ team: "talk" }))).toMatchInlineSnapshot(`
    [
      "tags: must be at most 46 tags (AWS allows 50, quayside sets 4); got 47",
    ]
  `);
});

test("keys that differ only in case are rejected", () => {
  expect(issuesOf(tags({ Team: "a" })["tags"]!({ team: "b" }))).toMatchInlineSnapshot(`
    [
      "tags.team: differs from the key "Team" only in case, which IAM rejects",
    ]
  `);
});

test("a later value of a key wins, and letters of any language are letters", () => {
  const deployment = new Deployment("talk")
    .image("talk")
    .cluster("c")
    .tags({ équipe: "été", env: "a" })
    .tags({ env: "b" });
  expect(deployment.toJSON().tags).toEqual({ équipe: "été", env: "b" });
});

test("clusters and load balancers have their own tags", () => {
  const deployment = new Deployment("talk")
    .image("talk")
    .port(80)
    .cluster(new Cluster("c").tags({ "aws:x": "" }))
    .behindAlb(new LoadBalancer("alb").tags({ "aws:x": "" }));
  expect(issuesOf(untyped(deployment))).toMatchInlineSnapshot(`
    [
      "cluster.tags.aws:x: the key must not begin with "aws:", which is reserved",
      "loadBalancer.tags.aws:x: the key must not begin with "aws:", which is reserved",
    ]
  `);
});
