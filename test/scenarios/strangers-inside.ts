import type { LocalCloud } from "../../src/local/index.js";

/** What others put into what quayside made: a rule, a listener, a target group, an entry, a service. */
export async function addStrangersInside(cloud: LocalCloud): Promise<void> {
  const { ec2, ecs, elb } = cloud.ports;
  const balancer = [...cloud.world.elb.loadBalancers.values()].find(({ name }) => name === "conferenceAlb")!;
  const listener = [...cloud.world.elb.listeners.values()].find(
    (one) => one.loadBalancerArn === balancer.arn,
  )!;
  const target = await elb.createTargetGroup({
    Name: "theirs-inside",
    Protocol: "HTTP",
    Port: 80,
    VpcId: balancer.vpcId,
  });
  const forward = [{ Type: "forward" as const, TargetGroupArn: target.TargetGroups![0]!.TargetGroupArn! }];
  await elb.createRule({
    ListenerArn: listener.arn,
    Priority: 7,
    Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs*"] } }],
    Actions: forward,
  });
  await elb.createRule({
    ListenerArn: listener.arn,
    Priority: 8,
    Conditions: [
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-theirs", Values: ["yes"] } },
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "theirs", Value: "*" }] } },
      { Field: "source-ip", SourceIpConfig: { Values: ["192.0.2.0/24"] } },
    ],
    Actions: forward,
  });
  await elb.createListener({
    LoadBalancerArn: balancer.arn,
    Port: 9090,
    Protocol: "HTTP",
    DefaultActions: forward,
  });
  for (const GroupId of groupsOf(cloud).map(({ id }) => id)) {
    await ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 9090, ToPort: 9090, IpRanges: [{ CidrIp: "192.0.2.0/24" }] },
      ],
    });
  }
  await ecs.createService({
    cluster: "conference-cluster",
    serviceName: "theirs-inside",
    taskDefinition: "their-task",
    desiredCount: 0,
  });
}

const groupsOf = (cloud: LocalCloud) =>
  [...cloud.world.ec2.securityGroups.values()].filter(({ name }) =>
    ["conferenceAlbSecurityGroup", "conferenceEcsSecurityGroup"].includes(name),
  );

/** All of it, as it is now. */
export function strangersInside(cloud: LocalCloud): unknown {
  const { elb, ecs } = cloud.world;
  const isOurs = ({ tags }: { readonly tags: ReadonlyMap<string, string> }) => tags.has("quayside:owner");
  return structuredClone({
    rules: [...elb.rules.values()].filter((rule) => !isOurs(rule) && rule.priority !== "default"),
    listeners: [...elb.listeners.values()].filter((listener) => !isOurs(listener)),
    targetGroups: [...elb.targetGroups.values()].filter((group) => !isOurs(group)).map(({ name }) => name),
    entries: groupsOf(cloud).map(({ name, rules }) => [
      name,
      [...rules.values()].filter((rule) => !rule.isEgress && !isOurs(rule)),
    ]),
    services: [...ecs.clusters.values()].flatMap(({ name, services }) =>
      [...services.values()]
        .filter((one) => !isOurs(one))
        .map(({ description }) => [name, description.serviceName, description.status]),
    ),
  });
}
