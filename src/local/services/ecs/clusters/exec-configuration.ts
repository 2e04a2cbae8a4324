import type { ClusterConfiguration, ExecuteCommandConfiguration } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { arnOf } from "../../../core/arn.js";
import { ServiceError } from "../../../core/service-error.js";
import { roleAllows } from "../../iam/role-allows.js";
import { putLogLine } from "../../logs/put-log-line.js";
import { invalidParameter } from "../service-errors.js";
import type { Cluster, TaskRecord } from "../state.js";

/** Source: ECS API reference, ExecuteCommandConfiguration. */
export function checkedConfiguration(
  configuration: ClusterConfiguration | undefined,
): ClusterConfiguration | undefined {
  const { executeCommandConfiguration: exec } = configuration ?? {};
  if (exec !== undefined) checkExec(exec);
  return structuredClone(configuration);
}

function checkExec({ logging, logConfiguration }: ExecuteCommandConfiguration): void {
  if (logging === "OVERRIDE" && logConfiguration === undefined)
    throw invalidParameter("logConfiguration must be specified when logging is OVERRIDE.");
  if (logging !== "OVERRIDE" && logConfiguration !== undefined)
    throw invalidParameter("logConfiguration can only be specified when logging is OVERRIDE.");
}

/**
 * Logs the beginning of a session where the cluster's configuration says. The agent in the container does it with the
 * task's role, and ends a session that it must log or encrypt and cannot.
 */
export function logSession(
  account: Account,
  { configuration }: Cluster,
  { taskDefinition }: TaskRecord,
  session: { readonly id: string; readonly command: string },
): void {
  const { kmsKeyId, logging, logConfiguration } = configuration?.executeCommandConfiguration ?? {};
  const role = taskDefinition.description.taskRoleArn;
  const isAllowed = (action: string, resource: string) => roleAllows(account, role, action, resource);
  if (kmsKeyId !== undefined && !isAllowed("kms:Decrypt", kmsKeyId)) throw ended();
  if (logging === "NONE") return;
  const bucket = logConfiguration?.s3BucketName;
  if (
    bucket !== undefined &&
    !isAllowed("s3:PutObject", `arn:${account.partition}:s3:::${bucket}/${session.id}.log`)
  )
    throw ended();
  const own = taskDefinition.description.containerDefinitions?.[0]?.logConfiguration;
  const isOwn = logging === undefined || logging === "DEFAULT";
  const group = isOwn ? own?.options?.["awslogs-group"] : logConfiguration?.cloudWatchLogGroupName;
  if (group === undefined) return;
  const arn = arnOf(account, "logs", `log-group:${group}:log-stream:${session.id}`);
  const isPossible =
    account.logs.groups.has(group) &&
    isAllowed("logs:CreateLogStream", arn) &&
    isAllowed("logs:PutLogEvents", arn);
  // Without a configuration, a session that cannot be logged is a session all the same.
  if (isPossible) putLogLine(account, group, session.id, `# ${session.command}`);
  else if (!isOwn) throw ended();
}

const ended = () =>
  new ServiceError(
    "TargetNotConnectedException",
    "The execute command failed due to an internal error. Try again later.",
  );
