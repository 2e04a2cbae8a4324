import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";
import { nearestInstanceType } from "./nearest-instance-type.js";

/**
 * The zones in which the instance type is offered. An Auto Scaling group that spans another zone would fail
 * to launch instances there, again and again.
 */
export async function zonesOffering(
  instanceType: string | undefined,
  zones: readonly string[],
  context: AwsContext,
  offers = instanceType === undefined ? undefined : zonesOf(instanceType, context),
): Promise<readonly string[]> {
  if (instanceType === undefined) return zones;
  const { region } = context;
  const offered = new Set(await offers);
  const usable = zones.filter((zone) => offered.has(zone));
  if (usable.length > 0) return usable;
  throw new QuaysideError(
    "instance-type-not-offered",
    `Nothing was changed: ${instanceType} is not offered in any zone of ${region}`,
    {
      facts: { instanceType, region, zones },
      fix: `${await nearestInstanceType(instanceType, context)}, or use another region.`,
    },
  );
}

/** The zones of the region in which the instance type is offered. */
export async function zonesOf(instanceType: string, { aws }: AwsContext): Promise<readonly string[]> {
  const { InstanceTypeOfferings = [] } = await aws.ec2.describeInstanceTypeOfferings({
    LocationType: "availability-zone",
    Filters: [{ Name: "instance-type", Values: [instanceType] }],
  });
  return InstanceTypeOfferings.flatMap(({ Location }) => Location ?? []);
}
