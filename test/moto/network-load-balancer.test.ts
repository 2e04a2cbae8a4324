import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, NetworkLoadBalancer } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { underItsPolicy } from "./under-its-policy.js";

const store = (account: Account, port = 5432) =>
  new Deployment("talk-store")
    .image("registry.example.com/store:1")
    .container({ port: 5432, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(port), { healthCheck: { interval: "30s" } })
    .on(underItsPolicy(account, { shorter: 20 }));

describeOverHttp("a network load balancer over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let elb: ElasticLoadBalancingV2Client;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account } = await sharedAccount(cloud));
    const { endpoint, region, credentials } = account;
    elb = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
  });
  afterAll(() => cloud?.stop());

  const balancer = async () => {
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    return LoadBalancers.find(({ LoadBalancerName }) => LoadBalancerName === "conferenceNlb");
  };
  const listeners = async () => {
    const { LoadBalancerArn } = (await balancer())!;
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    return Listeners.map(({ Protocol, Port }) => `${Protocol} ${Port}`);
  };

  test("has the deployment's listener, a second deploy changes nothing, another port replaces it, and a destroy leaves nothing", async () => {
    const { url } = await store(account).deploy();
    expect(url).toMatch(/^tcp:.*:5432$/);
    expect((await balancer())?.Type).toBe("network");
    expect(await listeners()).toEqual(["TCP 5432"]);
    expect((await store(account).plan()).toString()).toMatch(/^Plan: nothing to change/);

    await store(account, 6432).deploy();
    expect(await listeners()).toEqual(["TCP 6432"]);
    expect((await store(account, 6432).plan()).toString()).toMatch(/^Plan: nothing to change/);

    expect((await store(account, 6432).destroy()).kept).toEqual([]);
    expect(await balancer()).toBeUndefined();
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups.filter(({ TargetGroupName = "" }) => TargetGroupName.startsWith("talk"))).toEqual([]);
  });

  // On the local cloud, ECS takes its ten minutes for each shift.
  test.skipIf(clouds.isLocal)(
    "has two target groups and a role for ECS's blue/green deployments, and is planned empty",
    async () => {
      const chain = (version: number) =>
        store(account)
          .image(`registry.example.com/store:${version}`)
          .blueGreen({ shift: [10, 100] });
      await chain(1).deploy();
      expect((await chain(1).plan()).toString()).toMatch(/^Plan: nothing to change/);
      await chain(2).deploy();
      expect((await chain(2).plan()).toString()).toMatch(/^Plan: nothing to change/);
      expect((await chain(2).destroy()).kept).toEqual([]);
    },
  );
});
