import type { AutoScalingGroup, DesiredConfiguration } from "@aws-sdk/client-auto-scaling";

/** The Spot Instances of a group beside its on-demand ones. */
interface SpotShare {
  readonly onDemandBase: number;
  /** Percent of the instances above the base. */
  readonly onDemandPercent: number;
}

/** What a group launches. */
export interface InstancesSpec {
  readonly launchTemplateId: string;
  /**
   * A version number: with `$Latest`, it would be unknown which version an instance was launched from, and a refresh
   * could not be rolled back.
   */
  readonly launchTemplateVersion: string;
  /** The types, if there are several or a share of them is on Spot; `undefined`: that of the template. */
  readonly instanceTypes?: readonly string[] | undefined;
  readonly spotShare?: SpotShare | undefined;
}

/** The launch configuration of a group, or of an instance refresh, as Auto Scaling's input. */
export function launchConfiguration({
  launchTemplateId: LaunchTemplateId,
  launchTemplateVersion: Version,
  instanceTypes,
  spotShare,
}: InstancesSpec): DesiredConfiguration {
  const template = { LaunchTemplateId, Version };
  if (instanceTypes === undefined) return { LaunchTemplate: template };
  const { onDemandBase = 0, onDemandPercent = 100 } = spotShare ?? {};
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: template,
        Overrides: instanceTypes.map((InstanceType) => ({ InstanceType })),
      },
      InstancesDistribution: {
        OnDemandAllocationStrategy: "prioritized",
        OnDemandBaseCapacity: onDemandBase,
        OnDemandPercentageAboveBaseCapacity: onDemandPercent,
        // Fewest interruptions at a low price. Source: EC2 Auto Scaling User Guide, "Allocation strategies".
        SpotAllocationStrategy: "price-capacity-optimized",
      },
    },
  };
}

/** What a group launches, in the shape of the description. */
export function presentConfiguration({
  LaunchTemplate,
  MixedInstancesPolicy: mixed,
}: Pick<AutoScalingGroup, "LaunchTemplate" | "MixedInstancesPolicy">) {
  const template = LaunchTemplate ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification;
  const { InstancesDistribution: distribution = {} } = mixed ?? {};
  return {
    launchTemplateId: template?.LaunchTemplateId,
    launchTemplateVersion: template?.Version,
    instanceTypes: mixed && (mixed.LaunchTemplate?.Overrides ?? []).map(({ InstanceType }) => InstanceType),
    spotShare: mixed && {
      onDemandBase: distribution.OnDemandBaseCapacity ?? 0,
      onDemandPercent: distribution.OnDemandPercentageAboveBaseCapacity ?? 100,
    },
  };
}
