import type { PolicyDocument, PolicyStatement } from "../../../aws/policy-document.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import type { Role } from "./state.js";

/** What AWS's own policies allow that tasks may be given. Others allow everything. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AmazonECSTaskExecutionRolePolicy: [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
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
  return [{ Effect: "Allow", Action: MANAGED[nameOf(arn)] ?? "*", Resource: "*" }];
}

const statementsOf = (text: string): readonly PolicyStatement[] =>
  [
    (JSON.parse(text) as { readonly Statement: PolicyStatement | readonly PolicyStatement[] }).Statement,
  ].flat();
