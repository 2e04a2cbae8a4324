import type { TagFilter } from "@aws-sdk/client-resource-groups-tagging-api";
import type { TaggingApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import { page } from "../core/page.js";
import { ServiceError } from "../core/service-error.js";
import { tagList } from "../core/tags.js";

interface Tagged {
  readonly type: string;
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * The tagging API: the tagged resources of all services that it covers. IAM and Auto Scaling groups are not
 * covered.
 */
export function createTagging(account: Account): TaggingApi {
  return {
    async getResources(input) {
      const invalid = (message: string) => new ServiceError("InvalidParameterException", message);
      const { TagFilters: filters = [], ResourceTypeFilters: types = [], ResourceARNList: arns } = input;
      if (filters.length > 50 || types.length > 100) throw invalid("Too many filters were specified.");
      if (arns !== undefined && (filters.length > 0 || types.length > 0)) {
        throw invalid("ResourceARNList cannot be combined with filters.");
      }
      if (filters.some(({ Key }) => Key === undefined)) throw invalid("A tag filter must have a key.");
      const size = input.ResourcesPerPage ?? input.TagsPerPage ?? 50;
      if (size < 1 || size > (input.ResourcesPerPage === undefined ? 500 : 100))
        throw invalid("ResourcesPerPage must be between 1 and 100.");
      const found = taggedResources(account)
        .filter(({ tags }) => tags.size > 0)
        .filter(({ arn }) => arns === undefined || arns.includes(arn))
        .filter(({ type }) => types.length === 0 || types.some((wanted) => covers(wanted, type)))
        .filter(({ tags }) => filters.every((filter) => matches(tags, filter)));
      const now = account.clock.now();
      // The first page's token is an empty string, like the token of the last page's answer.
      const [issuedAt, token] = input.PaginationToken ? input.PaginationToken.split(":") : [String(now)];
      if (now - Number(issuedAt) > TOKEN_LIFETIME) throw tokenExpired();
      const { items, nextToken } = page(found, token, size, tokenExpired);
      return {
        ResourceTagMappingList: items.map(({ arn, tags }) => ({ ResourceARN: arn, Tags: tagList(tags) })),
        PaginationToken: nextToken === undefined ? "" : `${now}:${nextToken}`,
      };
    },
  };
}

/** "A PaginationToken is valid for a maximum of 15 minutes", API reference. */
const TOKEN_LIFETIME = 15 * 60_000;

const tokenExpired = (): ServiceError =>
  new ServiceError(
    "PaginationTokenExpiredException",
    "A PaginationToken is valid for a maximum of 15 minutes.",
  );

/** `ec2` means all types of EC2; `ec2:instance` one of them. */
const covers = (wanted: string, type: string): boolean => type === wanted || type.startsWith(`${wanted}:`);

function matches(
  tags: ReadonlyMap<string, string>,
  { Key: key = "", Values: values = [] }: TagFilter,
): boolean {
  const value = tags.get(key);
  return value !== undefined && (values.length === 0 || values.includes(value));
}

/** The tagged resources that the tagging API covers. */
export function taggedResources(account: Account): Tagged[] {
  const sources = [ecs, elb, ec2, ecr, logs, cloudWatch, scalableTargets];
  return sources.flatMap((source) => [...source(account)]);
}

function* ecs({ ecs }: Account): Iterable<Tagged> {
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

function* elb({ elb }: Account): Iterable<Tagged> {
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

function* ec2({ ec2, partition, region, accountId }: Account): Iterable<Tagged> {
  const arn = (type: string, id: string) => `arn:${partition}:ec2:${region}:${accountId}:${type}/${id}`;
  const kinds = {
    vpc: ec2.vpcs,
    subnet: ec2.subnets,
    "security-group": ec2.securityGroups,
    "key-pair": ec2.keyPairs,
    "launch-template": ec2.launchTemplates,
    instance: ec2.instances,
  };
  for (const [type, resources] of Object.entries(kinds)) {
    for (const { id, tags } of resources.values()) {
      if (ec2.instances.get(id)?.state === "terminated") continue;
      yield { type: `ec2:${type}`, arn: arn(type, id), tags };
    }
  }
  for (const { rules } of ec2.securityGroups.values()) {
    for (const { id, tags } of rules.values()) {
      yield { type: "ec2:security-group-rule", arn: arn("security-group-rule", id), tags };
    }
  }
}

function* ecr({ ecr }: Account): Iterable<Tagged> {
  for (const { arn, tags } of ecr.repositories.values()) yield { type: "ecr:repository", arn, tags };
}

function* cloudWatch({ cloudWatch }: Account): Iterable<Tagged> {
  for (const { description, tags } of cloudWatch.alarms.values())
    yield { type: "cloudwatch:alarm", arn: description.AlarmArn ?? "", tags };
}

function* scalableTargets({ applicationAutoScaling: { scalableTargets, tags } }: Account): Iterable<Tagged> {
  for (const [id, { ScalableTargetARN: arn = "" }] of scalableTargets) {
    const type = "application-autoscaling:scalable-target";
    yield { type, arn, tags: tags.get(id) ?? new Map<string, string>() };
  }
}

function* logs({ logs }: Account): Iterable<Tagged> {
  for (const { arn, tags } of logs.groups.values()) yield { type: "logs:log-group", arn, tags };
}
