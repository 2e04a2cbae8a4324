import type { CapacityProvider } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toEcsTags } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { capacityProviderName } from "../spec/derived-names.js";
import {
  capacityProviderExists,
  deleteCapacityProvider,
  describeCapacityProvider,
  isUsable,
  waitUntilActive,
} from "./capacity-provider-status.js";
import { capacityProviderUsers } from "./capacity-provider-users.js";

export interface CapacityProviderDesired extends Tagged {
  readonly name: string;
  readonly groupArn: string;
  /**
   * The percentage of the instances' capacity that tasks should use; `undefined`: ECS does not scale the
   * instances.
   */
  readonly targetCapacity: number | undefined;
  /** True if instances with tasks are protected from scale-in. Only with a target capacity. */
  readonly terminationProtection: boolean;
}

export interface CapacityProviderState {
  readonly arn: string;
  readonly name: string;
  /** True if the answer of its creation said that it can be used. */
  readonly isActive?: true;
}

/**
 * An Auto Scaling group as a capacity provider. ECS always drains instances before their termination: their
 * tasks are first replaced elsewhere.
 */
export const capacityProviderKind: Kind<CapacityProviderDesired, CapacityProviderState, AwsContext> = {
  kind: "capacity-provider",
  unknown: { arn: UNKNOWN, name: UNKNOWN },
  dependsOn: ["auto-scaling-group"],
  immutable: ["name", "groupArn"],

  async read(desired, context) {
    const found = await describeCapacityProvider({ name: desired.name }, context);
    if (found === undefined) return undefined;
    const { autoScalingGroupArn, managedScaling, managedTerminationProtection } =
      found.autoScalingGroupProvider ?? {};
    return {
      state: stateOf(found),
      current: {
        name: found.name,
        groupArn: autoScalingGroupArn,
        targetCapacity: managedScaling?.status === "ENABLED" ? managedScaling.targetCapacity : undefined,
        terminationProtection: managedTerminationProtection === "ENABLED",
      },
      tags: fromTags(found.tags),
    };
  },

  async create(desired, { aws }) {
    const { capacityProvider } = await aws.ecs.createCapacityProvider({
      name: desired.name,
      autoScalingGroupProvider: {
        autoScalingGroupArn: desired.groupArn,
        ...settingsOf(desired),
      },
      tags: toEcsTags(desired.tags),
    });
    const state = stateOf(capacityProvider ?? { name: desired.name });
    return isUsable(capacityProvider) ? { ...state, isActive: true } : state;
  },

  async update(desired, { state }, changes, { aws }) {
    if (hasChanges(changes, "targetCapacity", "terminationProtection")) {
      await aws.ecs.updateCapacityProvider({
        name: desired.name,
        autoScalingGroupProvider: settingsOf(desired),
      });
    }
    if (hasChanges(changes, "tags"))
      await aws.ecs.tagResource({ resourceArn: state.arn, tags: toEcsTags(desired.tags) });
    return state;
  },

  async ready(state, { name }, context) {
    if (state.isActive !== true) await waitUntilActive({ name }, context);
    return state;
  },

  blockedBy: ({ state, tags }, leaving, context) => capacityProviderUsers(state.name, tags, leaving, context),

  alreadyExists: capacityProviderExists,

  delete: ({ name }, context) => deleteCapacityProvider({ name }, context),

  async findOwned(owner, context) {
    const cluster = ownerName(owner, "cluster");
    if (cluster === undefined) return [];
    const name = capacityProviderName(cluster);
    const found = await describeCapacityProvider({ name }, context);
    const tags = fromTags(found?.tags);
    return found === undefined || tags[OWNER_TAG] !== owner ? [] : [{ name, state: stateOf(found), tags }];
  },
};

const settingsOf = ({ targetCapacity, terminationProtection }: CapacityProviderDesired) => ({
  managedScaling:
    targetCapacity === undefined
      ? { status: "DISABLED" as const }
      : { status: "ENABLED" as const, targetCapacity },
  managedTerminationProtection: terminationProtection ? ("ENABLED" as const) : ("DISABLED" as const),
  managedDraining: "ENABLED" as const,
});

const stateOf = ({ capacityProviderArn, name }: CapacityProvider): CapacityProviderState => ({
  arn: capacityProviderArn ?? "",
  name: name ?? "",
});
