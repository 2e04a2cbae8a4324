import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type Cloud } from "../../src/index.js";
import { sweep } from "./sweep.js";

/** The README's shortest chain: it only names its cluster and its load balancer. */
const named = (cloud: Cloud) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .port(8080)
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .on(cloud);

/** On Fargate, behind a load balancer that exists. */
const behindTheirs = (cloud: Cloud) =>
  named(cloud)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(LoadBalancer.existing("their-alb"), { path: "/talk*", healthCheck: "/health" })
    .on(cloud);

test("a first deploy to a cluster and a load balancer that are only named is finished by the next run, whatever fault it meets", async () => {
  expect(await sweep({ to: named, after: "destroy" })).toMatchInlineSnapshot(`520`);
});

test("a second deploy to what is only named changes nothing, whatever fault it meets", async () => {
  expect(await sweep({ from: named, to: named })).toMatchInlineSnapshot(`74`);
});

test("a first deploy behind a load balancer that exists is finished by the next run, whatever fault it meets", async () => {
  expect(await sweep({ to: behindTheirs, after: "destroy" })).toMatchInlineSnapshot(`253`);
});

test("a second deploy behind a load balancer that exists changes nothing, whatever fault it meets", async () => {
  expect(await sweep({ from: behindTheirs, to: behindTheirs })).toMatchInlineSnapshot(`52`);
});
