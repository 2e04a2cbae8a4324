/** Whether something that an owner's services are scaled by scales this one: told by its state, or by its name. */
export function targetsService(
  { name, state }: { readonly name: string; readonly state: unknown },
  service: string,
): boolean {
  const { resourceId, policy } = state as { readonly resourceId?: string; readonly policy?: string };
  if (resourceId !== undefined) return resourceId.split("/")[2] === service;
  // Somebody else's alarm that sets off a policy: the policy's ARN says of what, …/service/cluster/name:policyName/….
  if (policy !== undefined) return policy.includes(`/${service}:policyName/`);
  // An alarm of its own: cluster-service-cpu-add.
  return name.includes(`-${service}-`);
}
