import type { Account } from "../../../core/account.js";
import { roleAllows } from "../../iam/role-allows.js";
import type { TaskRecord } from "../state.js";

/** Why a file in S3 cannot be read that the task begins with, in ECS's words; `undefined` if all can. */
export function unreadableFile(account: Account, { taskDefinition }: TaskRecord): string | undefined {
  const { containerDefinitions = [], executionRoleArn } = taskDefinition.description;
  const files = containerDefinitions.flatMap(({ environmentFiles = [] }) =>
    environmentFiles.map(({ value = "" }) => value),
  );
  const configurations = containerDefinitions.flatMap(({ firelensConfiguration }) => {
    const { "config-file-type": type, "config-file-value": value } = firelensConfiguration?.options ?? {};
    return type === "s3" && value !== undefined ? [value] : [];
  });
  const denied = (arn: string): boolean =>
    !roleAllows(account, executionRoleArn, "s3:GetObject", arn) ||
    !roleAllows(account, executionRoleArn, "s3:GetBucketLocation", arn.slice(0, arn.indexOf("/")));
  const file = files.find(denied);
  if (file !== undefined)
    return `ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): AccessDenied: Access Denied (${file})`;
  const configuration = configurations.find(denied);
  return configuration === undefined
    ? undefined
    : `ResourceInitializationError: unable to download firelens s3 config file: AccessDenied: Access Denied (${configuration})`;
}
