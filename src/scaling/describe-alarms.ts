import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AwsContext } from "../aws/context.js";

/** Metric alarms by name, or those one of whose actions begins so. */
export async function describeAlarms(
  which: { readonly AlarmNames: string[] } | { readonly ActionPrefix: string },
  { aws }: AwsContext,
): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.cloudWatch.describeAlarms({
      ...which,
      AlarmTypes: ["MetricAlarm"],
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    found.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
