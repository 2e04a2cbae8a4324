import fc from "fast-check";
import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { untyped, type Untyped } from "../spec/issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("the description is frozen, all the way down", () => {
  const seen: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    seen.push(value);
    expect(Object.isFrozen(value)).toBe(true);
    for (const part of Object.values(value)) visit(part);
  };
  visit(
    complete.port(80).behindAlb().env({ A: "1" }).secrets({ B: "ssm:/b" }).tags({ team: "talk" }).toJSON(),
  );
  expect(seen.length).toBeGreaterThan(10);
  for (const chain of [complete, new Cluster("c"), new LoadBalancer("alb")])
    expect(Object.isFrozen(chain)).toBe(true);
});

test("the description is computed once", () => {
  expect(complete.toJSON()).toBe(complete.toJSON());
});

test("the description survives JSON", () => {
  const spec = complete.port(80).behindAlb().toJSON();
  expect(JSON.parse(JSON.stringify(complete.port(80).behindAlb()))).toEqual(JSON.parse(JSON.stringify(spec)));
});

test("later changes to the caller's objects do not affect a chain", () => {
  const environment: Record<string, string> = { A: "1" };
  const path = ["/talk*"];
  const options = { min: 2, max: 3 };
  const cluster = new Cluster("c").autoscale(options);
  const chain = complete.env(environment).port(80).behindAlb({ path }).cluster(cluster);
  environment["A"] = "2";
  path.push("/other");
  options.max = 9;
  const spec = chain.toJSON();
  expect(spec.container.environment).toEqual({ A: "1" });
  expect(spec.route?.path).toEqual(["/talk*"]);
  expect(spec.cluster.capacity).toMatchObject({ max: 3 });
});

test("container calls are merged: a later call overrides only the options that it sets", () => {
  const { container } = complete
    .container({ name: "web", port: 80, environment: { A: "1", B: "1" } })
    .container({ port: 8080, user: undefined, environment: { B: "2" } })
    .env({ C: "3" })
    .toJSON();
  expect(container).toMatchObject({ name: "web", port: 8080, environment: { A: "1", B: "2", C: "3" } });
});

test("a later call of behindAlb or logs replaces an earlier one", () => {
  const spec = complete
    .port(80)
    .behindAlb("first", { path: "/first*" })
    .behindAlb("second")
    .logs("first", { retention: "1d" })
    .logs("second")
    .toJSON();
  expect(spec.route).toMatchObject({ loadBalancer: { name: "second" }, path: ["/*"] });
  expect(spec.logs).toMatchObject({ group: "second", retention: 30 });
});

test("keys such as __proto__ are copied as any other key", () => {
  const environment = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
  expect(Object.entries(complete.env(environment).toJSON().container.environment)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

/** One call of every method, of which a branch is made. */
const calls = fc.constantFrom<(chain: Untyped) => Untyped>(
  (chain) => chain["image"]!("other:2"),
  (chain) => chain["container"]!({ cpu: 512, memory: 512 }),
  (chain) => chain["port"]!(9090),
  (chain) => chain["env"]!({ VERSION: "2" }),
  (chain) => chain["secrets"]!({ TOKEN: "ssm:/token" }),
  (chain) => chain["service"]!({ desired: 7 }),
  (chain) => chain["cluster"]!("other-cluster"),
  (chain) => chain["port"]!(80)["behindAlb"]!("other-alb", { path: "/other*" }),
  (chain) => chain["logs"]!("other-group"),
  (chain) => chain["tags"]!({ team: "other" }),
  (chain) => chain["override"]!({ createService: (input: unknown) => input }),
);

test("a branch never changes what it branched from", () => {
  fc.assert(
    fc.property(
      fc.array(calls, { maxLength: 6 }),
      fc.array(calls, { minLength: 1, maxLength: 6 }),
      (trunk, branch) => {
        const base = trunk.reduce((chain, call) => call(chain), untyped(complete));
        const before = JSON.stringify(base);
        branch.reduce((chain, call) => call(chain), base);
        // From the same words again, so that a description computed before hides nothing.
        const again = trunk.reduce((chain, call) => call(chain), untyped(complete));
        expect(JSON.stringify(base)).toBe(before);
        expect(JSON.stringify(again)).toBe(before);
      },
    ),
  );
});

test("a branch of a cluster or a load balancer never changes what it branched from", () => {
  const cluster = new Cluster("c").ec2({ spot: true });
  const alb = new LoadBalancer("alb").http(80);
  cluster.fargate();
  cluster.autoscale({ max: 9 }).tags({ team: "x" });
  alb.http(8080).internal().allow("10.0.0.0/8").securityGroup("x").tags({ team: "x" });
  const spec = complete.port(80).cluster(cluster).behindAlb(alb).toJSON();
  const fresh = new LoadBalancer("alb");
  expect(spec.cluster).toMatchObject({ capacity: { type: "ec2", spot: true, max: 4 }, tags: {} });
  expect(spec.route?.loadBalancer).toEqual(complete.port(80).behindAlb(fresh).toJSON().route?.loadBalancer);
});
