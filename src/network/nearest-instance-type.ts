import type { AwsContext } from "../aws/context.js";
import { AwsError } from "../errors.js";
import { suggest } from "../spec/parsing/suggest.js";

/** The fix for a mistyped instance type: the type of this region that was probably meant, or an example. */
export async function nearestInstanceType(typo: string, context: AwsContext): Promise<string> {
  const offered = await offeredTypes(context);
  // A type that the region has is not a typo.
  const meant = offered.includes(typo) ? undefined : suggest(typo, offered);
  return meant === undefined
    ? 'Check the spelling, or choose another type: .ec2({ instanceType: "t3.micro" })'
    : `Did you mean ${meant}? .ec2({ instanceType: ${JSON.stringify(meant)} })`;
}

/** The region's instance types, which fit on one page; none if the caller lacks the permission. */
async function offeredTypes({ aws }: AwsContext): Promise<string[]> {
  try {
    const { InstanceTypeOfferings = [] } = await aws.ec2.describeInstanceTypeOfferings({
      LocationType: "region",
    });
    return InstanceTypeOfferings.flatMap(({ InstanceType }) => InstanceType ?? []).sort();
  } catch (error) {
    if (error instanceof AwsError) return [];
    throw error;
  }
}
