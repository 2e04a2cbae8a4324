import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../running-cloud.js";

let running: RunningCloud;
let elb: RunningCloud["elb"];
beforeEach(async () => {
  running = await runningCloud();
  elb = running.elb;
});
afterEach(() => running.cloud.close());

const pass = (seconds: number) => running.cloud.clock.sleep(seconds * 1000);
const group = (change: object = {}) =>
  elb.createTargetGroup({ Name: "two", Protocol: "HTTP", Port: 80, VpcId: running.vpcId, ...change });
const groupArn = async (Name: string) => (await group({ Name })).TargetGroups?.[0]?.TargetGroupArn ?? "";
const forward = (TargetGroupArn: string) => [{ Type: "forward" as const, TargetGroupArn }];
const rule = (Priority: number, TargetGroupArn = running.targetGroupArn, ...Values: string[]) =>
  elb.createRule({
    ListenerArn: running.listenerArn,
    Priority,
    Conditions: [{ Field: "path-pattern", Values: Values.length > 0 ? Values : [`/${Priority}`] }],
    Actions: forward(TargetGroupArn),
  });

describe("a load balancer", () => {
  const create = (change: object = {}) =>
    elb.createLoadBalancer({
      Name: "two",
      Subnets: running.subnetIds,
      SecurityGroups: [running.groupId],
      ...change,
    });

  it("is rejected with an invalid name, in one zone, with two subnets in a zone, or with unknown references", async () => {
    const [first = "", second = ""] = running.subnetIds;
    expect(await refusal(create({ Name: "a".repeat(33) }))).toContain("ValidationError");
    expect(await refusal(create({ Name: "-a" }))).toContain("ValidationError");
    expect(await refusal(create({ Name: "a_b" }))).toContain("ValidationError");
    expect(await refusal(create({ Name: "internal-a" }))).toContain("ValidationError");
    expect(await refusal(create({ Subnets: [first] }))).toBe(
      "ValidationError: At least two subnets in two different Availability Zones must be specified",
    );
    expect(await refusal(create({ Subnets: [first, second, first] }))).toContain(
      "InvalidConfigurationRequest",
    );
    expect(await refusal(create({ Subnets: [first, "subnet-1"] }))).toContain("SubnetNotFound");
    expect(await refusal(create({ SecurityGroups: ["sg-1"] }))).toContain("InvalidSecurityGroup");
    expect(await refusal(create({ Tags: [] }))).toContain("ValidationError");
    const { GroupId = "" } = await running.cloud.ports.ec2.createSecurityGroup({
      GroupName: "new",
      Description: "new",
      VpcId: running.vpcId,
    });
    running.cloud.account.ec2.securityGroups.set(GroupId, {
      ...running.cloud.account.ec2.securityGroups.get(GroupId)!,
      visibleAt: Infinity,
    });
    expect(await refusal(create({ SecurityGroups: [GroupId] }))).toContain("InvalidSecurityGroup");
  });

  it("is provisioned before it is active, and created once for the same settings", async () => {
    const first = (await create()).LoadBalancers?.[0];
    expect(first?.State?.Code).toBe("provisioning");
    expect(first?.DNSName).toMatch(/^two-\d+\.eu-west-1\.elb\.amazonaws\.com$/);
    expect((await create()).LoadBalancers?.[0]?.LoadBalancerArn).toBe(first?.LoadBalancerArn);
    expect(await refusal(create({ Scheme: "internal" }))).toContain("DuplicateLoadBalancerName");
    await pass(200);
    const { LoadBalancers } = await elb.describeLoadBalancers({ Names: ["two"] });
    expect(LoadBalancers?.[0]?.State?.Code).toBe("active");
    expect(await refusal(elb.describeLoadBalancers({ Names: ["three"] }))).toContain("LoadBalancerNotFound");
  });

  it("keeps its name and its network interfaces for a while after it is deleted", async () => {
    const interfaces = () =>
      [...running.cloud.account.ec2.networkInterfaces.values()].filter(
        ({ requester }) => requester === "amazon-elb",
      );
    expect(interfaces()).toHaveLength(running.subnetIds.length);
    expect(interfaces()[0]?.description).toBe(`ELB ${running.loadBalancerArn.split("loadbalancer/")[1]}`);
    await elb.deleteLoadBalancer({ LoadBalancerArn: running.loadBalancerArn });
    await elb.deleteLoadBalancer({ LoadBalancerArn: running.loadBalancerArn });
    expect(await refusal(create({ Name: "web" }))).toContain("DuplicateLoadBalancerName");
    expect(await refusal(elb.describeListeners({ ListenerArns: [running.listenerArn] }))).toContain(
      "ListenerNotFound",
    );
    expect(interfaces()).toHaveLength(running.subnetIds.length);
    await pass(120);
    expect(interfaces()).toEqual([]);
    expect(await refusal(create({ Name: "web" }))).toBe("no refusal");
  });
});

describe("a target group", () => {
  it("is rejected with an invalid name or a number out of range", async () => {
    for (const change of [
      { Name: "a".repeat(33) },
      { Name: "two-" },
      { Port: 0 },
      { HealthCheckIntervalSeconds: 4 },
      { HealthCheckTimeoutSeconds: 121 },
      { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 },
      { HealthyThresholdCount: 1 },
      { UnhealthyThresholdCount: 11 },
      { HealthCheckPath: "health" },
      { Matcher: { HttpCode: "500" } },
      { VpcId: "vpc-1" },
      { Tags: [] },
    ]) {
      expect([change, await refusal(group(change))]).toEqual([
        change,
        expect.stringContaining("ValidationError"),
      ]);
    }
  });

  it("is created once for the same settings, and is not changed by a second create", async () => {
    const arn = await groupArn("two");
    expect(await groupArn("two")).toBe(arn);
    expect(await refusal(group({ Port: 81 }))).toContain("DuplicateTargetGroupName");
    expect(await refusal(group({ HealthCheckPath: "/other" }))).toContain("DuplicateTargetGroupName");
  });

  it("cannot be deleted while a rule forwards to it, nor right afterwards, not even with weight 0", async () => {
    const arn = await groupArn("two");
    const { Rules } = await rule(1, arn);
    const RuleArn = Rules?.[0]?.RuleArn;
    await elb.modifyRule({
      RuleArn,
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: arn, Weight: 0 },
              { TargetGroupArn: running.targetGroupArn, Weight: 1 },
            ],
          },
        },
      ],
    });
    const inUse = `ResourceInUse: Target group '${arn}' is currently in use by a listener or a rule`;
    expect(await refusal(elb.deleteTargetGroup({ TargetGroupArn: arn }))).toBe(inUse);
    await elb.deleteRule({ RuleArn });
    expect(await refusal(elb.deleteTargetGroup({ TargetGroupArn: arn }))).toBe(inUse);
    await pass(10);
    expect(await refusal(elb.deleteTargetGroup({ TargetGroupArn: arn }))).toBe("no refusal");
    expect(await refusal(elb.deleteTargetGroup({ TargetGroupArn: arn }))).toBe("no refusal");
    expect(await refusal(elb.describeTargetGroups({ Names: ["two"] }))).toContain("TargetGroupNotFound");
  });

  it("accepts only known attributes with values in their range", async () => {
    const modify = (Key: string, Value: string) =>
      elb.modifyTargetGroupAttributes({
        TargetGroupArn: running.targetGroupArn,
        Attributes: [{ Key, Value }],
      });
    expect(await refusal(modify("deregistration_delay.timeout_seconds", "3601"))).toContain(
      "ValidationError",
    );
    expect(await refusal(modify("no.such.key", "1"))).toContain("is not recognized");
    await modify("deregistration_delay.timeout_seconds", "10");
    const { Attributes } = await elb.describeTargetGroupAttributes({
      TargetGroupArn: running.targetGroupArn,
    });
    expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "10" });
  });
});

describe("listeners and rules", () => {
  it("a port has one listener, whatever a second one would do", async () => {
    const create = (DefaultActions: ReturnType<typeof forward>) =>
      elb.createListener({
        LoadBalancerArn: running.loadBalancerArn,
        Protocol: "HTTP",
        Port: 80,
        DefaultActions,
      });
    const { Listeners } = await create(forward(running.targetGroupArn));
    expect(Listeners?.[0]?.ListenerArn).toBe(running.listenerArn);
    expect(await refusal(create(forward(await groupArn("two"))))).toBe(
      "DuplicateListener: A listener with the specified port already exists",
    );
  });

  it("a rule has a unique priority, and a limited number of values and wildcards", async () => {
    await rule(1);
    expect(await refusal(rule(1))).toBe("PriorityInUse: Priority '1' is currently in use");
    expect(await refusal(rule(0))).toContain("ValidationError");
    expect(await refusal(rule(50001))).toContain("ValidationError");
    expect(await refusal(rule(2, running.targetGroupArn, "/a", "/b", "/c", "/d", "/e", "/f"))).toContain(
      "ValidationError",
    );
    expect(await refusal(rule(2, running.targetGroupArn, "/*?*?*?*"))).toContain("ValidationError");
    expect(await refusal(rule(2, "arn:aws:elasticloadbalancing:x:1:targetgroup/x/1"))).toContain(
      "is not a valid target group ARN",
    );
    const missing = running.targetGroupArn.replace(/\w+$/, "0123456789abcdef");
    expect(await refusal(rule(2, missing))).toContain("TargetGroupNotFound");
  });

  it("priorities are exchanged in one call, and the default rule stays last", async () => {
    const [one, two] = [(await rule(1)).Rules?.[0]?.RuleArn, (await rule(2)).Rules?.[0]?.RuleArn];
    expect(
      await refusal(elb.setRulePriorities({ RulePriorities: [{ RuleArn: one, Priority: 2 }] })),
    ).toContain("PriorityInUse");
    await elb.setRulePriorities({
      RulePriorities: [
        { RuleArn: one, Priority: 2 },
        { RuleArn: two, Priority: 1 },
      ],
    });
    const { Rules } = await elb.describeRules({ ListenerArn: running.listenerArn });
    expect(Rules?.map(({ RuleArn, Priority }) => [RuleArn, Priority]).slice(0, 2)).toEqual([
      [two, "1"],
      [one, "2"],
    ]);
    const last = Rules?.at(-1);
    expect(last).toMatchObject({ IsDefault: true, Priority: "default" });
    expect(await refusal(elb.deleteRule({ RuleArn: last?.RuleArn }))).toContain("OperationNotPermitted");
    await elb.deleteRule({ RuleArn: one });
    expect(await refusal(elb.deleteRule({ RuleArn: one }))).toContain("RuleNotFound");
  });

  it("a target group serves one load balancer", async () => {
    const { LoadBalancers } = await elb.createLoadBalancer({ Name: "two", Subnets: running.subnetIds });
    const create = elb.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: forward(running.targetGroupArn),
    });
    expect(await refusal(create)).toContain("TargetGroupAssociationLimit");
  });

  it("tags are described for at most twenty resources", async () => {
    await elb.addTags({ ResourceArns: [running.targetGroupArn], Tags: [{ Key: "a", Value: "1" }] });
    const { TagDescriptions } = await elb.describeTags({ ResourceArns: [running.targetGroupArn] });
    expect(TagDescriptions).toEqual([
      { ResourceArn: running.targetGroupArn, Tags: [{ Key: "a", Value: "1" }] },
    ]);
    const many = Array.from({ length: 21 }, () => running.targetGroupArn);
    expect(await refusal(elb.describeTags({ ResourceArns: many }))).toContain("ValidationError");
  });
});

describe("the health of a target", () => {
  const states = async () => {
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({
      TargetGroupArn: running.targetGroupArn,
    });
    return TargetHealthDescriptions?.map(({ TargetHealth }) => [TargetHealth?.State, TargetHealth?.Reason]);
  };
  const oneTask = async () => {
    await running.registerInstances(1);
    await running.registerWeb();
    await running.createWeb({ desiredCount: 1 });
    await pass(18);
  };

  it("is initial, healthy after one passed check, and draining for the whole delay", async () => {
    await oneTask();
    expect(await states()).toEqual([["initial", "Elb.RegistrationInProgress"]]);
    await pass(31);
    expect(await states()).toEqual([["healthy", undefined]]);
    await running.ecs.updateService({ cluster: "main", service: "web", desiredCount: 0 });
    await pass(290);
    expect(await states()).toEqual([["draining", "Target.DeregistrationInProgress"]]);
    await pass(60);
    expect(await states()).toEqual([]);
  });

  it("is unused if no load balancer uses its group, or if its zone is not enabled", async () => {
    await oneTask();
    await pass(60);
    await elb.setSubnets({ LoadBalancerArn: running.loadBalancerArn, Subnets: running.subnetIds.slice(1) });
    expect(await states()).toEqual([["unused", "Target.NotInUse"]]);
    await elb.setSubnets({ LoadBalancerArn: running.loadBalancerArn, Subnets: running.subnetIds });
    await pass(60);
    expect(await states()).toEqual([["healthy", undefined]]);
    await elb.deleteListener({ ListenerArn: running.listenerArn });
    expect(await states()).toEqual([["unused", "Target.NotInUse"]]);
  });
});

it("an idle virtual cloud has nothing scheduled", async () => {
  await running.registerInstances(1);
  await running.registerWeb();
  await running.createWeb({ desiredCount: 1 });
  await running.rollout();
  await pass(3600);
  const before = running.cloud.clock.now();
  await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  expect(running.cloud.clock.now()).toBe(before);
});
