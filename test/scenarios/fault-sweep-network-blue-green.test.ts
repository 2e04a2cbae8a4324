import { expect, test } from "vitest";
import { Cluster, Deployment, NetworkLoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";
import { sweep } from "./sweep.js";

const account = (): Promise<LocalCloud> => sharedAccount();

const store = (cloud: LocalCloud): CompleteDeployment =>
  new Deployment("talk-store")
    .image("registry.example.com/store:1")
    .container({ port: 5432, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);
const nlb = new NetworkLoadBalancer("conferenceNlb");
const tcp = (cloud: LocalCloud) => store(cloud).behindNlb(nlb.tcp(5432));

const blueGreen = (version: number) => (cloud: LocalCloud) =>
  store(cloud)
    .image(`registry.example.com/store:${version}`)
    .behindNlb(nlb.tcp(5432))
    .blueGreen() as CompleteDeployment;

/** The calls that ECS's blue/green deployments have more of than rolling updates. */
const ofReleases = ({ operation, write }: RecordedCall): boolean =>
  write && /Listener|TargetGroup|Role|Service/.test(operation);

test("a first blue/green deploy behind a network load balancer that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ account, to: blueGreen(1), after: "destroy", only: ofReleases });
  expect(positions).toMatchInlineSnapshot(`84`);
});

test("a release behind a network load balancer that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account,
    from: blueGreen(1),
    to: blueGreen(2),
    only: ofReleases,
  });
  expect(positions).toMatchInlineSnapshot(`7`);
});

test("a move from rolling updates to blue/green that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ account, from: tcp, to: blueGreen(1), only: ofReleases });
  expect(positions).toMatchInlineSnapshot(`42`);
});

test("a move from blue/green to rolling updates that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account,
    from: blueGreen(1),
    run: (cloud, options) => withPermissionsOf(blueGreen(1)(cloud), () => tcp(cloud).deploy(options)),
    only: ofReleases,
  });
  expect(positions).toMatchInlineSnapshot(`49`);
});

test("a destroy of a blue/green deployment behind a network load balancer that meets any fault is finished by the next one", async () => {
  const positions = await sweep({
    account,
    from: blueGreen(1),
    run: (cloud, options) => blueGreen(1)(cloud).destroy(options),
    only: ofReleases,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`112`);
});
