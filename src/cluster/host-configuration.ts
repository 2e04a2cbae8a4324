import type { Instance } from "@aws-sdk/client-auto-scaling";
import type { InstancesSpec } from "./launch-configuration.js";

/** What all instances of a group are wanted to be launched from. */
export interface HostConfiguration extends InstancesSpec {
  readonly groupName: string;
  /** All described types, also if there is only one. */
  readonly types: readonly string[];
  /** The alarms that end a refresh. */
  readonly alarms?: readonly string[] | undefined;
}

/** True if an instance was launched from the version and is of a wanted type, as skip matching compares them. */
export const isCurrentHost = (
  { launchTemplateId, launchTemplateVersion, types }: HostConfiguration,
  { LaunchTemplate, InstanceType }: Instance,
): boolean =>
  LaunchTemplate?.LaunchTemplateId === launchTemplateId &&
  LaunchTemplate.Version === launchTemplateVersion &&
  (InstanceType === undefined || types.includes(InstanceType));
