import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type Cloud } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const behind = (cluster: Cluster | string, alb: LoadBalancer | string) => (version: string, on: Cloud) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256 })
    .env({ VERSION: version })
    .cluster(cluster as Cluster)
    .behindAlb(alb as LoadBalancer, { path: "/talk*", healthCheck: "/health" })
    .on(on);

/** A load balancer of ours whose security group is not called as its name suggests. */
const described = new LoadBalancer("web-alb").http(80).securityGroup("web-entrance");

const chains = {
  "on Fargate, behind an existing load balancer": behind(
    new Cluster("web").fargate(),
    LoadBalancer.existing("their-alb").http(80),
  ),
  "on EC2, behind an existing load balancer": behind("web", LoadBalancer.existing("their-alb")),
  "on Fargate, behind a load balancer that another chain describes": behind(
    new Cluster("web").fargate(),
    "web-alb",
  ),
  "on EC2, behind a load balancer that another chain describes": behind("web", "web-alb"),
};

describe("the way from the load balancer to the tasks stays open at every deploy", () => {
  test.each(Object.entries(chains))("%s", async (_, talk) => {
    cloud = await sharedAccount();
    const pristine = comparable(cloud);
    await described.on(cloud).deploy();
    for (const version of ["1", "1", "2", "2"]) {
      await talk(version, cloud).deploy();
      await cloud.clock.sleep(600_000);
      expect((await talk(version, cloud).status()).isHealthy, version).toBe(true);
      expect((await talk(version, cloud).plan()).isEmpty).toBe(true);
    }
    expect(await writesOf(cloud, () => talk("2", cloud).deploy())).toEqual([]);
    await talk("2", cloud).destroy();
    await described.on(cloud).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("after the security group of an existing load balancer was replaced by another one", async () => {
    cloud = await sharedAccount();
    const talk = chains["on Fargate, behind an existing load balancer"];
    await talk("1", cloud).deploy();
    const { ec2, elb } = cloud.ports;
    const [theirs] = [...cloud.account.elb.loadBalancers.values()];
    const { GroupId = "" } = await ec2.createSecurityGroup({
      GroupName: "their-new-group",
      Description: "theirs",
      VpcId: theirs!.vpcId,
    });
    await cloud.clock.sleep(60_000);
    await elb.setSecurityGroups({ LoadBalancerArn: theirs!.arn, SecurityGroups: [GroupId] });
    await talk("1", cloud).deploy();
    await cloud.clock.sleep(600_000);
    expect((await talk("1", cloud).status()).isHealthy).toBe(true);
    expect((await talk("1", cloud).plan()).isEmpty).toBe(true);
    const rules = cloud.state().securityGroups["talk-service-tasks" as never] as {
      readonly rules: readonly string[];
    };
    expect(rules.rules.filter((rule) => rule.startsWith("in"))).toHaveLength(1);
  });
});
