import { expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

/** A fleet whose services are all behind one load balancer. */
function fleetOf(count: number, cloud: LocalCloud, from = 0): Fleet {
  const cluster = new Cluster("web").fargate();
  const alb = new LoadBalancer("alb");
  const [first, ...others] = Array.from({ length: count }, (_, index) =>
    new Deployment(`service-${from + index}`)
      .image(`registry.example.com/service-${from + index}:1`)
      .container({ port: 8080, cpu: 256, memory: 512 })
      .service({ desired: 1 })
      .cluster(cluster)
      .behindAlb(alb, { path: `/service-${from + index}/*`, healthCheck: "/health" }),
  );
  return new Fleet(first!, ...others).on(cloud);
}

const ofQuotas = (warnings: readonly string[]) => warnings.filter((each) => each.startsWith("load-balancer"));

test("a fleet that needs more load balancers is told by its plan, before anything is made", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const { warnings } = await fleetOf(120, cloud).plan();
  expect(ofQuotas(warnings)).toMatchInlineSnapshot(`
    [
      "load-balancer alb would have 120 listener rules (default rules do not count), and AWS allows 100 unless the account's quota is higher: creating the last 20 fails. Describe 2 load balancers, and give each of them a part of the services, or request a higher quota for rules per Application Load Balancer",
      "load-balancer alb would have 120 target groups, and AWS allows 100, a quota that cannot be raised: the last 20 cannot be used. Describe 2 load balancers, and give each of them a part of the services",
    ]
  `);
  expect(ofQuotas((await fleetOf(100, cloud).plan()).warnings)).toEqual([]);
  expect(cloud.calls.filter(({ write }) => write)).toEqual([]);
});

test("the rules and target groups that a load balancer has already count, too", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const one = (count: number, from: number) => fleetOf(count, cloud, from);
  await one(4, 0).deploy();
  expect(ofQuotas((await one(97, 4).plan()).warnings)).toMatchInlineSnapshot(`
    [
      "load-balancer alb would have 101 listener rules (default rules do not count), and AWS allows 100 unless the account's quota is higher: creating the last 1 fails. Describe 2 load balancers, and give each of them a part of the services, or request a higher quota for rules per Application Load Balancer",
      "load-balancer alb would have 101 target groups, and AWS allows 100, a quota that cannot be raised: the last 1 cannot be used. Describe 2 load balancers, and give each of them a part of the services",
    ]
  `);
  expect(ofQuotas((await one(96, 4).plan()).warnings)).toEqual([]);
  // Nothing is added to it: there is nothing to warn of.
  expect(ofQuotas((await one(4, 0).plan()).warnings)).toEqual([]);
});

test("a deploy warns of it before its first change", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const stop = new AbortController();
  const seen: string[] = [];
  await fleetOf(101, cloud)
    .deploy({
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type !== "warning" || ofQuotas([event.message]).length === 0) return;
        seen.push(event.message);
        stop.abort();
      },
    })
    .catch(() => {});
  expect(seen).toEqual([
    expect.stringContaining("101 listener rules"),
    expect.stringContaining("101 target groups"),
  ]);
  expect(cloud.calls.filter(({ write }) => write)).toEqual([]);
});
