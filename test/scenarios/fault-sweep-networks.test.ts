import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, Network } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const talk = (nat: "one" | "none") => (cloud: LocalCloud) => {
  const network = new Network("conference").nat(nat);
  return new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate().network(network))
    .behindAlb(new LoadBalancer("conferenceAlb").http().network(network), { path: "/talk*" })
    .on(cloud);
};

const network =
  (nat: "one" | "none", zones = 2) =>
  (cloud: LocalCloud) =>
    new Network("conference").nat(nat).zones(zones).on(cloud);

/** The calls that a network has more of than others; other sweeps meet the rest. */
const ofNetworks = ({ operation, write }: RecordedCall): boolean =>
  write && /Vpc|Subnet|Route|Gateway|Address|SecurityGroup/.test(operation) && !/setSub/.test(operation);

/** Those after which most remains to be done. */
const first = ({ operation }: RecordedCall): boolean =>
  ["createVpc", "createInternetGateway", "allocateAddress", "createNatGateway"].includes(operation);

test("a first deploy in a network that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ to: talk("one"), after: "destroy", only: first });
  expect(positions).toMatchInlineSnapshot(`28`);
});

test("a network whose first deploy meets any fault is finished by the next run", async () => {
  const positions = await sweep({ to: network("one", 1), only: ofNetworks, after: "destroy" });
  expect(positions).toMatchInlineSnapshot(`147`);
});

test("a network whose destroy meets any fault is deleted by the next one", async () => {
  const positions = await sweep({
    from: network("one", 1),
    run: (cloud, options) => network("one", 1)(cloud).destroy(options),
    only: ofNetworks,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`91`);
});

test("a NAT gateway that endpoints replace, with any fault, is replaced by the next run", async () => {
  const positions = await sweep({
    from: network("one"),
    to: network("none", 3),
    only: ofNetworks,
    after: "destroy",
  });
  expect(positions).toMatchInlineSnapshot(`161`);
});
