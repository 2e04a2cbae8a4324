import {
  CreateLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { loadBalancerKind, type LoadBalancerDesired } from "../../src/load-balancer/load-balancer.js";
import { sdkError, changesTo, mockAws, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, elb, writes } = mockAws();

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/conferenceAlb/50dc";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/conferenceAlb/50dc/1";
const desired: LoadBalancerDesired = {
  name: "conferenceAlb",
  vpcId: "vpc-1",
  scheme: "internet-facing",
  securityGroupIds: ["sg-1"],
  subnetIds: ["subnet-b", "subnet-a"],
  tags: TAGS,
};
const state = {
  arn: ARN,
  dnsName: "conferenceAlb-1.elb.amazonaws.com",
  zoneId: "Z32O12XQLNTSW2",
  fullName: "app/conferenceAlb/50dc",
};
const reported: LoadBalancer = {
  LoadBalancerArn: ARN,
  LoadBalancerName: "conferenceAlb",
  DNSName: "conferenceAlb-1.elb.amazonaws.com",
  CanonicalHostedZoneId: "Z32O12XQLNTSW2",
  Scheme: "internet-facing",
  SecurityGroups: ["sg-1"],
  VpcId: "vpc-1",
  AvailabilityZones: [{ SubnetId: "subnet-a" }, { SubnetId: "subnet-b" }],
  State: { Code: "active" },
};
const notFound = () => sdkError("LoadBalancerNotFoundException");
const tagsOf = (ResourceArn: string, Tags = TAG_LIST) => ({ ResourceArn, Tags });

function exists(changes: Partial<LoadBalancer> = {}): void {
  elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ ...reported, ...changes }] });
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [tagsOf(ARN)] });
}

test("a load balancer is created over all the subnets, with its tags", async () => {
  const context = await awsContext();
  elb.on(CreateLoadBalancerCommand).resolves({ LoadBalancers: [reported] });
  expect(await loadBalancerKind.create!(desired, context)).toEqual(state);
  expect(writes()).toEqual([
    [
      "CreateLoadBalancer",
      {
        Name: "conferenceAlb",
        Type: "application",
        Scheme: "internet-facing",
        SecurityGroups: ["sg-1"],
        Subnets: ["subnet-b", "subnet-a"],
        Tags: TAG_LIST,
      },
    ],
  ]);
});

test("a load balancer's name that is still taken after a deletion is waited for", async () => {
  const context = await awsContext();
  elb.on(DescribeLoadBalancersCommand).rejects(notFound());
  elb
    .on(CreateLoadBalancerCommand)
    .rejectsOnce(sdkError("DuplicateLoadBalancerNameException"))
    .rejectsOnce(sdkError("DuplicateLoadBalancerNameException"))
    .resolves({ LoadBalancers: [reported] });
  expect(await loadBalancerKind.create!(desired, context)).toEqual(state);
});

test("a load balancer whose name is taken fails at once", async () => {
  const context = await awsContext();
  exists();
  elb.on(CreateLoadBalancerCommand).rejects(sdkError("DuplicateLoadBalancerNameException"));
  const error = await loadBalancerKind.create!(desired, context).catch((reason: unknown) => reason);
  expect(loadBalancerKind.alreadyExists!(error)).toBe(true);
  expect(writes()).toHaveLength(1);
});

test("the order of its subnets and groups is no difference of a load balancer", async () => {
  const context = await awsContext();
  exists();
  const observed = (await loadBalancerKind.read(desired, context))!;
  expect(observed.state).toEqual(state);
  expect(changesTo(desired, observed)).toEqual([]);
});

test("a load balancer is changed only where it differs", async () => {
  const context = await awsContext();
  exists({ SecurityGroups: ["sg-0"] });
  const observed = (await loadBalancerKind.read(desired, context))!;
  await loadBalancerKind.update!(desired, observed, changesTo(desired, observed), context);
  expect(writes()).toEqual([["SetSecurityGroups", { LoadBalancerArn: ARN, SecurityGroups: ["sg-1"] }]]);
});

test("a load balancer is ready once it is active, and reports once why it is not", async () => {
  const events: QuaysideEvent[] = [];
  const context = await awsContext({ events });
  const answer = (Code: "provisioning" | "active") => ({ LoadBalancers: [{ ...reported, State: { Code } }] });
  elb
    .on(DescribeLoadBalancersCommand, { Names: ["conferenceAlb"] })
    .resolvesOnce(answer("provisioning"))
    .resolvesOnce(answer("provisioning"))
    .resolves(answer("active"));
  expect(await loadBalancerKind.ready!(state, desired, context)).toEqual(state);
  expect(events).toMatchObject([{ type: "waiting", resource: "load-balancer", name: "conferenceAlb" }]);
});

test("a new load balancer is ready once its DNS name resolves, and one that exists is not asked", async () => {
  const events: QuaysideEvent[] = [];
  let asked = 0;
  const context = await awsContext({ events, resolves: async () => (asked += 1) > 2 });
  exists();
  await loadBalancerKind.ready!(state, desired, context);
  expect(asked).toBe(0);

  exists({ CreatedTime: new Date(context.awsTime()) });
  await loadBalancerKind.ready!(state, desired, context);
  expect(asked).toBe(3);
  expect(events).toMatchObject([{ type: "waiting", why: expect.stringContaining("does not resolve") }]);
});

test("a computer that never resolves the load balancer's name gets a warning after three minutes", async () => {
  const events: QuaysideEvent[] = [];
  const context = await awsContext({ events, resolves: async () => false });
  exists({ CreatedTime: new Date(context.awsTime()) });
  await loadBalancerKind.ready!(state, desired, context);
  expect(events.at(-1)).toMatchObject({ type: "warning", message: expect.stringContaining(state.dnsName) });
});

test("a load balancer that AWS could not set up is an error with AWS's reason", async () => {
  const context = await awsContext();
  exists({ State: { Code: "failed", Reason: "no addresses left" } });
  await expect(loadBalancerKind.ready!(state, desired, context)).rejects.toMatchObject({
    code: "load-balancer-failed",
    message: "Load balancer conferenceAlb cannot be used: no addresses left",
  });
});

test("a load balancer that never becomes active ends in a timeout", async () => {
  const context = await awsContext();
  exists({ State: { Code: "provisioning" } });
  await expect(loadBalancerKind.ready!(state, desired, context)).rejects.toMatchObject({ code: "timed-out" });
});

test("a load balancer's deletion ends once AWS no longer finds it", async () => {
  const context = await awsContext();
  elb
    .on(DescribeLoadBalancersCommand)
    .resolvesOnce({ LoadBalancers: [reported] })
    .rejects(notFound());
  await loadBalancerKind.delete!(state, context);
  expect(writes()).toEqual([["DeleteLoadBalancer", { LoadBalancerArn: ARN }]]);
  expect(elb.commandCalls(DescribeLoadBalancersCommand)).toHaveLength(2);
});

test("a load balancer's users are the rules that stay, foreign listeners, and a default action that sends traffic", async () => {
  const context = await awsContext();
  exists();
  const other = `${LISTENER}-other`;
  elb.on(DescribeListenersCommand).resolves({
    Listeners: [
      { ListenerArn: LISTENER, Port: 80 },
      { ListenerArn: other, Port: 8080 },
    ],
  });
  elb.on(DescribeRulesCommand, { ListenerArn: LISTENER }).resolves({
    Rules: [
      { RuleArn: "rule/default", IsDefault: true, Actions: [{ Type: "forward" }] },
      { RuleArn: "rule/talk", Priority: "1" },
      { RuleArn: "rule/speaker", Priority: "2" },
      { RuleArn: "rule/foreign", Priority: "3", Conditions: [{ Field: "path-pattern", Values: ["/old*"] }] },
    ],
  });
  const owned = (owner: string) => [{ Key: "quayside:owner", Value: owner }];
  elb.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { ResourceArns: string[] }) => ({
    TagDescriptions: [
      tagsOf(ARN, owned("load-balancer/conferenceAlb")),
      tagsOf(LISTENER, owned("load-balancer/conferenceAlb")),
      tagsOf("rule/talk", owned("deployment/talk")),
      tagsOf("rule/speaker", owned("deployment/speaker")),
      tagsOf("rule/foreign", []),
      tagsOf(other, []),
    ].filter(({ ResourceArn }) => ResourceArns.includes(ResourceArn)),
  }));
  const found = { name: "conferenceAlb", ...(await loadBalancerKind.read(desired, context))! };
  const leaving = {
    has: (kind: string, name: string) => `${kind}/${name}` === "listener-rule/conferenceAlb:80/talk",
  };
  expect(await loadBalancerKind.usedBy!(found, leaving, context)).toEqual([
    "deployment/speaker",
    "a rule for /old* on conferenceAlb:80",
    "the default action of conferenceAlb:80",
    "listener conferenceAlb:8080",
  ]);
});
