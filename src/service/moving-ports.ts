import type { IpPermission } from "@aws-sdk/client-ec2";
import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { hasErrorCode } from "../aws/error-code.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, KIND_TAG, OWNER_TAG, toTagList } from "../aws/tags.js";
import type { ServiceDesired } from "./service-desired.js";

/*
 * A target group that a service is about to leave is checked, and gets requests, until the move is over: the new tasks
 * register in it at the port that they listen on for it, and their security group admits its load balancer there.
 */

/** How the new tasks register in the target groups that the service leaves later. */
export async function registeredWhileMoving(
  leaving: readonly LoadBalancer[],
  desired: ServiceDesired,
  context: AwsContext,
): Promise<LoadBalancer[]> {
  const described = (before: LoadBalancer): LoadBalancer | undefined =>
    desired.loadBalancers.find(
      ({ containerName, containerPort }) =>
        containerName === before.containerName && containerPort === before.containerPort,
    );
  const isMoved = leaving.every((before) => described(before) !== undefined);
  const targets = isMoved ? [] : await targetsOf(desired, context);
  return Promise.all(
    leaving.map(async (before) => {
      const { targetGroupArn, containerName: name, containerPort: port } = before;
      const same = described(before);
      if (same !== undefined) return { ...same, targetGroupArn };
      // The port that it has had, also if the container of that port has got another name.
      const atPort = targets.filter(({ containerPort }) => containerPort === port);
      const kept = atPort.find(({ containerName }) => containerName === name) ?? atPort[0];
      if (kept !== undefined) return { ...kept, targetGroupArn };
      const { loadBalancers } = desired;
      const next = loadBalancers.find(({ containerName }) => containerName === name) ?? loadBalancers[0]!;
      await admitWhileMoving(before, next.containerPort, desired, context);
      return { ...next, targetGroupArn };
    }),
  );
}

/** The containers and ports of the new tasks, the main one first. */
async function targetsOf(
  { taskDefinition, loadBalancers }: ServiceDesired,
  { aws }: AwsContext,
): Promise<Pick<LoadBalancer, "containerName" | "containerPort">[]> {
  const { taskDefinition: found } = await aws.ecs.describeTaskDefinition({ taskDefinition });
  const main = loadBalancers[0]?.containerName;
  const containers = found?.containerDefinitions ?? [];
  return [...containers]
    .sort((a, b) => Number(b.name === main) - Number(a.name === main))
    .flatMap(({ name, portMappings = [] }) =>
      portMappings.map(({ containerPort }) => ({ containerName: name, containerPort })),
    );
}

interface TemporaryRules {
  readonly GroupId: string;
  readonly IpPermissions: IpPermission[];
}

const keyOf = (serviceName: string): string => `temporary security group rules of ${serviceName}`;

const knownRules = (serviceName: string, { runCache }: AwsContext): readonly TemporaryRules[] =>
  (runCache.get(keyOf(serviceName)) ?? []) as readonly TemporaryRules[];

/**
 * Admits the load balancer of a target group at another port of the tasks, until the service has left the group. An
 * interrupted run leaves the rules to the next one, which finds them by their owner.
 */
async function admitWhileMoving(
  { targetGroupArn, containerPort }: LoadBalancer,
  port: number | undefined,
  { networkConfiguration, serviceName, tags }: ServiceDesired,
  context: AwsContext,
): Promise<void> {
  const { ec2 } = context.aws;
  const groups = networkConfiguration?.awsvpcConfiguration.securityGroups ?? [];
  if (groups.length === 0 || port === undefined) return;
  const sources = await securityGroupsOf(targetGroupArn, context);
  const rules = await paginate(
    "NextToken",
    (next) =>
      ec2.describeSecurityGroupRules({ Filters: [{ Name: "group-id", Values: [...groups] }], ...next }),
    ({ SecurityGroupRules }) => SecurityGroupRules,
  );
  const admitting = rules.filter(
    ({ FromPort, ReferencedGroupInfo, Tags }) =>
      FromPort === containerPort &&
      sources.includes(ReferencedGroupInfo?.GroupId ?? "") &&
      fromTags(Tags)[OWNER_TAG] === tags[OWNER_TAG],
  );
  const ownTags = toTagList({ ...tags, [KIND_TAG]: "security-group-rule" });
  for (const { GroupId = "", IpProtocol, ReferencedGroupInfo: source, Description } of admitting) {
    const pair = { GroupId: source!.GroupId };
    const permission = { IpProtocol, FromPort: port, ToPort: port };
    const request = {
      GroupId,
      IpPermissions: [{ ...permission, UserIdGroupPairs: [{ ...pair, Description }] }],
      TagSpecifications: [{ ResourceType: "security-group-rule" as const, Tags: ownTags }],
    };
    try {
      await ec2.authorizeSecurityGroupIngress(request);
    } catch (error) {
      if (hasErrorCode(error, "InvalidPermission.Duplicate")) continue;
      throw error;
    }
    const added = { GroupId, IpPermissions: [{ ...permission, UserIdGroupPairs: [pair] }] };
    context.runCache.set(keyOf(serviceName), [...knownRules(serviceName, context), added]);
  }
}

/** Revokes what this run has admitted for a move of the service. */
export async function revokeTemporaryRules(serviceName: string, context: AwsContext): Promise<void> {
  const rules = knownRules(serviceName, context);
  context.runCache.delete(keyOf(serviceName));
  await Promise.all(rules.map((rule) => ignoreNotFound(context.aws.ec2.revokeSecurityGroupIngress(rule))));
}

/** The security groups of the load balancers that forward to a target group. */
async function securityGroupsOf(
  targetGroupArn: string | undefined,
  { aws }: AwsContext,
): Promise<readonly string[]> {
  if (targetGroupArn === undefined) return [];
  const groups = await ignoreNotFound(aws.elb.describeTargetGroups({ TargetGroupArns: [targetGroupArn] }));
  const arns = groups?.TargetGroups?.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns) ?? [];
  if (arns.length === 0) return [];
  const balancers = await ignoreNotFound(aws.elb.describeLoadBalancers({ LoadBalancerArns: arns }));
  return balancers?.LoadBalancers?.flatMap(({ SecurityGroups = [] }) => SecurityGroups) ?? [];
}
