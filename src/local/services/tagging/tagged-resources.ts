import type { Account } from "../../core/account.js";
import { taggedEc2Resources } from "../ec2/tags.js";
import type { TaggedResource } from "./state.js";

/** The tagged resources that the tagging API covers. */
export function taggedResources(account: Account): TaggedResource[] {
  const sources = [ecs, elb, ec2, ecr, logs, cloudWatch, scalableTargets, acm, serviceDiscovery];
  return sources.flatMap((source) => [...source(account)]);
}

function* ecs({ ecs }: Account): Iterable<TaggedResource> {
  for (const cluster of ecs.clusters.values()) {
    if (cluster.status === "ACTIVE") yield { type: "ecs:cluster", arn: cluster.arn, tags: cluster.tags };
    for (const { description, tags } of cluster.services.values()) {
      if (description.status === "INACTIVE") continue;
      yield { type: "ecs:service", arn: description.serviceArn ?? "", tags };
    }
  }
  for (const { revisions } of ecs.families.values()) {
    for (const { description, tags } of revisions) {
      if (description.status !== "ACTIVE") continue;
      yield { type: "ecs:task-definition", arn: description.taskDefinitionArn ?? "", tags };
    }
  }
}

function* elb({ elb }: Account): Iterable<TaggedResource> {
  const kinds = {
    "elasticloadbalancing:loadbalancer": elb.loadBalancers,
    "elasticloadbalancing:targetgroup": elb.targetGroups,
    "elasticloadbalancing:listener": elb.listeners,
    "elasticloadbalancing:listener-rule": elb.rules,
  };
  for (const [type, resources] of Object.entries(kinds)) {
    for (const { arn, tags } of resources.values()) yield { type, arn, tags };
  }
}

function* ec2({ ec2, partition, region, accountId }: Account): Iterable<TaggedResource> {
  for (const { type, id, tags } of taggedEc2Resources(ec2)) {
    if (ec2.instances.get(id)?.state === "terminated") continue;
    yield { type: `ec2:${type}`, arn: `arn:${partition}:ec2:${region}:${accountId}:${type}/${id}`, tags };
  }
}

function* ecr({ ecr }: Account): Iterable<TaggedResource> {
  for (const { arn, tags } of ecr.repositories.values()) yield { type: "ecr:repository", arn, tags };
}

function* cloudWatch({ cloudWatch }: Account): Iterable<TaggedResource> {
  for (const { description, tags } of cloudWatch.alarms.values())
    yield { type: "cloudwatch:alarm", arn: description.AlarmArn ?? "", tags };
}

function* scalableTargets({
  applicationAutoScaling: { scalableTargets, tags },
}: Account): Iterable<TaggedResource> {
  for (const [id, { ScalableTargetARN: arn = "" }] of scalableTargets) {
    const type = "application-autoscaling:scalable-target";
    yield { type, arn, tags: tags.get(id) ?? new Map<string, string>() };
  }
}

function* acm({ acm }: Account): Iterable<TaggedResource> {
  for (const { arn, tags } of acm.certificates.values()) yield { type: "acm:certificate", arn, tags };
}

function* serviceDiscovery({
  serviceDiscovery: { namespaces, services },
}: Account): Iterable<TaggedResource> {
  for (const { arn, tags, isPending } of namespaces.values())
    if (!isPending) yield { type: "servicediscovery:namespace", arn, tags };
  for (const { arn, tags } of services.values()) yield { type: "servicediscovery:service", arn, tags };
}

function* logs({ logs }: Account): Iterable<TaggedResource> {
  for (const { arn, tags } of logs.groups.values()) yield { type: "logs:log-group", arn, tags };
}
