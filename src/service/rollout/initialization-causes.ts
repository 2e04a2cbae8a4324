import type { Cause } from "./cause.js";

/** Why a task's resources could not be initialized before its containers started: volumes, files, secrets and logs. */
export const INITIALIZATION_CAUSES: readonly Cause[] = [
  {
    code: "file-system-not-mounted",
    pattern: /failed to invoke EFS utils|mount\.nfs4/i,
    fix: "Check that the EFS file system has a mount target in each zone of the tasks whose security group admits them to port 2049, that its access point exists, and with { iam: true } that the task role may mount it.",
    permanent: true,
  },
  {
    code: "volume-not-attached",
    pattern: /EBS volume attachment failed/i,
    fix: "Check the ECS infrastructure role of the EBS volume (.volume(name, { ebs: { role } })), its KMS key, and the account's quota of EBS storage.",
    permanent: false,
  },
  {
    code: "file-not-read",
    pattern: /failed to download env files|firelens s3 config/i,
    fix: "Check that each file exists in S3, in the tasks' region, and that the execution role may read it: s3:GetObject and s3:GetBucketLocation.",
    permanent: true,
  },
  {
    code: "secret-denied",
    pattern: /ResourceInitializationError.*(secret|ssm|parameter|registry auth)/i,
    fix: "Check that each secret exists in this region, and that the execution role is allowed to read it.",
    permanent: true,
  },
  {
    code: "logs-denied",
    pattern: /logger args.*(AccessDenied|not authorized)/i,
    fix: "Allow the task execution role (on EC2 the instance role) to write to the log group: logs:CreateLogStream and logs:PutLogEvents.",
    permanent: true,
  },
  {
    code: "log-group-missing",
    pattern: /log group does not exist/i,
    fix: "Deploy again: the log group is created before the service. Or use an existing one: .logs(group).",
    permanent: true,
  },
  {
    code: "logs-unavailable",
    pattern: /ResourceInitializationError.*log/i,
    fix: "Check the log driver's options, and that the tasks can reach CloudWatch Logs.",
    permanent: false,
  },
];
