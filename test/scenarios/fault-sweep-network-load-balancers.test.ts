import { expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  NetworkLoadBalancer,
  type CompleteDeployment,
} from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";
import { sweep } from "./sweep.js";

const account = (): Promise<LocalCloud> => sharedAccount({ certificates: [{ domain: "store.example.com" }] });

const store = (cloud: LocalCloud): CompleteDeployment =>
  new Deployment("talk-store")
    .image("registry.example.com/store:1")
    .container({ port: 5432, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);
const nlb = new NetworkLoadBalancer("conferenceNlb").attributes({ crossZone: true });
const tcp = (cloud: LocalCloud) => store(cloud).behindNlb(nlb.tcp(5432));
const renamed = (cloud: LocalCloud) => store(cloud).behindNlb(nlb.tcp(5432), { targetGroup: "stores" });
const tls = (cloud: LocalCloud) =>
  store(cloud).behindNlb(nlb.tls(6380, { certificate: "store.example.com" }), {
    healthCheck: "/health",
    proxyProtocol: true,
  });
const http = (cloud: LocalCloud) =>
  store(cloud).behindAlb(new LoadBalancer("conferenceAlb").http(80), { healthCheck: "/health" });

/** The calls that such a load balancer has more of than others; other sweeps meet the rest. */
const ofBalancers = ({ operation, write }: RecordedCall): boolean =>
  write && /Listener|TargetGroup|LoadBalancer|SecurityGroupIngress|updateService/.test(operation);

/** Those by which connections move. */
const ofMoves = ({ operation, write }: RecordedCall): boolean =>
  write && /Listener|deleteTargetGroup|updateService/.test(operation);

test("a first deploy behind a network load balancer that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ account, to: tcp, after: "destroy", only: ofBalancers });
  expect(positions).toMatchInlineSnapshot(`112`);
});

test("a listener that another one replaces, with any fault, is replaced by the next run", async () => {
  const positions = await sweep({ account, from: tcp, to: tls, only: ofMoves });
  expect(positions).toMatchInlineSnapshot(`84`);
});

test("a target group that another one replaces, with any fault, is replaced by the next run", async () => {
  const positions = await sweep({ account, from: tcp, to: renamed, only: ofBalancers });
  expect(positions).toMatchInlineSnapshot(`77`);
});

test("a move from an application to a network load balancer that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account,
    from: http,
    run: (cloud, options) => withPermissionsOf(http(cloud), () => tcp(cloud).deploy(options)),
    only: ofMoves,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`84`);
});

test("a destroy behind a network load balancer that meets any fault is finished by the next one", async () => {
  const positions = await sweep({
    account,
    from: tcp,
    run: (cloud, options) => tcp(cloud).destroy(options),
    only: ofBalancers,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`49`);
});
