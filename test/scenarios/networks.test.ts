import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, QuaysideError, type NetworkOptions } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { leastPrivilege } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const zones = ["a", "b"];
const network = (): LocalCloud =>
  localCloud({
    caller: leastPrivilege(),
    clock: "virtual",
    vpcs: [
      {
        tags: { Name: "main" },
        subnets: [
          ...zones.map((zone) => ({ zone, tags: { Tier: "public" } })),
          ...zones.map((zone) => ({ zone, egress: "nat" as const, tags: { Tier: "private" } })),
          { zone: "c", egress: "none" as const, tags: { Tier: "data" } },
        ],
      },
      { tags: { Name: "other" }, zones: ["a"] },
    ],
  });

/** Ids of the VPC's subnets by a tag, in the zones' order. */
async function subnets(tier: string): Promise<string[]> {
  const { Subnets = [] } = await cloud.ports.ec2.describeSubnets({
    Filters: [{ Name: "tag:Tier", Values: [tier] }],
  });
  return Subnets.map(({ SubnetId }) => SubnetId!);
}

const balancer = () => [...cloud.account.elb.loadBalancers.values()][0]!;
const talkIn = (cluster: Cluster, alb = new LoadBalancer("alb")) =>
  new Deployment("talk")
    .image("talk:1")
    .port(8080)
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*" })
    .on(cloud);

describe("a network that is named", () => {
  test("puts instances into private subnets and the load balancer into public ones, a zone each", async () => {
    cloud = network();
    await talkIn(new Cluster("web").network({ vpc: "main" })).deploy();
    const [group] = [...cloud.account.autoScaling.groups.values()];
    expect(group!.subnetIds).toEqual(await subnets("private"));
    expect(balancer().subnetIds).toEqual(await subnets("public"));
  });

  test("is found by tags", async () => {
    cloud = network();
    const cluster = new Cluster("web").network({ subnets: { Tier: "public" } });
    await talkIn(cluster).deploy();
    expect([...cloud.account.autoScaling.groups.values()][0]!.subnetIds).toEqual(await subnets("public"));
  });

  test("is found by the ids of its subnets, and has its load balancer inside when that is internal", async () => {
    cloud = network();
    const cluster = new Cluster("web").network({ subnets: await subnets("private") });
    await talkIn(cluster, new LoadBalancer("alb").internal()).deploy();
    expect(balancer()).toMatchObject({ scheme: "internal", subnetIds: await subnets("private") });
  });

  test("gives tasks on Fargate a public address only where there is no other way out", async () => {
    cloud = network();
    const assigned = () => {
      const call = cloud.calls.findLast(({ operation }) => operation === "createService")!;
      const input = call.input as {
        networkConfiguration: { awsvpcConfiguration: { assignPublicIp: string } };
      };
      return input.networkConfiguration.awsvpcConfiguration.assignPublicIp;
    };
    const fargate = new Cluster("web").fargate();
    const talk = (name: string, options: NetworkOptions) =>
      new Deployment(name).image("talk:1").cluster(fargate.network(options)).on(cloud);
    await talk("inside", { vpc: "main" }).deploy();
    expect(assigned()).toBe("DISABLED");
    await talk("outside", { vpc: "main", subnets: { Tier: "public" } }).deploy();
    expect(assigned()).toBe("ENABLED");
  });

  test("can be taken down and deployed again", async () => {
    cloud = network();
    const before = cloud.state();
    const talk = talkIn(new Cluster("web").network({ vpc: "main" }));
    await talk.deploy();
    expect((await talk.plan()).isEmpty).toBe(true);
    expect((await talk.destroy()).kept).toEqual([]);
    expect(cloud.state().securityGroups).toEqual(before.securityGroups);
  });
});

describe("what would not work in a network is said before anything is changed", () => {
  const refusal = async (cluster: Cluster, alb?: LoadBalancer): Promise<string> => {
    let error: unknown;
    const writes = await writesOf(cloud, () =>
      talkIn(cluster, alb)
        .deploy()
        .catch((thrown: unknown) => void (error = thrown)),
    );
    expect(writes).toEqual([]);
    expect(error).toBeInstanceOf(QuaysideError);
    expect((error as QuaysideError).fix).toBeTruthy();
    return `${(error as QuaysideError).code}: ${(error as Error).message.replaceAll(/(vpc|subnet)-[0-9a-f]{17}/g, "$1")}`;
  };

  test("no route to an internet gateway", async () => {
    cloud = network();
    const alb = new LoadBalancer("alb").network({ subnets: await subnets("private") });
    expect(await refusal(new Cluster("web").network({ vpc: "main" }), alb)).toMatchInlineSnapshot(
      `"no-internet-gateway: Nothing was changed: the network of load balancer alb cannot be used: it is internet-facing, but subnet (eu-west-1a), subnet (eu-west-1b) have no route to an internet gateway"`,
    );
  });

  test("one zone for a load balancer", async () => {
    cloud = network();
    const alb = new LoadBalancer("alb").network({ subnets: [(await subnets("public"))[0]!] });
    expect(await refusal(new Cluster("web").network({ vpc: "main" }), alb)).toMatchInlineSnapshot(
      `"too-few-zones: Nothing was changed: the network of load balancer alb cannot be used: it needs subnets in 2 zones, but has them only in: eu-west-1a"`,
    );
  });

  test("two subnets of one zone for a load balancer", async () => {
    cloud = network();
    const alb = new LoadBalancer("alb")
      .internal()
      .network({ subnets: [...(await subnets("public")), ...(await subnets("private"))] });
    expect(await refusal(new Cluster("web").network({ vpc: "main" }), alb)).toMatchInlineSnapshot(
      `"same-zone: Nothing was changed: the network of load balancer alb cannot be used: a load balancer accepts only one subnet per zone, and its subnets are: subnet in eu-west-1a, subnet in eu-west-1a, subnet in eu-west-1b, subnet in eu-west-1b"`,
    );
  });

  test("an instance type that a named subnet's zone does not offer", async () => {
    cloud = localCloud({
      caller: leastPrivilege({ region: "us-east-1" }),
      clock: "virtual",
      region: "us-east-1",
      vpcs: [{ zones: ["a", "e"], tags: { Name: "main" } }],
    });
    const { Subnets = [] } = await cloud.ports.ec2.describeSubnets({});
    const ids = Subnets.map(({ SubnetId }) => SubnetId!);
    const cluster = new Cluster("web").ec2({ instanceType: "t3.small" }).network({ subnets: ids });
    expect(await refusal(cluster)).toMatchInlineSnapshot(
      `"instance-type-not-offered: Nothing was changed: the network of cluster web cannot be used: t3.small is not offered in us-east-1e (subnet)"`,
    );
  });

  test("a VPC or subnets that are not there", async () => {
    cloud = network();
    const web = (options: NetworkOptions) => refusal(new Cluster("web").network(options));
    expect([
      await web({ vpc: "nowhere" }),
      await web({ subnets: ["subnet-00000000000000000"] }),
      await web({ vpc: "main", subnets: { Tier: "golden" } }),
      await web({ subnets: { Tier: "golden" } }),
    ]).toMatchInlineSnapshot(`
      [
        "no-vpc: Nothing was changed: the network of cluster web cannot be used: no VPC named nowhere was found in this region",
        "no-subnets: Nothing was changed: the network of cluster web cannot be used: one of its subnets does not exist in this region: subnet",
        "no-subnets: Nothing was changed: the network of cluster web cannot be used: vpc has no subnets tagged Tier=golden",
        "no-subnets: Nothing was changed: the network of cluster web cannot be used: this region has no subnets tagged Tier=golden",
      ]
    `);
  });

  test("a cluster and a load balancer in different VPCs", async () => {
    cloud = network();
    const alb = new LoadBalancer("alb").network({ vpc: "main" });
    expect(await refusal(new Cluster("web").network({ vpc: "other" }), alb)).toMatchInlineSnapshot(
      `"different-vpcs: Nothing was changed: cluster web is in vpc, but load balancer alb is in vpc: a load balancer reaches only targets in its own VPC"`,
    );
  });
});

test("whoever only names a cluster whose instances are in another network is told where", async () => {
  cloud = localCloud({
    caller: leastPrivilege(),
    clock: "virtual",
    vpcs: [{ default: true }, { tags: { Name: "main" } }],
  });
  const elsewhere = new Cluster("web").network({ vpc: "main" });
  await elsewhere.on(cloud).deploy();
  const named = new Deployment("talk").image("talk:1").cluster("web").on(cloud);
  expect(
    await writesOf(cloud, () =>
      expect(named.deploy()).rejects.toMatchObject({
        code: "different-vpcs",
        fix: expect.stringContaining(".network({ vpc:"),
      }),
    ),
  ).toEqual([]);
  await named.cluster(elsewhere).deploy();
  expect((await named.cluster(elsewhere).status()).isHealthy).toBe(true);
});

describe("a load balancer in another VPC than the cluster", () => {
  const twoVpcs = () =>
    localCloud({
      caller: leastPrivilege(),
      clock: "virtual",
      vpcs: [{ default: true }, { tags: { Name: "main" } }],
    });
  const groups = () => [...cloud.account.ec2.securityGroups.values()].map(({ name }) => name);

  test("that is only named is refused before anything is changed", async () => {
    cloud = twoVpcs();
    await new LoadBalancer("shared-alb").http(80).on(cloud).deploy();
    const before = groups();
    const talk = new Deployment("talk")
      .image("talk:1")
      .port(8080)
      .cluster(new Cluster("web").network({ vpc: "main" }))
      .behindAlb("shared-alb")
      .on(cloud);
    const writes = await writesOf(cloud, () =>
      expect(talk.deploy()).rejects.toMatchObject({ code: "different-vpcs" }),
    );
    expect(writes).toEqual([]);
    expect(groups()).toEqual(before);
    // It has no other users.
    await talk.destroy();
    expect(groups()).toEqual(["default", "default"]);
  });

  test("because its description has another VPC than before is refused before anything is changed", async () => {
    cloud = twoVpcs();
    const alb = (vpc: string) => new LoadBalancer("alb").network({ vpc }).on(cloud);
    const defaultVpc = [...cloud.account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)!.id;
    await alb("main").deploy();
    const writes = await writesOf(cloud, () =>
      expect(alb(defaultVpc).deploy()).rejects.toMatchObject({ code: "replacement-needed" }),
    );
    expect(writes).toEqual([]);
    expect((await alb("main").plan()).isEmpty).toBe(true);
  });
});
