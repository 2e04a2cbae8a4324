import { QuaysideError } from "../../errors.js";
import { nearestRegion } from "../partition.js";

/** The error for a region of the environment or of a profile that cannot be one; AWS would be looked for at a wrong host. */
export const notARegion = (region: string): QuaysideError =>
  new QuaysideError(
    "no-region",
    `Nothing was sent to AWS: ${JSON.stringify(region)} is not the id of a region`,
    {
      facts: { region },
      fix: `Check AWS_REGION and the profile's region: it must be an id such as "${nearestRegion(region) ?? "eu-west-1"}".`,
    },
  );

/** The SDK's error for a missing region, as a quayside error; `undefined` for any other error. */
export function noRegion(error: unknown): QuaysideError | undefined {
  if (!(error instanceof Error) || !/Region is missing|region="" is not/.test(error.message))
    return undefined;
  return new QuaysideError("no-region", "Nothing was sent to AWS: no region is set", {
    cause: error,
    fix: 'Set AWS_REGION, set a region in the profile, or pass it in the chain: .on(aws({ region: "eu-west-1" })).',
  });
}
