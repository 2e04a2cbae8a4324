import { QuaysideError } from "../errors.js";

/** Says of an error whose it is, in a run for several deployments. */
export function attribute(error: unknown, deployment: string | undefined): unknown {
  if (deployment !== undefined && error instanceof QuaysideError) error.deployment ??= deployment;
  return error;
}

/** Does work for one deployment: its errors say so. */
export async function attributed<T>(deployment: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw attribute(error, deployment);
  }
}

/** The deployment as a field of events, changes and outcomes, if the run is for several. */
export const labelOf = (deployment: string | undefined): { readonly deployment?: string } =>
  deployment === undefined ? {} : { deployment };
