import { QuaysideError } from "../../errors.js";

/** The SDK's error for a missing region, as a quayside error; `undefined` for any other error. */
export function noRegion(error: unknown): QuaysideError | undefined {
  if (!(error instanceof Error) || !/Region is missing|region="" is not/.test(error.message))
    return undefined;
  return new QuaysideError("no-region", "Nothing was sent to AWS: no region is set", {
    cause: error,
    fix: 'Set AWS_REGION, set a region in the profile, or pass it in the chain: .on(aws({ region: "eu-west-1" })).',
  });
}
