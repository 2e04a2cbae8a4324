import type { LaunchTemplateSpecification, MixedInstancesPolicy } from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { checkLaunchTemplateData } from "../ec2/check-launch-template-data.js";
import { findTemplate, templateVersion } from "../ec2/launch-template-reference.js";
import { findLaunchConfiguration } from "./launch-data.js";
import { validationError } from "./request.js";
import type { LaunchConfiguration, MixedInstances } from "./state.js";

/** What a request says that a group launches. */
export interface RequestedConfiguration {
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly LaunchConfigurationName?: string | undefined;
  readonly MixedInstancesPolicy?: MixedInstancesPolicy | undefined;
}

/** The launch configuration of a request, validated as a launch would: its errors are found here first. */
export function requestedConfiguration(
  account: Account,
  {
    LaunchTemplate: own,
    LaunchConfigurationName: name,
    MixedInstancesPolicy: policy,
  }: RequestedConfiguration,
): LaunchConfiguration | undefined {
  if ([own, name, policy].filter((given) => given !== undefined).length > 1)
    throw validationError(
      "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    );
  if (name !== undefined) {
    findLaunchConfiguration(account, name);
    return { from: "configuration", id: "", name, version: "" };
  }
  const specification = own ?? policy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (specification === undefined) return undefined;
  const mixed = policy && mixedInstances(policy);
  const version = specification.Version ?? "$Default";
  try {
    const template = findTemplate(account, specification);
    const { data } = templateVersion(template, version);
    if (mixed !== undefined && data.InstanceMarketOptions?.MarketType === "spot")
      throw new ServiceError(
        "InvalidParameter",
        "Incompatible launch template: you cannot use a launch template that is set to request Spot Instances (InstanceMarketOptions) with a mixed instances policy.",
      );
    const types = mixed?.types.length ? mixed.types : [data.InstanceType];
    for (const type of types)
      checkLaunchTemplateData(account, { ...data, InstanceType: type as typeof data.InstanceType });
    return { from: "template", id: template.id, name: template.name, version, ...(mixed && { mixed }) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw validationError(`You must use a valid fully-formed launch template. ${error.message}`);
  }
}

const SPOT_STRATEGIES = [
  ...["lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"],
];

/** Source: Auto Scaling API reference, InstancesDistribution, with its defaults. */
function mixedInstances({
  LaunchTemplate,
  InstancesDistribution = {},
}: MixedInstancesPolicy): MixedInstances {
  const overrides = LaunchTemplate?.Overrides ?? [];
  if (overrides.length > 40) throw validationError("Overrides must have at most 40 elements.");
  const types = overrides.flatMap(({ InstanceType }) => InstanceType ?? []);
  if (new Set(types).size < types.length)
    throw validationError("The instance types of the launch template overrides must be unique.");
  const filled = {
    OnDemandAllocationStrategy: "prioritized",
    OnDemandBaseCapacity: 0,
    OnDemandPercentageAboveBaseCapacity: 100,
    SpotAllocationStrategy: "lowest-price",
    ...InstancesDistribution,
  };
  const {
    OnDemandPercentageAboveBaseCapacity: percent = 100,
    OnDemandBaseCapacity: base = 0,
    SpotAllocationStrategy: strategy = "lowest-price",
  } = InstancesDistribution;
  if (percent < 0 || percent > 100)
    throw validationError("OnDemandPercentageAboveBaseCapacity must be between 0 and 100.");
  if (base < 0) throw validationError("OnDemandBaseCapacity must not be negative.");
  if (!SPOT_STRATEGIES.includes(strategy))
    throw validationError(`Invalid SpotAllocationStrategy: ${strategy}`);
  return { types, overrides, distribution: filled };
}

/** A launch configuration as groups and instance refreshes report it. */
export function describeConfiguration({
  from,
  id,
  name,
  version,
  mixed,
}: LaunchConfiguration): RequestedConfiguration {
  if (from === "configuration") return { LaunchConfigurationName: name };
  const template = { LaunchTemplateId: id, LaunchTemplateName: name, Version: version };
  if (mixed === undefined) return { LaunchTemplate: template };
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification: template, Overrides: [...mixed.overrides] },
      InstancesDistribution: mixed.distribution,
    },
  };
}

/** The subnets that a request names, or the default subnets of the zones that it names. */
export function requestedSubnets(
  account: Account,
  input: {
    readonly VPCZoneIdentifier?: string | undefined;
    readonly AvailabilityZones?: string[] | undefined;
  },
): string[] {
  const ids =
    input.VPCZoneIdentifier?.split(",")
      .map((id) => id.trim())
      .filter((id) => id !== "") ?? [];
  if (ids.length > 0) {
    for (const id of ids) {
      if (!account.ec2.subnets.has(id)) throw validationError(`The subnet ID '${id}' does not exist`);
    }
    if (new Set(ids.map((id) => account.ec2.subnets.get(id)?.vpcId)).size > 1) {
      throw validationError("The subnets must all be in the same VPC.");
    }
    return ids;
  }
  const zones = input.AvailabilityZones ?? [];
  if (zones.length === 0) throw validationError("At least one Availability Zone or VPC Subnet is required.");
  return zones.map((zone) => {
    const subnet = [...account.ec2.subnets.values()].find((one) => one.zone === zone && one.defaultForAz);
    if (subnet === undefined) throw validationError(`No default subnet for availability zone: '${zone}'.`);
    return subnet.id;
  });
}

/** Source: Auto Scaling API reference, DescribeTerminationPolicyTypes. */
export const TERMINATION_POLICIES: readonly string[] = [
  ...["AllocationStrategy", "ClosestToNextInstanceHour", "Default", "NewestInstance"],
  ...["OldestInstance", "OldestLaunchConfiguration", "OldestLaunchTemplate"],
];

export function terminationPolicies(given: readonly string[] = []): readonly string[] {
  // A Lambda function can be one as well.
  const wrong = given.find((policy) => !TERMINATION_POLICIES.includes(policy) && !policy.startsWith("arn:"));
  if (wrong !== undefined) throw validationError(`Invalid termination policy: ${wrong}`);
  return given.length === 0 ? ["Default"] : [...given];
}

export function checkBounds(min: number, max: number): void {
  if (min < 0 || max < 0) throw validationError("Group sizes cannot be negative.");
  if (max < min)
    throw validationError(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
}

export function checkDesired(desired: number, min: number, max: number): void {
  if (desired >= min && desired <= max) return;
  throw validationError(
    `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
  );
}
