import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Operation } from "../operation.js";

export interface LogsApi {
  createLogGroup: Operation<Logs.CreateLogGroupCommandInput, Logs.CreateLogGroupCommandOutput>;
  describeLogGroups: Operation<Logs.DescribeLogGroupsCommandInput, Logs.DescribeLogGroupsCommandOutput>;
  putRetentionPolicy: Operation<Logs.PutRetentionPolicyCommandInput, Logs.PutRetentionPolicyCommandOutput>;
  deleteRetentionPolicy: Operation<
    Logs.DeleteRetentionPolicyCommandInput,
    Logs.DeleteRetentionPolicyCommandOutput
  >;
  associateKmsKey: Operation<Logs.AssociateKmsKeyCommandInput, Logs.AssociateKmsKeyCommandOutput>;
  deleteLogGroup: Operation<Logs.DeleteLogGroupCommandInput, Logs.DeleteLogGroupCommandOutput>;
  listTagsForResource: Operation<Logs.ListTagsForResourceCommandInput, Logs.ListTagsForResourceCommandOutput>;
  tagResource: Operation<Logs.TagResourceCommandInput, Logs.TagResourceCommandOutput>;
  describeLogStreams: Operation<Logs.DescribeLogStreamsCommandInput, Logs.DescribeLogStreamsCommandOutput>;
  filterLogEvents: Operation<Logs.FilterLogEventsCommandInput, Logs.FilterLogEventsCommandOutput>;
}
