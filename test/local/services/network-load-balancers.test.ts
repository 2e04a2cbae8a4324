import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../running-cloud.js";

let running: RunningCloud;
let elb: RunningCloud["elb"];
beforeEach(async () => {
  running = await runningCloud();
  elb = running.elb;
});
afterEach(() => running.cloud.close());

const balancer = (change: object = {}) =>
  elb.createLoadBalancer({ Name: "tcp", Type: "network", Subnets: running.subnetIds, ...change });
const group = (change: object = {}) =>
  elb.createTargetGroup({ Name: "tcp", Protocol: "TCP", Port: 5432, VpcId: running.vpcId, ...change });
const groupArn = async (change: object = {}) => (await group(change)).TargetGroups![0]!.TargetGroupArn!;
const listener = (LoadBalancerArn: string, TargetGroupArn: string, change: object = {}) =>
  elb.createListener({
    LoadBalancerArn,
    Protocol: "TCP",
    Port: 5432,
    DefaultActions: [{ Type: "forward", TargetGroupArn }],
    ...change,
  });

describe("a network load balancer", () => {
  it("can be in one zone, has security groups or none for ever, and a name of its own kind", async () => {
    const { LoadBalancers } = await balancer({ Subnets: [running.subnetIds[0]] });
    const { LoadBalancerArn, DNSName, Type, SecurityGroups } = LoadBalancers![0]!;
    expect(Type).toBe("network");
    expect(LoadBalancerArn).toContain(":loadbalancer/net/tcp/");
    expect(DNSName).toMatch(/^tcp-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
    expect(SecurityGroups).toEqual([]);
    expect(
      await refusal(elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [running.groupId] })),
    ).toContain("InvalidConfigurationRequest");
    expect(await refusal(balancer({ Name: "no", Subnets: [] }))).toContain("ValidationError");
    expect(await refusal(balancer({ Type: "application", Subnets: running.subnetIds }))).toContain(
      "DuplicateLoadBalancerName",
    );
  });

  it("keeps static addresses, one in each subnet, until it is deleted", async () => {
    const { ec2 } = running.cloud.ports;
    const allocated = await Promise.all(running.subnetIds.map(() => ec2.allocateAddress({})));
    const SubnetMappings = running.subnetIds.map((SubnetId, index) => ({
      SubnetId,
      AllocationId: allocated[index]!.AllocationId,
    }));
    const { LoadBalancers } = await balancer({ Subnets: undefined, SubnetMappings });
    const { LoadBalancerArn, AvailabilityZones = [] } = LoadBalancers![0]!;
    expect(
      AvailabilityZones.map(({ LoadBalancerAddresses }) => LoadBalancerAddresses![0]!.IpAddress),
    ).toEqual(allocated.map(({ PublicIp }) => PublicIp));
    const { AllocationId } = allocated[0]!;
    expect(await refusal(ec2.releaseAddress({ AllocationId }))).toContain("AuthFailure");
    expect(await refusal(balancer({ Name: "other", Subnets: undefined, SubnetMappings }))).toContain(
      "InvalidConfigurationRequest",
    );
    expect(
      await refusal(balancer({ Name: "other", Scheme: "internal", Subnets: undefined, SubnetMappings })),
    ).toContain("InvalidConfigurationRequest");
    expect(
      await refusal(
        balancer({
          Name: "other",
          Subnets: undefined,
          SubnetMappings: [{ SubnetId: running.subnetIds[0], AllocationId: "eipalloc-0" }],
        }),
      ),
    ).toContain("AllocationIdNotFound");
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    await ec2.releaseAddress({ AllocationId });
  });

  it("has TCP, TLS and UDP listeners, which only forward, to target groups of their protocols", async () => {
    const { LoadBalancerArn = "" } = (await balancer()).LoadBalancers![0]!;
    const tcp = await groupArn();
    expect(await refusal(listener(LoadBalancerArn, tcp, { Protocol: "HTTP" }))).toContain(
      "UnsupportedProtocol",
    );
    expect(await refusal(listener(running.loadBalancerArn, tcp))).toContain("UnsupportedProtocol");
    expect(await refusal(listener(LoadBalancerArn, running.targetGroupArn))).toContain(
      "IncompatibleProtocols",
    );
    expect(await refusal(listener(LoadBalancerArn, tcp, { Protocol: "UDP" }))).toContain(
      "IncompatibleProtocols",
    );
    expect(await refusal(listener(LoadBalancerArn, tcp, { Protocol: "TLS" }))).toBe(
      "ValidationError: A certificate must be specified for TLS listeners",
    );
    const DefaultActions = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }];
    expect(await refusal(listener(LoadBalancerArn, tcp, { DefaultActions }))).toContain(
      "InvalidLoadBalancerAction",
    );
    const { Listeners } = await listener(LoadBalancerArn, tcp);
    const { ListenerArn = "", Protocol } = Listeners![0]!;
    expect(Protocol).toBe("TCP");
    expect(
      await refusal(
        elb.createRule({
          ListenerArn,
          Priority: 1,
          Conditions: [{ Field: "path-pattern", Values: ["/"] }],
          Actions: [{ Type: "forward", TargetGroupArn: tcp }],
        }),
      ),
    ).toContain("UnsupportedProtocol");
    const udp = await groupArn({ Name: "udp", Protocol: "TCP_UDP" });
    await listener(LoadBalancerArn, udp, { Protocol: "UDP", Port: 53 });
  });
});

describe("a target group of a network load balancer", () => {
  it("checks connections by default, and HTTP if it is told to", async () => {
    const { TargetGroups } = await group();
    expect(TargetGroups).toMatchObject([
      {
        Protocol: "TCP",
        HealthCheckProtocol: "TCP",
        HealthCheckTimeoutSeconds: 10,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
      },
    ]);
    expect(TargetGroups![0]).not.toHaveProperty("ProtocolVersion");
    expect(TargetGroups![0]).not.toHaveProperty("HealthCheckPath");
    expect(await refusal(group({ Name: "two", HealthCheckPath: "/health" }))).toContain("ValidationError");
    expect(await refusal(group({ Name: "two", ProtocolVersion: "HTTP2" }))).toContain("ValidationError");
    const http = await group({ Name: "two", HealthCheckProtocol: "HTTP", HealthCheckPath: "/health" });
    expect(http.TargetGroups).toMatchObject([
      { HealthCheckPath: "/health", Matcher: { HttpCode: "200-399" } },
    ]);
  });

  it("has attributes of its own: client addresses are kept for instances, and not for addresses", async () => {
    const attributes = async (change: object) => {
      const { Attributes = [] } = await elb.describeTargetGroupAttributes({
        TargetGroupArn: await groupArn(change),
      });
      return Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]));
    };
    expect(await attributes({})).toMatchObject({
      "preserve_client_ip.enabled": "true",
      "deregistration_delay.connection_termination.enabled": "false",
      "proxy_protocol_v2.enabled": "false",
      "stickiness.type": "source_ip",
    });
    expect(await attributes({ Name: "ip", TargetType: "ip" })).toMatchObject({
      "preserve_client_ip.enabled": "false",
    });
    expect(
      await refusal(
        elb.modifyTargetGroupAttributes({
          TargetGroupArn: await groupArn(),
          Attributes: [{ Key: "slow_start.duration_seconds", Value: "30" }],
        }),
      ),
    ).toContain("not recognized");
  });

  it("cannot hide the clients' addresses from UDP targets, and has no attributes of HTTP", async () => {
    const TargetGroupArn = await groupArn({ Name: "udp", Protocol: "UDP" });
    expect(
      await refusal(
        elb.modifyTargetGroupAttributes({
          TargetGroupArn,
          Attributes: [{ Key: "preserve_client_ip.enabled", Value: "false" }],
        }),
      ),
    ).toContain("InvalidConfigurationRequest");
  });
});

describe("the attributes of a network load balancer", () => {
  it("are its own: zones are separate by default, and nothing is said about HTTP", async () => {
    const { LoadBalancerArn } = (await balancer()).LoadBalancers![0]!;
    const { Attributes = [] } = await elb.describeLoadBalancerAttributes({ LoadBalancerArn });
    const values = new Map(Attributes.map(({ Key, Value }) => [Key, Value]));
    expect(values.get("load_balancing.cross_zone.enabled")).toBe("false");
    expect(values.has("routing.http2.enabled")).toBe(false);
    const change = (arn: string | undefined, Key: string, Value: string) =>
      elb.modifyLoadBalancerAttributes({ LoadBalancerArn: arn, Attributes: [{ Key, Value }] });
    await change(LoadBalancerArn, "load_balancing.cross_zone.enabled", "true");
    expect(await refusal(change(LoadBalancerArn, "idle_timeout.timeout_seconds", "120"))).toContain(
      "not recognized",
    );
    expect(
      await refusal(change(running.loadBalancerArn, "load_balancing.cross_zone.enabled", "false")),
    ).toContain("InvalidConfigurationRequest");
  });
});

describe("a listener of a network load balancer", () => {
  it("divides connections by weight, and changes its protocol together with its target group", async () => {
    const { LoadBalancerArn = "" } = (await balancer()).LoadBalancers![0]!;
    const [old, other, udp] = await Promise.all([
      groupArn(),
      groupArn({ Name: "other" }),
      groupArn({ Name: "udp", Protocol: "UDP" }),
    ]);
    const { ListenerArn } = (await listener(LoadBalancerArn, old)).Listeners![0]!;
    const weighted = [
      { TargetGroupArn: old, Weight: 1 },
      { TargetGroupArn: other, Weight: 0 },
    ];
    const { Listeners } = await elb.modifyListener({
      ListenerArn,
      DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: weighted } }],
    });
    expect(Listeners![0]!.DefaultActions![0]!.ForwardConfig!.TargetGroups).toEqual(weighted);
    expect(await refusal(elb.modifyListener({ ListenerArn, Protocol: "UDP" }))).toContain(
      "IncompatibleProtocols",
    );
    await elb.modifyListener({
      ListenerArn,
      Protocol: "UDP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: udp }],
    });
  });
});
