import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/** Metric alarms by name, or by the prefix of one of their actions. */
export async function describeAlarms(
  which: { readonly AlarmNames: string[] } | { readonly ActionPrefix: string },
  { aws }: AwsContext,
): Promise<MetricAlarm[]> {
  return paginate(
    "NextToken",
    (next) => aws.cloudWatch.describeAlarms({ ...which, AlarmTypes: ["MetricAlarm"], ...next }),
    ({ MetricAlarms }) => MetricAlarms,
  );
}
