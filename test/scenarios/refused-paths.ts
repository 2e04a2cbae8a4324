import type { CompleteDeployment } from "../../src/index.js";

/** The paths of the issues for which a plan is refused; `undefined` if it is not, or by another error. */
export async function refusedPaths(deployment: CompleteDeployment): Promise<readonly string[] | undefined> {
  const error = (await deployment.plan().catch((caught: unknown) => caught)) as {
    readonly issues?: readonly { readonly path: string }[];
  };
  return error.issues?.map(({ path }) => path);
}
