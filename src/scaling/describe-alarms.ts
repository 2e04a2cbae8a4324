import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/** DescribeAlarms returns up to a hundred, and fifty if it is not told. */
const MAX_RECORDS = 100;
/** For so many policies, AWS is asked for the alarms of each; for more, for the pages of all alarms that scale. */
const FEW = 5;

/** Metric alarms by name, or by the prefix of one of their actions. */
export async function describeAlarms(
  which: { readonly AlarmNames: string[] } | { readonly ActionPrefix: string },
  { aws }: AwsContext,
): Promise<MetricAlarm[]> {
  const request = "ActionPrefix" in which ? { ...which, MaxRecords: MAX_RECORDS } : which;
  return paginate(
    "NextToken",
    (next) => aws.cloudWatch.describeAlarms({ ...request, AlarmTypes: ["MetricAlarm"], ...next }),
    ({ MetricAlarms }) => MetricAlarms,
  );
}

/**
 * The alarms that trigger one of the policies, and perhaps others: an account can have thousands of alarms. In a run for
 * several deployments, all alarms that scale are listed once.
 */
export async function alarmsThatTrigger(
  policies: readonly string[],
  context: AwsContext,
): Promise<readonly MetricAlarm[]> {
  if (policies.length === 0) return [];
  const { partition, region, deploymentOf } = context;
  const isAskedForEach = policies.length <= FEW && deploymentOf === undefined;
  const prefixes = isAskedForEach ? policies : [`arn:${partition}:autoscaling:${region}:`];
  const found = await Promise.all(prefixes.map((ActionPrefix) => describeAlarms({ ActionPrefix }, context)));
  return [...new Map(found.flat().map((alarm) => [alarm.AlarmName, alarm])).values()];
}
