import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { toEcsTags } from "../aws/tags.js";
import type { ServiceDesired } from "./service-desired.js";

/** Tasks of a service when nobody says how many: one may be lost, or replaced, without an outage. */
const FIRST_COUNT = 2;

export function serviceCreateInput(desired: ServiceDesired): CreateServiceCommandInput {
  const { tags, firstCount = FIRST_COUNT, rollout: _, countIsMeant: __, ...rest } = desired;
  const { capacityProviderStrategy, placementConstraints, ...described } = rest;
  return {
    ...described,
    desiredCount: desired.desiredCount ?? firstCount,
    ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
    ...(placementConstraints !== undefined && { placementConstraints }),
    ...(Object.keys(tags).length > 0 && { tags: toEcsTags(tags) }),
  };
}

/** The service as the user's override of its creation describes it: updates keep to that, too. */
export function overriddenService(desired: ServiceDesired, context: AwsContext): ServiceDesired {
  const {
    tags: _,
    desiredCount: __,
    ...sent
  } = context.overridden("createService", serviceCreateInput(desired));
  return { ...desired, ...(sent as Partial<ServiceDesired>) };
}
