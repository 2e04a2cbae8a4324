import type { CapacityProvider } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, messageIncludes } from "../aws/error-code.js";
import { ignoreNotFound, isNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toEcsTags } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";
import { capacityProviderName } from "../spec/derived-names.js";
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
}

const TWENTY_MINUTES = 20 * 60_000;
/** How long a capacity provider that leaves its cluster may still be associated with it. */
const IN_USE_TIMEOUT = 10 * 60_000;

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
    const found = await describe(desired.name, context);
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
    return stateOf(capacityProvider ?? { name: desired.name });
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
    await poll(
      { every: 5_000, timeout: TWENTY_MINUTES, context, what: `capacity provider ${name} to become ACTIVE` },
      async () => {
        const found = await describe(name, context);
        // One that could not be deleted is as usable as before.
        const { updateStatus } = found ?? {};
        if (found !== undefined && updateStatus?.endsWith("_FAILED") && updateStatus !== "DELETE_FAILED")
          throw failed(found);
        return found?.status === "ACTIVE" && !found.updateStatus?.endsWith("_IN_PROGRESS") ? true : undefined;
      },
    );
    return state;
  },

  blockedBy: ({ state, tags }, leaving, context) => capacityProviderUsers(state.name, tags, leaving, context),

  alreadyExists: (error) =>
    hasErrorCode(error, "ClientException") && messageIncludes(error, "already exists"),

  /**
   * Deletes the capacity provider. While it is associated with a cluster, the answer is no error: its update
   * status is DELETE_FAILED, and it stays ACTIVE. It is then deleted again.
   */
  async delete({ name }, context) {
    const giveUpAt = context.clock.now() + IN_USE_TIMEOUT;
    let asked: CapacityProvider | undefined;
    const wait = {
      every: 5_000,
      timeout: TWENTY_MINUTES,
      context,
      what: `capacity provider ${name} to be deleted`,
      why: () => asked?.updateStatusReason,
    };
    await poll(wait, async () => {
      const found = await describe(name, context);
      if (found === undefined) return true;
      if (asked !== undefined && found.updateStatus !== "DELETE_FAILED") return undefined;
      // The reason may be only in the answer of the deletion.
      const refused = { ...found, updateStatusReason: found.updateStatusReason ?? asked?.updateStatusReason };
      if (asked !== undefined && (!isInUse(refused) || context.clock.now() >= giveUpAt))
        throw failed(refused);
      const answer = await ignoreNotFound(context.aws.ecs.deleteCapacityProvider({ capacityProvider: name }));
      asked = answer?.capacityProvider ?? {};
      return undefined;
    });
  },

  async findOwned(owner, context) {
    const cluster = ownerName(owner, "cluster");
    if (cluster === undefined) return [];
    const name = capacityProviderName(cluster);
    const found = await describe(name, context);
    const tags = fromTags(found?.tags);
    return found === undefined || tags[OWNER_TAG] !== owner ? [] : [{ name, state: stateOf(found), tags }];
  },
};

const isInUse = ({ updateStatusReason = "" }: CapacityProvider): boolean =>
  /associated|in use/i.test(updateStatusReason);

const settingsOf = ({ targetCapacity, terminationProtection }: CapacityProviderDesired) => ({
  managedScaling:
    targetCapacity === undefined
      ? { status: "DISABLED" as const }
      : { status: "ENABLED" as const, targetCapacity },
  managedTerminationProtection: terminationProtection ? ("ENABLED" as const) : ("DISABLED" as const),
  managedDraining: "ENABLED" as const,
});

/** The capacity provider; a deleted one is described as INACTIVE for a while and counts as not existing. */
async function describe(name: string, { aws }: AwsContext): Promise<CapacityProvider | undefined> {
  try {
    const { capacityProviders = [] } = await aws.ecs.describeCapacityProviders({
      capacityProviders: [name],
      include: ["TAGS"],
    });
    return capacityProviders.find((found) => found.status !== "INACTIVE");
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const stateOf = ({ capacityProviderArn, name }: CapacityProvider): CapacityProviderState => ({
  arn: capacityProviderArn ?? "",
  name: name ?? "",
});

const failed = ({ name, updateStatus, updateStatusReason }: CapacityProvider): QuaysideError =>
  new QuaysideError(
    "capacity-provider-failed",
    `Capacity provider ${name} cannot be used: ${updateStatus}${updateStatusReason ? `, ${updateStatusReason}` : ""}`,
    {
      facts: { updateStatus, updateStatusReason },
      fix: "Fix the reason that ECS reports, then run again. Completed steps are kept.",
    },
  );
