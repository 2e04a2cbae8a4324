import type { LocalCloud } from "../../src/local/index.js";

/** What others put into what quayside made: rules, a listener, a target group, entries, a service. */
export async function addForeignResourcesInside(cloud: LocalCloud): Promise<void> {
  for (const balancer of ours(cloud.account.elb.loadBalancers)) await addToBalancer(cloud, balancer);
  for (const { id } of ours(cloud.account.ec2.securityGroups)) {
    await cloud.ports.ec2.authorizeSecurityGroupIngress({
      GroupId: id,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 9090, ToPort: 9090, IpRanges: [{ CidrIp: "192.0.2.0/24" }] },
      ],
    });
  }
  for (const { name } of ours(cloud.account.ecs.clusters)) {
    await cloud.ports.ecs.createService({
      cluster: name,
      serviceName: "theirs-inside",
      taskDefinition: "their-task",
      desiredCount: 0,
    });
  }
}

async function addToBalancer(
  { ports: { elb }, account }: LocalCloud,
  balancer: { readonly arn: string; readonly name: string; readonly vpcId: string; readonly type: string },
): Promise<void> {
  const isNetwork = balancer.type === "network";
  const listener = [...account.elb.listeners.values()].find((one) => one.loadBalancerArn === balancer.arn)!;
  const target = await elb.createTargetGroup({
    Name: `theirs-inside-${balancer.name}`.slice(0, 32),
    Protocol: isNetwork ? "TCP" : "HTTP",
    Port: 80,
    VpcId: balancer.vpcId,
  });
  const forward = [{ Type: "forward" as const, TargetGroupArn: target.TargetGroups![0]!.TargetGroupArn! }];
  await elb.createListener({
    LoadBalancerArn: balancer.arn,
    Port: 9090,
    Protocol: isNetwork ? "TCP" : "HTTP",
    DefaultActions: forward,
  });
  if (isNetwork) return;
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
}

interface Labelled {
  readonly tags: ReadonlyMap<string, string>;
}

const isOurs = ({ tags }: Labelled): boolean => tags.has("quayside:owner");

const ours = <Resource extends Labelled>(all: ReadonlyMap<string, Resource>): Resource[] =>
  [...all.values()].filter(isOurs);

/** They take all of it out again, as somebody would who moves elsewhere. */
export async function removeForeignResourcesInside({
  clock,
  ports: { ecs, elb },
  account,
}: LocalCloud): Promise<void> {
  const named = ({ name }: { readonly name: string }) => name.startsWith("theirs-inside");
  for (const { name, services } of account.ecs.clusters.values()) {
    if (services.has("theirs-inside"))
      await ecs.deleteService({ cluster: name, service: "theirs-inside", force: true });
  }
  const groups = [...account.elb.targetGroups.values()].filter(named).map(({ arn }) => arn);
  const leadsThere = ({
    actions,
  }: {
    readonly actions: readonly { readonly TargetGroupArn?: string | undefined }[];
  }) => actions.some(({ TargetGroupArn = "" }) => groups.includes(TargetGroupArn));
  for (const rule of [...account.elb.rules.values()].filter(leadsThere))
    if (rule.priority !== "default") await elb.deleteRule({ RuleArn: rule.arn });
  for (const { arn: ListenerArn } of [...account.elb.listeners.values()].filter(({ port }) => port === 9090))
    await elb.deleteListener({ ListenerArn });
  await clock.sleep(300_000);
  for (const TargetGroupArn of groups) await elb.deleteTargetGroup({ TargetGroupArn });
}

/** All of it, as it is now. */
export function foreignResourcesInside(cloud: LocalCloud): unknown {
  const { ec2, elb, ecs } = cloud.account;
  return structuredClone({
    rules: [...elb.rules.values()].filter((rule) => !isOurs(rule) && rule.priority !== "default"),
    listeners: [...elb.listeners.values()].filter((listener) => !isOurs(listener)),
    targetGroups: [...elb.targetGroups.values()].filter((group) => !isOurs(group)).map(({ name }) => name),
    entries: ours(ec2.securityGroups).flatMap(({ rules }) =>
      [...rules.values()].filter((rule) => !rule.isEgress && !isOurs(rule)),
    ),
    services: [...ecs.clusters.values()].flatMap(({ name, services }) =>
      [...services.values()]
        .filter((one) => !isOurs(one))
        .map(({ description }) => [name, description.serviceName, description.status]),
    ),
  });
}
