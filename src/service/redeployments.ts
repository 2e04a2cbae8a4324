import type { AwsContext } from "../aws/context.js";

/*
 * A run may start another deployment of a service whose first one it still watches: the watch then follows the newer
 * one, which is no other run's.
 */

type Run = Pick<AwsContext, "runCache">;

const keyOf = (deploymentId: string): string => `redeployed ${deploymentId}`;

/**
 * Makes a call that starts another deployment in place of one; until it has, a watch of that one knows nothing.
 *
 * @param call - returns the ID of the newer one
 */
export async function redeploying<T extends { readonly deploymentId: string | undefined }>(
  deploymentId: string,
  { runCache }: Run,
  call: () => Promise<T>,
): Promise<T> {
  runCache.set(keyOf(deploymentId), PENDING);
  try {
    const started = await call();
    runCache.set(keyOf(deploymentId), started.deploymentId);
    return started;
  } catch (error) {
    runCache.delete(keyOf(deploymentId));
    throw error;
  }
}

/** While another deployment is being started. */
export const PENDING = "pending";

interface Named {
  readonly serviceName: string;
  readonly cluster: string;
}

const expectedOf = ({ serviceName, cluster }: Named): string => `redeployment of ${cluster}/${serviceName}`;

/**
 * Notes that the run is about to start another deployment: the one that it has read may be superseded already, by one
 * that an interrupted run has started.
 */
export const expectRedeployment = (service: Named, { runCache }: Run, isExpected: boolean): void =>
  void (isExpected ? runCache.set(expectedOf(service), true) : runCache.delete(expectedOf(service)));

/** The deployment to watch in place of one: another that this run has started; and whether it is about to. */
export const followed = (
  {
    serviceName,
    clusterName: cluster,
    deploymentId,
  }: {
    readonly serviceName: string;
    readonly clusterName: string;
    readonly deploymentId?: string | undefined;
  },
  { runCache }: Run,
): { readonly id: string | undefined; readonly isExpected: boolean } => ({
  id: (runCache.get(keyOf(deploymentId ?? "")) as string | undefined) ?? deploymentId,
  isExpected: runCache.has(expectedOf({ serviceName, cluster })),
});
