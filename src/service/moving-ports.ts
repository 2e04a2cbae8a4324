import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { hasErrorCode } from "../aws/error-code.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { KIND_TAG, OWNER_TAG } from "../aws/tags.js";
import { securityGroupRuleKind, securityGroupRulesOf } from "../network/security-group-rule.js";
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

const temporaryRulesOf = (serviceName: string): string => `temporary security group rules ${serviceName}`;

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
  const groups = networkConfiguration?.awsvpcConfiguration.securityGroups ?? [];
  if (groups.length === 0 || port === undefined) return;
  const sources = await securityGroupsOf(targetGroupArn, context);
  const rules = (await Promise.all(groups.map((id) => securityGroupRulesOf(id, context)))).flat();
  const admitting = rules.filter(
    ({ FromPort, ReferencedGroupInfo: source, Tags = [] }) =>
      FromPort === containerPort &&
      sources.includes(source?.GroupId ?? "") &&
      Tags.some(({ Key, Value }) => Key === OWNER_TAG && Value === tags[OWNER_TAG]),
  );
  const ownTags = { ...tags, [KIND_TAG]: securityGroupRuleKind.kind };
  for (const { GroupId: groupId, IpProtocol, ReferencedGroupInfo: source, Description } of admitting) {
    const desired = {
      groupId: groupId!,
      protocol: IpProtocol === "udp" ? ("udp" as const) : ("tcp" as const),
      fromPort: port,
      toPort: port,
      source: { sourceGroupId: source!.GroupId! },
      description: Description ?? "",
      tags: ownTags,
    };
    try {
      const state = await securityGroupRuleKind.create!(desired, context);
      const known = (context.runCache.get(temporaryRulesOf(serviceName)) ?? []) as (typeof state)[];
      context.runCache.set(temporaryRulesOf(serviceName), [...known, state]);
    } catch (error) {
      if (!hasErrorCode(error, "InvalidPermission.Duplicate")) throw error;
    }
  }
}

/** Revokes what this run has admitted for a move of the service. */
export async function revokeTemporaryRules(serviceName: string, context: AwsContext): Promise<void> {
  const rules = (context.runCache.get(temporaryRulesOf(serviceName)) ?? []) as Parameters<
    NonNullable<typeof securityGroupRuleKind.delete>
  >[0][];
  context.runCache.delete(temporaryRulesOf(serviceName));
  await Promise.all(rules.map((rule) => securityGroupRuleKind.delete!(rule, context)));
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
