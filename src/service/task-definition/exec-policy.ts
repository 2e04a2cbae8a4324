import type { ExecLoggingSpec } from "../../spec/exec-logging.js";
import type { PolicyDocument } from "./execution-policy.js";

/** Where the sessions of a task are logged. */
interface ExecLogs {
  readonly partition: string;
  readonly logging: ExecLoggingSpec | undefined;
  /** The log group of the task's own logs, for the logging `DEFAULT`. */
  readonly taskLogGroup: string | undefined;
}

const allow = (Action: readonly string[], Resource: readonly string[]) => ({
  Effect: "Allow" as const,
  Action: [...Action],
  Resource: [...Resource],
});

/**
 * The permissions that the ECS Exec agent needs to connect, and to log. Source: ECS Developer Guide, "ECS Exec",
 * required permissions, and "Logging using ECS Exec".
 */
export function execPolicy({ partition, logging, taskLogGroup }: ExecLogs): PolicyDocument {
  const { logGroup, bucket, bucketEncrypted, kmsKey } = logging ?? {};
  const group = logging?.logging === "DEFAULT" ? taskLogGroup : logGroup;
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        ["*"],
      ),
      ...(group === undefined
        ? []
        : [
            allow(["logs:DescribeLogGroups"], ["*"]),
            allow(
              ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
              [`arn:${partition}:logs:*:*:log-group:${group}:*`],
            ),
          ]),
      ...(bucket === undefined
        ? []
        : [
            allow(["s3:GetBucketLocation"], ["*"]),
            allow(["s3:PutObject"], [`arn:${partition}:s3:::${bucket}/*`]),
            ...(bucketEncrypted === true
              ? [allow(["s3:GetEncryptionConfiguration"], [`arn:${partition}:s3:::${bucket}`])]
              : []),
          ]),
      ...(kmsKey === undefined ? [] : [allow(["kms:Decrypt", "kms:GenerateDataKey"], [kmsKey])]),
    ],
  };
}
