import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import type { Operation } from "../operation.js";

export interface CloudWatchApi {
  putMetricAlarm: Operation<CloudWatch.PutMetricAlarmCommandInput, CloudWatch.PutMetricAlarmCommandOutput>;
  describeAlarms: Operation<CloudWatch.DescribeAlarmsCommandInput, CloudWatch.DescribeAlarmsCommandOutput>;
  deleteAlarms: Operation<CloudWatch.DeleteAlarmsCommandInput, CloudWatch.DeleteAlarmsCommandOutput>;
  listTagsForResource: Operation<
    CloudWatch.ListTagsForResourceCommandInput,
    CloudWatch.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<CloudWatch.TagResourceCommandInput, CloudWatch.TagResourceCommandOutput>;
}
