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

const ofQuotas = (warnings: readonly string[]) => warnings.filter((each) => / and AWS allows /.test(each));

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

const talk = (name: string, max: number) =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("web").fargate())
    .autoscale({ min: 1, max, cpu: 60 })
    .behindAlb(new LoadBalancer("alb"), { path: `/${name}/*`, healthCheck: "/health" });

test("more tasks than a target group, or the load balancer, may have targets are told by the plan", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const fleet = (max: number) => new Fleet(talk("talk", max), talk("speaker", 400)).on(cloud);
  expect(ofQuotas((await fleet(1001).plan()).warnings)).toMatchInlineSnapshot(`
    [
      "service talk can have 1001 tasks, and AWS allows 1000 targets of a target group unless the account's quota is higher: the last 1 get no requests. Describe several services, or request a higher quota for targets per target group",
      "load-balancer alb can have 1401 targets, which are the tasks of the services behind it, and AWS allows 1000 unless the account's quota is higher: the last 401 get no requests. Describe 2 load balancers, or request a higher quota for targets per Application Load Balancer",
    ]
  `);
  expect(ofQuotas((await fleet(600).plan()).warnings)).toEqual([]);
  await fleet(600).deploy();
  expect(ofQuotas((await fleet(601).plan()).warnings)).toMatchInlineSnapshot(`
    [
      "load-balancer alb can have 1001 targets, which are the tasks of the services behind it, and AWS allows 1000 unless the account's quota is higher: the last 1 get no requests. Describe 2 load balancers, or request a higher quota for targets per Application Load Balancer",
    ]
  `);
});

test("the services that a cluster has already count: those beyond the quota are told by the plan", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  await talk("talk", 2).on(cloud).deploy();
  // A cluster with so many others.
  const { ecs } = cloud.ports;
  const crowded = {
    ...cloud,
    ports: {
      ...cloud.ports,
      ecs: new Proxy(ecs, {
        get: (target, method) =>
          method !== "describeClusters"
            ? Reflect.get(target, method)
            : async (input: Parameters<typeof ecs.describeClusters>[0]) => {
                const { clusters = [] } = await ecs.describeClusters(input);
                return { clusters: clusters.map((each) => ({ ...each, activeServicesCount: 4_999 })) };
              },
      }),
    },
  } as LocalCloud;
  const both = new Fleet(talk("speaker", 2), talk("agenda", 2)).on(crowded);
  expect(ofQuotas((await both.plan()).warnings)).toMatchInlineSnapshot(`
    [
      "cluster web would have 5001 services, and AWS allows 5000 unless the account's quota is higher: creating the last 1 fails. Describe 2 clusters, or request a higher quota for services per cluster",
    ]
  `);
  expect(ofQuotas((await talk("speaker", 2).on(crowded).plan()).warnings)).toEqual([]);
});

const onInstances = (instanceType: string, min: number, spot = false) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(
      new Cluster("web").ec2({ instanceType, ...(spot && { spot }) }).autoscale({ min, max: min + 2 }),
    );

test("instances with more vCPUs than a new account may run are told by the plan, until the account runs them", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const warningsOf = async (...chain: Parameters<typeof onInstances>) =>
    ofQuotas(
      (
        await onInstances(...chain)
          .on(cloud)
          .plan()
      ).warnings,
    );
  expect(await warningsOf("m5.4xlarge", 2)).toMatchInlineSnapshot(`
    [
      "auto-scaling-group web-instances starts 2 instances with 32 vCPUs (m5.4xlarge), and AWS allows 5 in a new account: they do not start unless the account's quota "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" is higher. Look it up in Service Quotas, or describe smaller instances",
    ]
  `);
  expect(await warningsOf("m5.4xlarge", 2, true)).toMatchInlineSnapshot(`
    [
      "auto-scaling-group web-instances starts 2 instances with 32 vCPUs (m5.4xlarge), and AWS allows 5 in a new account: they do not start unless the account's quota "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests" is higher. Look it up in Service Quotas, or describe smaller instances",
    ]
  `);
  expect(await warningsOf("g4dn.xlarge", 1)).toMatchInlineSnapshot(`
    [
      "auto-scaling-group web-instances starts 1 instances with 4 vCPUs (g4dn.xlarge), and AWS allows none in a new account: they do not start unless the account's quota "Running On-Demand G and VT instances" is higher. Look it up in Service Quotas, or describe smaller instances",
    ]
  `);
  // Two instances of two vCPUs; and none at first.
  expect(await warningsOf("t3.small", 2)).toEqual([]);
  expect(await warningsOf("m5.4xlarge", 0)).toEqual([]);
  await onInstances("m5.4xlarge", 2).on(cloud).deploy();
  expect(await warningsOf("m5.4xlarge", 2)).toEqual([]);
});
