import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { roleAllows } from "../../iam/role-allows.js";
import { addLogGroup } from "../../logs/log-groups.js";
import { createLogStream, putLogLine } from "../../logs/put-log-line.js";
import type { TaskRecord } from "../state.js";

/**
 * Sends a container's lines where its log router does: to CloudWatch Logs with Fluent Bit's outputs, as records with
 * the task role's permissions. What goes elsewhere, or is not permitted, is not seen here.
 */
export function routedLog(
  account: Account,
  { description, taskDefinition }: TaskRecord,
  { name = "", logConfiguration }: ContainerDefinition,
): (line: string) => void {
  const options = logConfiguration?.options ?? {};
  const { Name: output = "", log_group_name: group, log_stream_name: named, log_key: key } = options;
  if (!/^cloudwatch(?:_logs)?$/.test(output) || group === undefined) return () => {};
  const taskId = nameOf(description.taskArn ?? "");
  const stream = named ?? `${options.log_stream_prefix ?? ""}${name}-firelens-${taskId}`;
  const { partition, region, accountId } = account;
  const arn = `arn:${partition}:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`;
  const { taskRoleArn } = taskDefinition.description;
  const may = (action: string): boolean => roleAllows(account, taskRoleArn, action, arn);
  return (line) => {
    if (!account.logs.groups.has(group)) {
      if (!/^(?:true|on)$/i.test(options.auto_create_group ?? "") || !may("logs:CreateLogGroup")) return;
      addLogGroup(account, group, { kmsKeyId: undefined, logGroupClass: "STANDARD", tags: new Map() });
    }
    if (!may("logs:CreateLogStream") || !may("logs:PutLogEvents")) return;
    createLogStream(account, group, stream);
    const record = { container_id: `${taskId}-1`, container_name: name, source: "stdout", log: line };
    putLogLine(account, group, stream, key === "log" ? line : JSON.stringify(record));
  };
}
