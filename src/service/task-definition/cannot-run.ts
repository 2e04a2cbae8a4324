import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";

/**
 * Returns why a service cannot run a revision, as UpdateService would refuse it: the revision is for another capacity
 * or network mode than the service has now. `undefined` if it can.
 */
export async function whyItCannotRun(
  service: Service,
  taskDefinition: string,
  { aws }: AwsContext,
): Promise<string | undefined> {
  const { taskDefinition: revision = {} } = await aws.ecs.describeTaskDefinition({ taskDefinition });
  if (isOnFargate(service) && !isForFargate(revision))
    return "is not for Fargate, where the service runs now";
  const hasInterfaces = revision.networkMode === "awsvpc";
  if (hasInterfaces === (service.networkConfiguration?.awsvpcConfiguration !== undefined)) return undefined;
  const mode = revision.networkMode ?? "bridge";
  return hasInterfaces
    ? "has the network mode awsvpc, and the service no network configuration"
    : `has the network mode ${mode}, and the service the configuration for awsvpc`;
}

const isOnFargate = ({ launchType, capacityProviderStrategy = [] }: Service): boolean =>
  launchType === "FARGATE" ||
  capacityProviderStrategy.some(({ capacityProvider = "" }) => /^FARGATE(_SPOT)?$/.test(capacityProvider));

/** An endpoint may not say what a revision is compatible with. */
const isForFargate = ({ compatibilities, requiresCompatibilities }: TaskDefinition): boolean => {
  const known = compatibilities ?? requiresCompatibilities ?? [];
  return known.length === 0 || known.includes("FARGATE");
};
