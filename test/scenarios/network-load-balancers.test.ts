import { afterEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  LoadBalancer,
  NetworkLoadBalancer,
  OwnershipError,
  type CompleteDeployment,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());
const start = async (): Promise<LocalCloud> => (cloud = await sharedAccount());

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });
const nlb = new NetworkLoadBalancer("conferenceNlb").tcp(5432);

const store = (cluster: Cluster = fargate, name = "talk-store", port = 5432): CompleteDeployment =>
  new Deployment(name)
    .image("registry.example.com/store:1")
    .container({ port, memoryReservation: 256, ...(cluster === fargate && { cpu: 256, memory: 512 }) })
    .cluster(cluster)
    .on(cloud) as CompleteDeployment;

const listeners = () =>
  [...cloud.account.elb.listeners.values()]
    .filter(({ arn }) => arn.includes(":listener/net/"))
    .map(({ arn, protocol, port }) => `${arn.split("/")[2]} ${protocol} ${port}`)
    .sort();
const groups = () =>
  [...cloud.account.elb.targetGroups.values()]
    .filter(({ name }) => name !== "their-targets")
    .map((group) => ({
      name: group.name,
      protocol: group.protocol,
      type: group.targetType,
      healthy: [...group.targets.values()].filter(({ state }) => state === "healthy").length,
    }));
const group = (name: string) =>
  [...cloud.account.elb.targetGroups.values()].find((one) => one.name === name)!;
const balancer = (name = "conferenceNlb") =>
  [...cloud.account.elb.loadBalancers.values()].find((one) => one.name === name);
const entrances = () => {
  const named = [...cloud.account.ec2.securityGroups.values()].find(
    ({ name }) => name === "conferenceNlb-nlb",
  );
  return [...cloud.account.ec2.securityGroupRules.values()]
    .filter(({ groupId }) => groupId === named?.id)
    .map(({ protocol, fromPort, source }) => `${protocol} ${fromPort} ${JSON.stringify(source)}`)
    .sort();
};
const isEmptyPlan = async (chain: CompleteDeployment) => (await chain.plan()).toString();

describe.each([
  ["Fargate", fargate, "ip", "talk-store-tcp-5432-ip"],
  ["instances", ec2, "instance", "talk-store-tcp-5432"],
] as const)("a service on %s behind a network load balancer", (_, cluster, type, name) => {
  test("is reached at its listener, is planned empty, and is destroyed to nothing", async () => {
    await start();
    const pristine = comparable(cloud);
    const chain = store(cluster).behindNlb(nlb, { port: 5432 });
    const deployed = await chain.deploy();
    expect(deployed.url).toBe(`tcp://${balancer()!.dnsName}:5432`);
    expect(deployed.loadBalancer?.name).toBe("conferenceNlb");
    expect(listeners()).toEqual(["conferenceNlb TCP 5432"]);
    expect(groups()).toEqual([{ name, protocol: "TCP", type, healthy: 2 }]);
    expect(group(name).attributes.get("deregistration_delay.timeout_seconds")).toBe("300");
    expect(await isEmptyPlan(chain)).toMatch(/^Plan: nothing to change/);
    const status = await chain.status();
    expect([status.url, status.isHealthy, status.targets.length]).toEqual([deployed.url, true, 2]);
    expect(await writesOf(cloud, () => chain.deploy())).toEqual([]);
    expect((await chain.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("is destroyed by its name alone", async () => {
    await start();
    const pristine = comparable(cloud);
    await store(cluster).behindNlb(nlb).deploy();
    await tagsKnown(cloud);
    const named = Deployment.named("talk-store").on(cloud);
    expect((await named.status()).url).toBe(`tcp://${balancer()!.dnsName}:5432`);
    expect((await named.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });
});
