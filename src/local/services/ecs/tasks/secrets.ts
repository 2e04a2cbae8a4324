import type { Secret } from "@aws-sdk/client-ecs";
import type { PolicyDocument } from "../../../../aws/policy-document.js";
import { evaluatePolicy } from "../../../authorization/evaluate-policy.js";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { lacksPermissions } from "../../iam/passed-roles.js";
import type { Role } from "../../iam/state.js";
import type { TaskRecord } from "../state.js";

/** A parameter or secret that exists, or is assumed to. */
export interface SecretOptions {
  /** The name of a parameter, or the whole ARN of a parameter or secret. */
  readonly name: string;
  /** The ARN of the customer-managed key that its value is encrypted with. */
  readonly kmsKey: string;
}

const FAILED =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:";

/** ECS's words for a secret that a task cannot get; `undefined` if it gets all. */
export function unreadableSecret(account: Account, { taskDefinition }: TaskRecord): string | undefined {
  const wanted = (taskDefinition.description.containerDefinitions ?? []).flatMap(
    ({ secrets = [], logConfiguration }) => [...secrets, ...(logConfiguration?.secretOptions ?? [])],
  );
  const { executionRoleArn = "" } = taskDefinition.description;
  const role = account.iam.roles.get(nameOf(executionRoleArn).toLowerCase());
  if (wanted.length > 0 && lacksPermissions(account, executionRoleArn))
    return denied(executionRoleArn, "perform this action", wanted[0]!.valueFrom ?? "");
  for (const secret of wanted) {
    const problem = missing(account, secret) ?? refused(account, role, secret);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const denied = (role: string, action: string, resource: string): string =>
  `${FAILED} unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User: ${role} is not authorized to ${action} on resource: ${resource}`;

/** Whether a secret exists counts only if the cloud's options list those that do. */
function missing(account: Account, { valueFrom = "" }: Secret): string | undefined {
  if (account.secrets === undefined || existing(account, valueFrom) !== undefined) return undefined;
  const why = isSecret(valueFrom)
    ? "secrets manager: failed to retrieve secret from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."
    : `ssm parameters: invalid ssm parameters: ${valueFrom}`;
  return `${FAILED} unable to retrieve secrets from ${why}`;
}

/** IAM compares with the whole ARN, whatever part of it the task definition has. */
function refused(account: Account, role: Role | undefined, { valueFrom = "" }: Secret): string | undefined {
  // A role that was not created in this cloud is assumed to allow it.
  if (role === undefined || [...role.attached].some((arn) => /ReadOnlyAccess$|SecretsManager/.test(arn)))
    return undefined;
  const policies = [...role.inline.values()].map((text) => {
    const policy = JSON.parse(text) as PolicyDocument;
    return { ...policy, Statement: [policy.Statement].flat() };
  });
  const service = isSecret(valueFrom) ? "secretsmanager" : "ssm";
  const resource = wholeArn(account, valueFrom);
  const region = resource.split(":")[3] ?? account.region;
  const via = (key: string) =>
    key === "kms:ViaService" ? [`${service}.${region}.amazonaws.com`] : undefined;
  const isAllowed = (action: string, on: string): boolean =>
    policies.some((policy) => evaluatePolicy(policy, action, on, via) === "allowed");
  const action = isSecret(valueFrom) ? "secretsmanager:GetSecretValue" : "ssm:GetParameters";
  if (!isAllowed(action, resource)) return denied(role.arn, `perform: ${action}`, resource);
  const key = account.secrets?.get(existing(account, valueFrom) ?? "");
  return key === undefined || isAllowed("kms:Decrypt", key)
    ? undefined
    : `${FAILED} unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: Access to KMS is not allowed`;
}

const isSecret = (valueFrom: string): boolean => valueFrom.includes(":secretsmanager:");

/** Without the key, stage and version of a value in a secret. */
const secretOf = (valueFrom: string): string => valueFrom.split(":").slice(0, 7).join(":");

/** What the cloud's options call the parameter or secret. */
function existing({ secrets }: Account, valueFrom: string): string | undefined {
  const known = [...(secrets?.keys() ?? [])];
  if (known.includes(valueFrom)) return valueFrom;
  if (!isSecret(valueFrom))
    return known.find(
      (name) => name.replace(/^\//, "") === valueFrom.replace(/^.*:parameter\//, "").replace(/^\//, ""),
    );
  const arn = secretOf(valueFrom);
  return known.find(
    (name) =>
      name === arn || (name.startsWith(`${arn}-`) && /^[A-Za-z0-9]{6}$/.test(name.slice(arn.length + 1))),
  );
}

function wholeArn(account: Account, valueFrom: string): string {
  const known = existing(account, valueFrom);
  if (known?.startsWith("arn:")) return known;
  if (isSecret(valueFrom)) {
    const arn = secretOf(valueFrom);
    return /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-a1B2c3`;
  }
  if (valueFrom.startsWith("arn:")) return valueFrom;
  const { partition, region, accountId } = account;
  return `arn:${partition}:ssm:${region}:${accountId}:parameter/${valueFrom.replace(/^\//, "")}`;
}
