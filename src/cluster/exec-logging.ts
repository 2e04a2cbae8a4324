import type { ClusterConfiguration, ExecuteCommandConfiguration } from "@aws-sdk/client-ecs";
import type { ExecLoggingSpec } from "../spec/exec-logging.js";

/** The request's form of where ECS Exec logs. */
export const execConfiguration = (spec: ExecLoggingSpec): ExecuteCommandConfiguration => ({
  logging: spec.logging,
  ...(spec.kmsKey !== undefined && { kmsKeyId: spec.kmsKey }),
  ...(spec.logging === "OVERRIDE" && {
    logConfiguration: {
      ...(spec.logGroup !== undefined && {
        cloudWatchLogGroupName: spec.logGroup,
        cloudWatchEncryptionEnabled: spec.logGroupEncrypted ?? false,
      }),
      ...(spec.bucket !== undefined && {
        s3BucketName: spec.bucket,
        s3EncryptionEnabled: spec.bucketEncrypted ?? false,
      }),
      ...(spec.keyPrefix !== undefined && { s3KeyPrefix: spec.keyPrefix }),
    },
  }),
});

/** What ECS reports, in the shape of the description. ECS's default is `DEFAULT`. */
export function reportedExecLogging(configuration: ClusterConfiguration | undefined): ExecLoggingSpec {
  const {
    logging = "DEFAULT",
    kmsKeyId,
    logConfiguration = {},
  } = configuration?.executeCommandConfiguration ?? {};
  const { cloudWatchLogGroupName: logGroup, s3BucketName: bucket, s3KeyPrefix: keyPrefix } = logConfiguration;
  return {
    logging,
    ...(logGroup !== undefined && {
      logGroup,
      logGroupEncrypted: logConfiguration.cloudWatchEncryptionEnabled ?? false,
    }),
    ...(bucket !== undefined && { bucket, bucketEncrypted: logConfiguration.s3EncryptionEnabled ?? false }),
    ...(keyPrefix !== undefined && { keyPrefix }),
    ...(kmsKeyId !== undefined && { kmsKey: kmsKeyId }),
  };
}
