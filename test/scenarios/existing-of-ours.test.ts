import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

/** A cluster and a load balancer that quayside made for somebody else, with nothing on them. */
async function platform(): Promise<LocalCloud> {
  const cloud = await sharedAccount();
  await new Cluster("platform").ec2({ instanceType: "t3.large" }).on(cloud).deploy();
  await new LoadBalancer("platform-alb").on(cloud).deploy();
  return cloud;
}

const talk = (cloud: LocalCloud, path: readonly string[] = ["/talk*"]) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .port(8080)
    .cluster(Cluster.existing("platform"))
    .behindAlb(LoadBalancer.existing("platform-alb"), { path, healthCheck: "/health" })
    .on(cloud);

/** Everything of theirs. */
const theirs = (cloud: LocalCloud): unknown => {
  const { autoScalingGroups, clusters, instanceProfiles, launchTemplates, listeners, loadBalancers, roles } =
    cloud.state();
  const groups = Object.keys(cloud.state().securityGroups);
  return structuredClone({
    autoScalingGroups,
    clusters,
    groups,
    instanceProfiles,
    launchTemplates,
    listeners,
    loadBalancers,
    roles,
  });
};

test("what a deployment only uses is never taken away, whatever the deployment leaves behind", async () => {
  await using cloud = await platform();
  const before = theirs(cloud);
  const many = Array.from({ length: 9 }, (_, index) => `/talk-${index}*`);
  await talk(cloud, many).deploy();
  await talk(cloud).deploy();
  expect(theirs(cloud)).toEqual(before);

  await talk(cloud).blueGreen().deploy();
  await talk(cloud).image("registry.example.com/talk-service:2").blueGreen().deploy();
  expect(theirs(cloud)).toEqual(before);
  await talk(cloud).deploy();
  expect(theirs(cloud)).toEqual(before);
  expect((await talk(cloud).status()).isHealthy).toBe(true);

  await talk(cloud).destroy();
  expect(theirs(cloud)).toEqual(before);
});
