import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { onAll, type PermissionTable } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";
import { EC2_NETWORK } from "./ec2-network.js";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2": operations
 * that only describe have no resource-level permissions.
 */

const ec2 = (account: Account, type: string, id = "*"): string => arnOf(account, "ec2", `${type}/${id}`);

/** `sg-…` -> `security-group`. */
const TYPES: Readonly<Record<string, string>> = {
  vpc: "vpc",
  subnet: "subnet",
  sg: "security-group",
  sgr: "security-group-rule",
  key: "key-pair",
  lt: "launch-template",
  igw: "internet-gateway",
  rtb: "route-table",
  eipalloc: "elastic-ip",
  nat: "natgateway",
  vpce: "vpc-endpoint",
  i: "instance",
};

interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

const templateArn = (
  account: Account,
  { LaunchTemplateId: id, LaunchTemplateName: name }: TemplateReference,
): string =>
  ec2(
    account,
    "launch-template",
    id ?? [...account.ec2.launchTemplates.values()].find((template) => template.name === name)?.id,
  );

/** Changes of rules are checked on the group and on its rules. */
const rulesOf = (account: Account, groupId: string | undefined): readonly string[] => [
  ec2(account, "security-group", groupId),
  ec2(account, "security-group-rule"),
];

export const EC2: PermissionTable<Ec2Api> = {
  ...EC2_NETWORK,
  describeRouteTables: onAll,
  describeVpcs: onAll,
  describeSubnets: onAll,
  describeVpcEndpoints: onAll,
  describeImages: onAll,
  describeInstanceTypes: onAll,
  describeInstanceTypeOfferings: onAll,
  describeInstances: onAll,
  describeSecurityGroups: onAll,
  describeSecurityGroupRules: onAll,
  describeNetworkInterfaces: onAll,
  describeKeyPairs: onAll,
  describeLaunchTemplates: onAll,
  describeLaunchTemplateVersions: onAll,
  createSecurityGroup: (input, account) => [
    ec2(account, "security-group"),
    ec2(account, "vpc", input.VpcId),
    ...taggingAtCreate(input, "ec2:CreateTags", ec2(account, "security-group"), {
      "ec2:CreateAction": ["CreateSecurityGroup"],
    }),
  ],
  authorizeSecurityGroupIngress: (input, account) => [
    ...rulesOf(account, input.GroupId),
    ...taggingAtCreate(input, "ec2:CreateTags", ec2(account, "security-group-rule"), {
      "ec2:CreateAction": ["AuthorizeSecurityGroupIngress"],
    }),
  ],
  revokeSecurityGroupIngress: (input, account) => rulesOf(account, input.GroupId),
  deleteSecurityGroup: ({ GroupId }, account) => ec2(account, "security-group", GroupId),
  createKeyPair: (input, account) => [
    ec2(account, "key-pair", input.KeyName),
    ...taggingAtCreate(input, "ec2:CreateTags", ec2(account, "key-pair", input.KeyName), {
      "ec2:CreateAction": ["CreateKeyPair"],
    }),
  ],
  deleteKeyPair: ({ KeyName }, account) => ec2(account, "key-pair", KeyName),
  createLaunchTemplate: (input, account) => [
    ec2(account, "launch-template"),
    ...taggingAtCreate(input, "ec2:CreateTags", ec2(account, "launch-template"), {
      "ec2:CreateAction": ["CreateLaunchTemplate"],
    }),
  ],
  createLaunchTemplateVersion: (input, account) => templateArn(account, input),
  deleteLaunchTemplate: (input, account) => templateArn(account, input),
  createTags: ({ Resources = [] }, account) =>
    Resources.map((id) => ec2(account, TYPES[id.split("-")[0] ?? ""] ?? "*", id)),
};
