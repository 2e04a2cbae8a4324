import type { AwsContext } from "../aws/context.js";
import { AwsError } from "../errors.js";
import { suggest } from "../spec/parsing/suggest.js";

/** How to go on after a typo: the type of this region that was probably meant, or an example. */
export async function nearestInstanceType(typo: string, context: AwsContext): Promise<string> {
  const offered = await offeredTypes(context);
  // What this region has is no typo.
  const meant = offered.includes(typo) ? undefined : suggest(typo, offered);
  return meant === undefined
    ? 'Check the spelling, or choose another type: .ec2({ instanceType: "t3.micro" })'
    : `Did you mean ${meant}? .ec2({ instanceType: ${JSON.stringify(meant)} })`;
}

/** A page of them, a thousand, is all; who may not ask gets no suggestion. */
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
