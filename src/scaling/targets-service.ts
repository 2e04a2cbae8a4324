/** True if a scaling resource of an owner belongs to this service, by its state or by its name. */
export function targetsService(
  { name, state }: { readonly name: string; readonly state: unknown },
  { cluster, service }: { readonly cluster: string; readonly service: string },
): boolean {
  const { resourceId, policy } = state as { readonly resourceId?: string; readonly policy?: string };
  if (resourceId !== undefined) return resourceId === `service/${cluster}/${service}`;
  // An existing alarm that triggers a policy: the policy's ARN names the service,
  // …/service/cluster/name:policyName/….
  if (policy !== undefined) return policy.includes(`/${cluster}/${service}:policyName/`);
  // An alarm that quayside created: cluster-service-cpu-add.
  return name.includes(`${cluster}-${service}-`);
}
