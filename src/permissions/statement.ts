import type { PolicyConditions, PolicyStatement } from "../aws/policy-document.js";
import { OWNER_TAG } from "../aws/tags.js";
import { partitionOf } from "../aws/partition.js";
import type { PermissionOptionsSpec, PermissionPurpose } from "../spec/permission-options.js";
import type { PermissionFacts } from "./scope.js";

/** Actions, and the operations of the chain that need them. */
export interface ActionGroup {
  readonly for: readonly PermissionPurpose[];
  readonly actions: readonly string[];
  /** False if the chain has nothing that needs them. @defaultValue `true` */
  readonly when?: boolean;
}

export interface StatementToBuild {
  readonly sid: string;
  readonly groups: readonly ActionGroup[];
  /** No resources: there is no such statement. */
  readonly resources: readonly string[];
  readonly conditions?: PolicyConditions;
}

/** What statements are built with: the facts, the ARNs and the conditions of one caller. */
export interface StatementInputs {
  readonly facts: PermissionFacts;
  /** The ARN of a resource: `arnOf("ecs", "cluster/main")`. */
  readonly arnOf: (service: string, resource: string) => string;
  /** The ARN of an IAM resource. */
  readonly iamArn: (resource: string) => string;
  readonly partition: string;
  readonly region: string;
  /** True if the caller may read all roles of the account. */
  readonly readAccountRoles: boolean;
  /** Only roles that are passed to this service. */
  readonly passedTo: (service: string) => PolicyConditions;
  /** Only resources that are created with the tag of one of the owners. */
  readonly created: PolicyConditions;
  /** Only resources that have the tag of one of the owners. */
  readonly owned: PolicyConditions;
  /** Only resources that have the tag of one of the deployments or jobs, where their ARNs do not name it. */
  readonly ofTask: PolicyConditions;
  /** Only requests in the region, where ARNs do not say it. */
  readonly inRegion: PolicyConditions;
}

export function statementInputs(
  facts: PermissionFacts,
  { account, region, readAccountRoles }: PermissionOptionsSpec,
): StatementInputs {
  // IAM accepts no wildcard for the partition: without a region, it is the one of most accounts.
  const partition = region === "*" ? "aws" : partitionOf(region).id;
  const inRegion: PolicyConditions =
    region === "*" ? {} : { StringEquals: { "aws:RequestedRegion": region } };
  return {
    facts,
    arnOf: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
    iamArn: (resource) => `arn:${partition}:iam::${account}:${resource}`,
    partition,
    region,
    readAccountRoles,
    // In China, services have two names.
    passedTo: (service) => ({
      StringEquals: { "iam:PassedToService": partition === "aws-cn" ? [service, `${service}.cn`] : service },
    }),
    created: both(inRegion, hasOwner("aws:RequestTag", facts.owners)),
    owned: both(inRegion, hasOwner("aws:ResourceTag", facts.owners)),
    ofTask: facts.isByName
      ? hasOwner(
          "aws:ResourceTag",
          facts.owners.filter((owner) => !owner.includes("*")),
        )
      : {},
    inRegion,
  };
}

/** The condition that a tag has one of these owners, of which some may be patterns. */
const hasOwner = (key: string, owners: readonly string[]): PolicyConditions => ({
  [owners.some((owner) => owner.includes("*")) ? "StringLike" : "StringEquals"]: {
    [`${key}/${OWNER_TAG}`]: oneOrMany(owners),
  },
});

/** IAM's short form: one value without a list. */
function oneOrMany(values: readonly string[]): string | readonly string[] {
  const unique = [...new Set(values)];
  return unique.length === 1 ? unique[0]! : unique;
}

/** Both conditions: the keys of each operator together. */
export function both(one: PolicyConditions, other: PolicyConditions): PolicyConditions {
  const operators = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...operators].map((name) => [name, { ...one[name], ...other[name] }]));
}

/** Returns the statement for these operations; `undefined` if it would allow nothing. */
export function buildStatement(
  { sid, groups, resources, conditions = {} }: StatementToBuild,
  purposes: readonly PermissionPurpose[],
): PolicyStatement | undefined {
  const needed = groups.filter(
    ({ for: of, when = true }) => when && of.some((purpose) => purposes.includes(purpose)),
  );
  const actions = [...new Set(needed.flatMap((group) => group.actions))].sort();
  if (actions.length === 0 || resources.length === 0) return undefined;
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: oneOrMany(resources),
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}
