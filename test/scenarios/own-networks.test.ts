import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  Job,
  LoadBalancer,
  Network,
  NetworkLoadBalancer,
  type Plan,
} from "../../src/index.js";
import type { CloudState, LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { twoRegions } from "./regions.js";
import { pushOpaqueImage } from "./opaque-image.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
  await pushOpaqueImage(cloud);
});
afterEach(() => cloud.close());

/** What the account has, without the roles that AWS keeps. */
const stateOf = ({ serviceLinkedRoles: _, ...rest }: CloudState) => rest;
const networkOf = ({ vpcs, routeTables, natGateways, addresses, internetGateways }: CloudState) => ({
  ...{ vpcs, routeTables, natGateways, addresses, internetGateways },
});
const changesOf = (plan: Plan) => plan.changes.filter(({ action }) => action !== "none");

const inEcr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk:1";
const talk = (cluster: Cluster, network: Network, name = "talk") =>
  new Deployment(name)
    .image(inEcr)
    .port(8080)
    .cluster(cluster.network(network))
    .behindAlb(new LoadBalancer("conferenceAlb").http().network(network), { path: `/${name}*` })
    .on(cloud);

describe.each([
  ["EC2", () => new Cluster("web").ec2()],
  ["Fargate", () => new Cluster("web").fargate()],
] as const)("a deployment on %s in a network of its own", (_, cluster) => {
  test.each(["one", "each", "none"] as const)("with nat %s", async (nat) => {
    const before = stateOf(cloud.state());
    const deployment = talk(cluster(), new Network("conference").nat(nat));
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
    expect(changesOf(await deployment.plan())).toEqual([]);
    await tagsKnown(cloud);
    expect((await deployment.destroy()).kept).toEqual([]);
    await tagsKnown(cloud);
    expect(stateOf(cloud.state())).toEqual(before);
  });
});

describe("a network", () => {
  const net = () => new Network("conference").on(cloud);

  test("says in the plan what it costs, and in its status what it has", async () => {
    const plan = await net().plan();
    expect(plan.warnings).toEqual([
      "1 NAT gateway with its public IPv4 address costs about $37 a month in us-east-1, and $0.045 per GB (aws.amazon.com/vpc/pricing)",
    ]);
    expect((await net().nat("none").plan()).warnings).toEqual([
      "3 interface endpoints with 6 network interfaces cost about $44 a month in us-east-1, and $0.01 per GB (aws.amazon.com/privatelink/pricing)",
    ]);
    const { vpcId } = await net().deploy();
    expect((await net().plan()).isEmpty).toBe(true);
    const status = await net().status();
    expect(status).toMatchObject({ network: "conference", exists: true, vpcId, cidr: "10.0.0.0/16" });
    expect(status.subnets.map(({ access, zone, cidr }) => `${access} ${zone} ${cidr}`)).toEqual([
      "public eu-west-1b 10.0.16.0/20",
      "public eu-west-1a 10.0.0.0/20",
      "private eu-west-1b 10.0.144.0/20",
      "private eu-west-1a 10.0.128.0/20",
    ]);
    expect(status.natGateways).toMatchObject([{ state: "available", publicIp: expect.any(String) }]);
    expect(status.endpoints).toMatchObject([{ service: "com.amazonaws.eu-west-1.s3", state: "available" }]);
    expect((await net().destroy()).kept).toEqual([]);
    expect(await net().status()).toMatchObject({ exists: false, subnets: [], natGateways: [] });
  });

  test("is changed in place: NAT gateways, zones and endpoints come and go", async () => {
    const before = stateOf(cloud.state());
    await net().deploy();
    for (const network of [
      net().nat("each"),
      net().nat("none").endpoints("sqs"),
      net().nat("none").zones(3).endpoints("sqs", "dynamodb"),
      net().zones(3),
      net().zones(1).tags({ team: "talks" }),
    ]) {
      await network.deploy();
      expect(changesOf(await network.plan())).toEqual([]);
    }
    const { natGateways, routeTables, addresses, vpcEndpoints } = cloud.state();
    expect(natGateways).toMatchObject([{ state: "available", tags: { team: "talks" } }]);
    expect(addresses).toHaveLength(1);
    expect(routeTables).toHaveLength(2);
    expect(vpcEndpoints).toMatchObject([{ service: "s3", routeTables: 1 }]);
    await net().destroy();
    expect(stateOf(cloud.state())).toEqual(before);
  });

  test("is shared by deployments, and deleted with its last user", async () => {
    const before = stateOf(cloud.state());
    const cluster = new Cluster("web").fargate();
    const first = talk(cluster, new Network("conference"), "talk");
    const second = talk(cluster, new Network("conference"), "admin");
    await first.deploy();
    await second.deploy();
    await tagsKnown(cloud);
    expect(changesOf(await first.plan())).toEqual([]);
    const { kept } = await first.destroy();
    expect(kept.filter(({ resource }) => resource === "vpc").map(({ why }) => why)).toMatchInlineSnapshot(`
      [
        "vpc conference is still used by deployment/admin",
      ]
    `);
    expect((await second.status()).isHealthy).toBe(true);
    await tagsKnown(cloud);
    await Deployment.named("admin").on(cloud).destroy();
    await tagsKnown(cloud);
    expect(stateOf(cloud.state())).toEqual(before);
  });

  test("with something else in its VPC is kept, and says what", async () => {
    const { vpcId: VpcId } = await net().deploy();
    const { GroupId } = await cloud.ports.ec2.createSecurityGroup({
      GroupName: "database",
      Description: "theirs",
      VpcId,
    });
    await cloud.clock.sleep(60_000);
    const { kept } = await net().destroy();
    expect(kept.map(({ why }) => why)).toContain(
      `vpc conference is still used by security group database (${GroupId})`,
    );
    expect((await net().status()).natGateways).toMatchObject([{ state: "available" }]);
  });

  test("is that of a job, too", async () => {
    await cloud.close();
    cloud = await sharedAccount({ images: { [inEcr.replace(":1", "")]: { exits: 0 } } });
    await pushOpaqueImage(cloud);
    const before = stateOf(cloud.state());
    const job = new Job("nightly")
      .image(inEcr)
      .cluster(new Cluster("web").fargate().network(new Network("conference").nat("none")))
      .on(cloud);
    expect(await job.run()).toMatchObject({ tasks: [{ exitCode: 0 }] });
    await tagsKnown(cloud);
    expect((await job.destroy()).kept).toEqual([]);
    expect(stateOf(cloud.state())).toEqual(before);
  });

  test("without a NAT gateway has the endpoints that its users need", async () => {
    const network = new Network("conference").nat("none");
    const cluster = new Cluster("web").ec2({ sessionManager: true });
    const deployment = talk(cluster, network)
      .container({ secrets: { KEY: "ssm:/key" } })
      .service({ exec: true });
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
    expect(
      cloud
        .state()
        .vpcEndpoints!.map(({ service }) => service)
        .sort(),
    ).toEqual([
      ...["ec2messages", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", "s3"],
      ...["ssm", "ssmmessages"],
    ]);
  });
});

describe("a network without a NAT gateway", () => {
  test("is refused for images outside its region's ECR, before anything is made", async () => {
    const cluster = new Cluster("web").fargate();
    for (const image of [
      "redis:7",
      "public.ecr.aws/nginx/nginx:1",
      "registry.example.com/talk:1",
      inEcr.replace("eu-west-1", "us-east-1"),
    ]) {
      const deployment = talk(cluster, new Network("conference").nat("none")).image(image);
      const writes = await writesOf(cloud, () =>
        expect(deployment.deploy()).rejects.toMatchObject({
          code: "no-egress",
          message: `Nothing was changed: ${image} of talk cannot be pulled: the subnets of cluster web have no route to the internet, and VPC endpoints lead only to ECR in eu-west-1`,
        }),
      );
      expect(writes).toEqual([]);
    }
  });

  test("is refused for the network of a running service whose image is elsewhere", async () => {
    const at = (network: Network) =>
      talk(new Cluster("web").fargate(), network).image("registry.example.com/talk:1");
    const running = at(new Network("conference"));
    await running.deploy();
    const writes = await writesOf(cloud, () =>
      expect(at(new Network("conference").nat("none")).deploy()).rejects.toMatchObject({ code: "no-egress" }),
    );
    expect(writes).toEqual([]);
    expect((await running.status()).isHealthy).toBe(true);
  });

  test("is refused for a sidecar and a job with an image elsewhere", async () => {
    const cluster = new Cluster("web").fargate().network(new Network("conference").nat("none"));
    const elsewhere = "registry.example.com/proxy:1";
    const refusal = { code: "no-egress", message: expect.stringContaining(elsewhere) };
    const withSidecar = new Deployment("talk")
      .image(inEcr)
      .cluster(cluster)
      .sidecar("proxy", { image: elsewhere });
    await expect(withSidecar.on(cloud).plan()).rejects.toMatchObject(refusal);
    const job = new Job("backup").image(elsewhere).cluster(cluster).on(cloud);
    await expect(job.plan()).rejects.toMatchObject(refusal);
    await expect(job.run()).rejects.toMatchObject(refusal);
  });
});

test("a load balancer in a network of one zone is refused before anything is made", async () => {
  const deployment = talk(new Cluster("web").fargate(), new Network("conference").zones(1));
  const writes = await writesOf(cloud, () =>
    expect(deployment.deploy()).rejects.toMatchObject({ code: "too-few-zones" }),
  );
  expect(writes).toEqual([]);
});

test("a load balancer in a network whose subnets are too small for it is refused before any request", async () => {
  const small = new Network("conference").cidr("10.0.0.0/24");
  const cluster = new Cluster("web").fargate();
  const refusal = {
    issues: [
      {
        path: "network.cidr",
        message: `must be a /23 or larger for load balancer conferenceAlb, which needs subnets of at least a /27: each is a 16th of the block; got "10.0.0.0/24"`,
      },
    ],
  };
  const alb = new LoadBalancer("conferenceAlb").http();
  await expect(talk(cluster, small).plan()).rejects.toMatchObject(refusal);
  await expect(alb.network(small).on(cloud).plan()).rejects.toMatchObject(refusal);
  const inClusters = new Deployment("talk")
    .image(inEcr)
    .port(8080)
    .cluster(cluster.network(small))
    .behindAlb(alb);
  await expect(inClusters.on(cloud).plan()).rejects.toMatchObject(refusal);
  await talk(cluster, small.cidr("10.0.0.0/23")).deploy();
});

test("a region with fewer zones than described is refused", async () => {
  await expect(new Network("conference").zones(4).on(cloud).deploy()).rejects.toThrow(
    "Nothing was changed: network conference needs 4 Availability Zones, but this region has only: eu-west-1a, eu-west-1b, eu-west-1c",
  );
});

test("what is wrong with a network is reported once, although a cluster and a load balancer share it", async () => {
  await expect(talk(new Cluster("web").fargate(), new Network("a").zones(7)).plan()).rejects.toMatchObject({
    issues: [{ path: "network.zones" }],
  });
});

test("what describes a network badly is reported by its path", async () => {
  // @ts-expect-error bad input of a user of JavaScript
  const bad = new Network("a b").zones(7).nat("two").cidr("10.0.0.0/8").endpoints("SQS!");
  await expect(bad.on(cloud).plan()).rejects.toMatchObject({
    issues: [
      { path: "network.name" },
      { path: "network.zones" },
      { path: "network.nat" },
      { path: "network.cidr" },
      { path: "network.endpoints" },
    ],
  });
  await expect(Network.existing({ vpc: "main" }).on(cloud).plan()).rejects.toThrow("has no operations");
  for (const block of [
    "10.0.0.1/16",
    "172.17.0.0/16",
    "fd00::/64",
    "10.0.0.0/25",
    "0.1.0.0/16",
    "127.0.0.0/16",
    "169.254.0.0/16",
    "224.0.0.0/16",
    "239.255.0.0/16",
  ])
    await expect(new Network("a").cidr(block).on(cloud).plan()).rejects.toMatchObject({
      issues: [{ path: "network.cidr" }],
    });
});

test("Network.existing() is what .network({ vpc, subnets }) does", async () => {
  const [VpcId] = [...cloud.account.ec2.vpcs.keys()];
  const plain = new Cluster("web").fargate().on(cloud);
  const options = { vpc: VpcId! };
  const [one, other] = [plain.network(options), plain.network(Network.existing(options))];
  expect((await one.plan()).toString()).toBe((await other.plan()).toString());
});

test("the same network in two regions of an account is two networks", async () => {
  const { eu, us } = await twoRegions();
  const inRegion = (region: LocalCloud) =>
    new Deployment("talk")
      .image("registry.example.com/talk:1")
      .port(8080)
      .cluster(new Cluster("web").fargate().network(new Network("conference")))
      .on(region);
  const before = networkOf(us.state());
  await inRegion(eu).deploy();
  await inRegion(us).deploy();
  await tagsKnown(us);
  await inRegion(us).destroy();
  expect(networkOf(us.state())).toEqual(before);
  expect((await inRegion(eu).status()).isHealthy).toBe(true);
  expect(changesOf(await inRegion(eu).plan())).toEqual([]);
  await us.close();
  await eu.close();
});

describe("several deployments in one network", () => {
  test.each(["one", "each", "none"] as const)(
    "succeed although all make it at once, and leave one part of each name: nat %s",
    async (nat) => {
      const before = networkOf(cloud.state());
      const network = new Network("conference").nat(nat);
      const cluster = new Cluster("web").fargate();
      const all = ["talk", "votes", "speaker"].map((name) => talk(cluster, network, name));
      await Promise.all(all.map((each) => each.deploy()));
      const { natGateways = [], addresses = [], vpcs = {} } = cloud.state();
      const count = { one: 1, each: 2, none: 0 }[nat];
      expect(natGateways.map(({ state }) => state)).toEqual(Array(count).fill("available"));
      expect(addresses).toHaveLength(count);
      expect(Object.keys(vpcs)).toHaveLength(Object.keys(before.vpcs ?? {}).length + 1);
      await tagsKnown(cloud);
      for (const each of all) expect(changesOf(await each.plan())).toEqual([]);
      await new Fleet(...all).destroy();
      await tagsKnown(cloud);
      expect(networkOf(cloud.state())).toEqual(before);
    },
  );

  test("of a fleet get the endpoints that any of them needs", async () => {
    const network = new Network("conference").nat("none");
    const one = talk(new Cluster("web").fargate(), network, "talk");
    const other = talk(new Cluster("web").fargate(), network, "admin").secrets({ KEY: "ssm:/key" });
    const fleet = new Fleet([one, other]);
    await fleet.deploy();
    expect((await fleet.status()).isHealthy).toBe(true);
    expect(cloud.state().vpcEndpoints!.map(({ service }) => service)).toContain("ssm");
    expect(changesOf(await fleet.plan())).toEqual([]);
    expect((await fleet.destroy()).kept).toEqual([]);
    expect(cloud.state()).not.toHaveProperty("natGateways");
    expect(cloud.state()).not.toHaveProperty("vpcEndpoints");
  });

  test("have instances, Managed Instances and Fargate beside each other", async () => {
    const network = new Network("conference");
    const before = stateOf(cloud.state());
    const plain = (name: string, cluster: Cluster) =>
      new Deployment(name)
        .image("registry.example.com/talk:1")
        .port(8080)
        .task({ networkMode: "awsvpc", cpu: 256, memory: 512 })
        .cluster(cluster.network(network))
        .on(cloud);
    const all = new Fleet([
      plain("a", new Cluster("hosts").ec2()),
      plain("b", new Cluster("managed").managedInstances()),
      plain("c", new Cluster("serverless").fargate()),
    ]);
    await all.deploy();
    expect((await all.status()).isHealthy).toBe(true);
    expect(changesOf(await all.plan())).toEqual([]);
    await tagsKnown(cloud);
    expect((await all.destroy()).kept).toEqual([]);
    expect(stateOf(cloud.state())).toEqual(before);
  });
});

test("a deployment leaves its network for another one, and the first is deleted", async () => {
  const inNetwork = (name: string) =>
    new Deployment("talk")
      .image("registry.example.com/talk:1")
      .port(8080)
      .cluster(new Cluster(`web-${name}`).fargate().network(new Network(name)))
      .on(cloud);
  await cloud.close();
  // The policy of the second chain does not have the first one's cluster.
  cloud = await sharedAccount({ caller: () => undefined });
  const before = stateOf(cloud.state());
  await inNetwork("first").deploy();
  await tagsKnown(cloud);
  await inNetwork("second").deploy();
  await tagsKnown(cloud);
  expect(changesOf(await inNetwork("second").plan())).toEqual([]);
  const { natGateways } = cloud.state();
  expect(natGateways!.map(({ tags }) => tags["Name"])).toEqual(["second-nat-eu-west-1a"]);
  await inNetwork("second").destroy();
  expect(stateOf(cloud.state())).toEqual(before);
});

test("a network's overrides change its requests in the runs of deployments, too", async () => {
  const network = new Network("conference").override({
    createVpc: (input) => ({ ...input, InstanceTenancy: "dedicated" }),
  });
  await new Cluster("web").fargate().network(network).on(cloud).deploy();
  const call = cloud.calls.find(({ operation }) => operation === "createVpc");
  expect(call?.input).toMatchObject({ CidrBlock: "10.0.0.0/16", InstanceTenancy: "dedicated" });
});

test("a NAT gateway that AWS cannot create is reported with AWS's reason, and replaced by the next run", async () => {
  const network = new Network("conference").on(cloud);
  const broken = network.override({
    createNatGateway: (input) => ({ ...input, AllocationId: "eipalloc-0123456789abcdef0" }),
  });
  await expect(broken.deploy()).rejects.toMatchObject({
    code: "nat-gateway-failed",
    message:
      "NAT gateway conference-nat-eu-west-1a cannot be used: Elastic IP address eipalloc-0123456789abcdef0 could not be associated with this NAT gateway",
  });
  await network.deploy();
  await network.deploy();
  expect(cloud.state().natGateways).toMatchObject([{ state: "available" }]);
  expect(changesOf(await network.plan())).toEqual([]);
});

test("a network that is described differently in one run is refused", async () => {
  const cluster = new Cluster("web").fargate();
  const network = new Network("conference");
  const one = talk(cluster, network).behindAlb(
    new LoadBalancer("conferenceAlb").http().network(network.nat("each")),
    { path: "/talk*" },
  );
  await expect(one.plan()).rejects.toMatchObject({
    issues: [
      {
        path: "network",
        message:
          "conference has different descriptions at the cluster and at a load balancer: describe it once and pass it to both",
      },
    ],
  });
  const fleet = new Fleet([talk(cluster, network), talk(cluster, network.zones(3), "admin")]);
  await expect(fleet.plan()).rejects.toThrow(
    "conference has different descriptions in talk and admin (zones): describe it once and pass it to both",
  );
});

describe("a load balancer in another network than the cluster behind it", () => {
  const behind = (cluster: Cluster, alb: LoadBalancer, name = "talk") =>
    new Deployment(name)
      .image(inEcr)
      .port(8080)
      .cluster(cluster)
      .behindAlb(alb, { path: `/${name}*` })
      .on(cloud);
  const web = new Cluster("web").fargate();
  const alb = new LoadBalancer("alb").http();

  test.each([
    ["another Network", web.network(new Network("a")), "network a"],
    ["a Network on the load balancer only", web, "the default VPC"],
  ])("is refused before any request: %s", async (_, cluster, where) => {
    for (const deployment of [
      behind(cluster, alb.network(new Network("b"))),
      new Deployment("talk")
        .image(inEcr)
        .port(8080)
        .cluster(cluster)
        .behindNlb(new NetworkLoadBalancer("alb").tcp(80).network(new Network("b")))
        .on(cloud),
    ])
      await expect(deployment.plan()).rejects.toMatchObject({
        issues: [
          {
            path: "loadBalancer.network",
            message: `must be that of the cluster, because a load balancer reaches only targets in its own VPC: load balancer alb is in network b, and cluster web is in ${where}. Pass one Network to both: .network(new Network("b")) on the cluster`,
          },
        ],
      });
  });

  test("is refused by the plan, whichever of the two networks exists", async () => {
    const [vpc = ""] = [...cloud.account.ec2.vpcs.keys()];
    const net = new Network("conference");
    await new LoadBalancer("there").http().on(cloud).deploy();
    const inNetwork = web.network(net);
    for (const [deployment, fix] of [
      [
        behind(web.network({ vpc }), alb.network(net)),
        `.network(new Network("conference")) on the cluster, or .network({ vpc: "${vpc}" }) on`,
      ],
      [
        behind(inNetwork, alb.network({ vpc })),
        `.network({ vpc: "${vpc}" }) on the cluster, or .network(new Network("conference")) on`,
      ],
      [
        new Deployment("talk").image(inEcr).port(8080).cluster(inNetwork).behindAlb("there").on(cloud),
        undefined,
      ],
      [
        new Fleet(
          behind(inNetwork, alb),
          behind(new Cluster("other").fargate().network(new Network("b")), alb, "votes"),
        ).on(cloud),
        `.network(new Network("conference")) on the cluster, or .network(new Network("b")) on`,
      ],
    ] as const) {
      const planned = deployment instanceof Fleet ? deployment.plan() : deployment.plan();
      await expect(planned).rejects.toMatchObject({
        code: "different-vpcs",
        fix: fix === undefined ? expect.stringContaining("Network(") : expect.stringContaining(fix),
      });
    }
  });

  test("is accepted if the existing VPC is that of the Network", async () => {
    const { vpcId } = await new Network("conference").on(cloud).deploy();
    const deployment = behind(web.network(new Network("conference")), alb.network({ vpc: vpcId }));
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
  });
});

test("an endpoint for a service that the region does not have is refused before anything is made", async () => {
  const network = new Network("conference").endpoints("sqs", "no-such-service").on(cloud);
  const writes = await writesOf(cloud, () =>
    expect(network.deploy()).rejects.toMatchObject({
      code: "vpc-endpoint-failed",
      message:
        "Nothing was changed: eu-west-1 has no VPC endpoint service com.amazonaws.eu-west-1.no-such-service",
    }),
  );
  expect(writes).toEqual([]);
});
