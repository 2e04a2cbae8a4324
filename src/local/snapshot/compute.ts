import type { Account } from "../core/account.js";

export function computeSnapshot({ ec2, autoScaling }: Account) {
  return {
    keyPairs: Object.fromEntries(
      [...ec2.keyPairs.values()].map(({ name, type, tags }) => [
        name,
        { type, tags: Object.fromEntries(tags) },
      ]),
    ),
    launchTemplates: Object.fromEntries(
      [...ec2.launchTemplates.values()].map(({ name, versions, tags }) => [
        name,
        { versions: versions.length, latest: versions.at(-1)?.data, tags: Object.fromEntries(tags) },
      ]),
    ),
    instances: [...ec2.instances.values()]
      .filter(({ state }) => state !== "terminated")
      .map(
        ({
          instanceType,
          imageId,
          zone,
          state,
          groupIds,
          keyName,
          profileName,
          autoScalingGroup,
          userData,
          tags,
        }) => ({
          instanceType,
          imageId,
          zone,
          state,
          groupIds,
          keyName,
          profileName,
          autoScalingGroup,
          userData,
          tags: Object.fromEntries(tags),
        }),
      ),
    autoScalingGroups: Object.fromEntries(
      [...autoScaling.groups.values()].map((group) => [
        group.name,
        {
          min: group.min,
          max: group.max,
          desired: group.desired,
          launchTemplate: { name: group.launchTemplate.name, version: group.launchTemplate.version },
          subnetIds: group.subnetIds,
          newInstancesProtected: group.newInstancesProtected,
          instances: [...group.instances.values()].map(({ lifecycle }) => lifecycle).sort(),
          deleting: group.deleting,
          tags: Object.fromEntries(group.tags),
        },
      ]),
    ),
  };
}
