import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { checkLaunchTemplateData } from "../ec2/check-launch-template-data.js";
import { findTemplate, templateVersion } from "../ec2/launch-template-reference.js";
import { validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

/** The launch template of a request, validated as a launch would: its errors are found here first. */
export function validTemplate(
  account: Account,
  specification: LaunchTemplateSpecification,
): AutoScalingGroup["launchTemplate"] {
  const version = specification.Version ?? "$Default";
  try {
    const template = findTemplate(account, specification);
    checkLaunchTemplateData(account, templateVersion(template, version).data);
    return { id: template.id, name: template.name, version };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw validationError(`You must use a valid fully-formed launch template. ${error.message}`);
  }
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
