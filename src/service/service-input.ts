import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { toEcsTags } from "../aws/tags.js";
import type { CapacityType } from "../spec/capacity-type.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { hasOwnInterface } from "../spec/task/task-options.js";
import type { Capacity, ServiceDesired } from "./service-desired.js";
import { NONE } from "./reported-fields.js";
import { serviceFields, type ServiceDependencies } from "./service-fields.js";

const CAPACITIES = Object.freeze({
  ec2: "EC2",
  fargate: "FARGATE",
  "managed-instances": "MANAGED_INSTANCES",
} satisfies Record<CapacityType, Capacity>);

/** The ECS service that a deployment describes. */
export function serviceInput(spec: DeploymentSpec, known: ServiceDependencies): ServiceDesired {
  const described = serviceFields.flatMap(([field, { describe }]) => {
    const value = describe(spec, known);
    return value === undefined ? [] : [[field, value === NONE ? undefined : value] as const];
  });
  const fields = Object.fromEntries(described) as unknown as ServiceDesired;
  const { capacityProviderStrategy } = fields;
  return {
    ...fields,
    ...(capacityProviderStrategy && { capacity: CAPACITIES[spec.cluster.capacity.type] }),
    ...(spec.cluster.capacity.type !== "fargate" && {
      networkInterface: hasOwnInterface(spec) ? ("own" as const) : ("none" as const),
    }),
    ...(spec.scaling === undefined ? {} : { firstCount: spec.service.desired ?? spec.scaling.min }),
    ...(spec.serviceDiscovery !== undefined && { registration: "current" as const }),
    rollout: "unbroken",
    tags: spec.tags,
  };
}

/** The request that creates the service; what is described as not set is not sent. */
export function serviceCreateInput(desired: ServiceDesired): CreateServiceCommandInput {
  const { tags } = desired;
  const sent = serviceFields.flatMap(([field, { create }]) => {
    const value = create === undefined ? desired[field] : create(desired);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...(Object.fromEntries(sent) as unknown as CreateServiceCommandInput),
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
