import type { AwsContext } from "../aws/context.js";

/*
 * A run may start another deployment of a service whose first one it still watches: the watch then follows the newer
 * one, which is no other run's.
 */

type Run = Pick<AwsContext, "runCache">;
interface Named {
  readonly serviceName: string;
  readonly cluster: string;
}

const keyOf = ({ serviceName, cluster }: Named): string => `redeployed ${cluster}/${serviceName}`;

/** Makes a call that starts another deployment; until it has, a watch of the one before knows nothing. */
export async function redeploying<T>(service: Named, { runCache }: Run, call: () => Promise<T>): Promise<T> {
  const before = runCache.get(keyOf(service));
  runCache.set(keyOf(service), "pending");
  try {
    return await call();
  } finally {
    if (runCache.get(keyOf(service)) === "pending") runCache.set(keyOf(service), before);
  }
}

export const noteRedeployment = (service: Named, id: string | undefined, { runCache }: Run): void =>
  void runCache.set(keyOf(service), id);

/** The deployment that this run has started in place of the one before; `pending` while it is being started. */
export const redeployedAs = (service: Named, { runCache }: Run): string | undefined =>
  runCache.get(keyOf(service)) as string | undefined;
