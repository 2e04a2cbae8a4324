import type { PolicyDocument, PolicyStatement } from "../../../aws/policy-document.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import type { Role } from "./state.js";

const allow = (Action: string | readonly string[], Resource = "*"): PolicyStatement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** What AWS's own policies allow, where it matters here. Others allow everything. */
const MANAGED: Readonly<Record<string, readonly PolicyStatement[]>> = {
  AmazonECSTaskExecutionRolePolicy: [
    allow([
      "ecr:GetAuthorizationToken",
      "ecr:BatchCheckLayerAvailability",
      "ecr:GetDownloadUrlForLayer",
      "ecr:BatchGetImage",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]),
  ],
  // Source: AWS Managed Policy Reference, version 6 of the policy.
  AmazonECSInfrastructureRolePolicyForLoadBalancers: [
    allow([
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
    ]),
    allow(
      ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      "arn:aws*:elasticloadbalancing:*:*:targetgroup/*/*",
    ),
    allow("elasticloadbalancing:ModifyListener", "arn:aws*:elasticloadbalancing:*:*:listener/app/*/*/*"),
    allow("elasticloadbalancing:ModifyListener", "arn:aws*:elasticloadbalancing:*:*:listener/net/*/*/*"),
    allow("elasticloadbalancing:ModifyRule", "arn:aws*:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*"),
  ],
  // Source: ECS Developer Guide, "Amazon ECS Managed Instances instance profile": only roles of this name are passed.
  AmazonECSInfrastructureRolePolicyForManagedInstances: [
    allow(["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances", "ec2:TerminateInstances"]),
    allow("iam:PassRole", "arn:aws:iam::*:role/ecsInstanceRole*"),
  ],
};

/** All that the inline and attached policies of a role or a user say, as one document. */
export function policyOf(
  account: Account,
  { inline, attached }: Pick<Role, "inline" | "attached">,
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      ...[...inline.values()].flatMap(statementsOf),
      ...[...attached].flatMap((arn) => managedStatements(account, arn)),
    ],
  };
}

function managedStatements(account: Account, arn: string): readonly PolicyStatement[] {
  const own = account.iam.policies.get(arn);
  const document = own?.versions.find(({ id }) => id === own.defaultVersion)?.document;
  if (document !== undefined) return statementsOf(document);
  return MANAGED[nameOf(arn)] ?? [allow("*")];
}

const statementsOf = (text: string): readonly PolicyStatement[] =>
  [
    (JSON.parse(text) as { readonly Statement: PolicyStatement | readonly PolicyStatement[] }).Statement,
  ].flat();
