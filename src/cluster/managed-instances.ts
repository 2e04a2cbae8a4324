import type {
  CapacityProvider,
  InstanceLaunchTemplate,
  InstanceRequirementsRequest,
  ManagedInstancesProvider,
} from "@aws-sdk/client-ecs";
import { NETWORK_PARTS } from "../aws/network-parts.js";
import type { AwsContext } from "../aws/context.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toEcsTags } from "../aws/tags.js";
import { sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { managedInstancesName } from "../spec/derived-names.js";
import type { InstanceRequirements } from "../spec/instance-requirements.js";
import { describeAttached } from "./cluster-capacity-provider.js";
import {
  capacityProviderExists,
  deleteCapacityProvider,
  describeCapacityProvider,
  waitUntilActive,
} from "./capacity-provider-status.js";
import { capacityProviderUsers } from "./capacity-provider-users.js";

export interface ManagedInstancesDesired extends Tagged {
  readonly name: string;
  readonly clusterName: string;
  readonly infrastructureRoleArn: string;
  readonly instanceProfileArn: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** AWS cannot change it. */
  readonly capacityOption: "ON_DEMAND" | "SPOT";
  readonly monitoring: "BASIC" | "DETAILED";
  /** `undefined`, as of the others: as ECS has it. */
  readonly requirements?: InstanceRequirements | undefined;
  /** GiB. */
  readonly storage?: number | undefined;
  /** Seconds; -1: never. */
  readonly scaleInAfter?: number | undefined;
  readonly autoRepair?: "ENABLED" | "DISABLED" | undefined;
}

export interface ManagedInstancesState {
  readonly arn: string;
  readonly clusterName: string;
  readonly capacityProvider: string;
}

/** The tasks of the services have ended; those of others may take as long as ECS lets them. */
const DELETION_TIMEOUT = 60 * 60_000;

/** ECS Managed Instances as a capacity provider of one cluster: ECS launches instances for the tasks that use it. */
export const managedInstancesKind: Kind<ManagedInstancesDesired, ManagedInstancesState, AwsContext> = {
  kind: "managed-instances",
  unknown: { arn: UNKNOWN, clusterName: UNKNOWN, capacityProvider: UNKNOWN },
  dependsOn: ["cluster", "iam-role", "instance-profile", "security-group", ...NETWORK_PARTS],
  immutable: ["name", "clusterName", "capacityOption"],

  async read(desired, context) {
    const found = await describeCapacityProvider(nameOf(desired), context);
    // What could not be created is created again.
    if (found === undefined || found.updateStatus === "CREATE_FAILED") return undefined;
    return {
      state: stateOf(found, desired),
      current: currentOf(found, desired),
      tags: fromTags(found.tags),
    };
  },

  async create(desired, context) {
    const failed = await describeCapacityProvider(nameOf(desired), context);
    if (failed?.updateStatus === "CREATE_FAILED") await deleteCapacityProvider(nameOf(desired), context);
    const { capacityProvider } = await context.aws.ecs.createCapacityProvider({
      name: desired.name,
      cluster: desired.clusterName,
      managedInstancesProvider: {
        ...providerOf(desired),
        propagateTags: "CAPACITY_PROVIDER",
        instanceLaunchTemplate: {
          ...templateOf(desired),
          capacityOptionType: desired.capacityOption,
        },
      },
      tags: toEcsTags(desired.tags),
    });
    return stateOf(capacityProvider ?? {}, desired);
  },

  async update(desired, { state }, changes, { aws }) {
    const paths = changes.map(({ path }) => path);
    if (paths.some((path) => !isTag(path)))
      await aws.ecs.updateCapacityProvider({
        name: desired.name,
        cluster: desired.clusterName,
        managedInstancesProvider: { ...providerOf(desired), instanceLaunchTemplate: templateOf(desired) },
      });
    if (paths.some(isTag))
      await aws.ecs.tagResource({ resourceArn: state.arn, tags: toEcsTags(desired.tags) });
    return state;
  },

  async ready(state, desired, context) {
    await waitUntilActive(nameOf(desired), context);
    return state;
  },

  blockedBy: ({ state, tags }, leaving, context) =>
    capacityProviderUsers(state.capacityProvider, tags, leaving, context),

  alreadyExists: capacityProviderExists,

  /** ECS drains and terminates the instances first. */
  delete: ({ capacityProvider: name, clusterName: cluster }, context) =>
    deleteCapacityProvider({ name, cluster }, context, DELETION_TIMEOUT),

  async findOwned(owner, context) {
    const clusterName = ownerName(owner, "cluster");
    if (clusterName === undefined) return [];
    // The same request as of the other capacity providers: it costs no call of its own.
    const present = (await describeAttached(clusterName, context))?.capacityProviders ?? [];
    const names = [true, false].map((spot) => managedInstancesName(clusterName, spot));
    const found = await Promise.all(
      names.map(async (name) => {
        if (!present.includes(name)) return [];
        const provider = await describeCapacityProvider({ name, cluster: clusterName }, context);
        const tags = fromTags(provider?.tags);
        return provider === undefined || tags[OWNER_TAG] !== owner
          ? []
          : [{ name, state: stateOf(provider, { name, clusterName }), tags }];
      }),
    );
    return found.flat();
  },
};

/** The Managed Instances of a cluster that is not managed by quayside: looked up, never changed. */
export const existingManagedInstancesKind: Kind<
  Pick<ManagedInstancesDesired, "clusterName" | "tags">,
  ManagedInstancesState,
  AwsContext
> = {
  kind: managedInstancesKind.kind,
  unknown: managedInstancesKind.unknown,

  async read(desired, { aws }) {
    const { clusterName } = desired;
    const { capacityProviders = [] } = await aws.ecs.describeCapacityProviders({ cluster: clusterName });
    const usable = capacityProviders.filter(
      ({ managedInstancesProvider, status }) => managedInstancesProvider !== undefined && status === "ACTIVE",
    );
    if (usable.length > 1) throw severalProviders(clusterName, usable);
    const [found] = usable;
    return found && { state: stateOf(found, { name: "", clusterName }), current: desired, tags: {} };
  },

  notFoundError: ({ clusterName }) =>
    new QuaysideError(
      "no-container-instances",
      `Nothing was changed: cluster ${clusterName} has no capacity provider of Managed Instances`,
      {
        facts: { cluster: clusterName },
        fix: `Create one, or let quayside create it: new Cluster("${clusterName}").managedInstances().`,
      },
    ),
};

const severalProviders = (cluster: string, found: readonly CapacityProvider[]): QuaysideError => {
  const names = found.map(({ name }) => name);
  return new QuaysideError(
    "no-container-instances",
    `Nothing was changed: cluster ${cluster} has several capacity providers of Managed Instances: ${names.join(", ")}`,
    {
      facts: { cluster, capacityProviders: names },
      fix: "Use a cluster with one of them, or choose it with .override({ createService }).",
    },
  );
};

const nameOf = ({ name, clusterName }: Pick<ManagedInstancesDesired, "name" | "clusterName">) => ({
  name,
  cluster: clusterName,
});

const isTag = (path: string): boolean => path === "tags" || path.startsWith("tags.");

const stateOf = (
  { capacityProviderArn = "", name }: CapacityProvider,
  desired: Pick<ManagedInstancesDesired, "name" | "clusterName">,
): ManagedInstancesState => ({
  arn: capacityProviderArn,
  clusterName: desired.clusterName,
  capacityProvider: name ?? desired.name,
});

const providerOf = ({ infrastructureRoleArn, scaleInAfter, autoRepair }: ManagedInstancesDesired) => ({
  infrastructureRoleArn,
  ...(scaleInAfter !== undefined && { infrastructureOptimization: { scaleInAfter } }),
  ...(autoRepair !== undefined && { autoRepairConfiguration: { actionsStatus: autoRepair } }),
});

const templateOf = (desired: ManagedInstancesDesired): InstanceLaunchTemplate => ({
  ec2InstanceProfileArn: desired.instanceProfileArn,
  networkConfiguration: {
    subnets: [...desired.subnetIds],
    securityGroups: [...desired.securityGroupIds],
  },
  monitoring: desired.monitoring,
  ...(desired.storage !== undefined && { storageConfiguration: { storageSizeGiB: desired.storage } }),
  ...(desired.requirements !== undefined && {
    instanceRequirements: structuredClone(desired.requirements) as InstanceRequirementsRequest,
  }),
});

/** What ECS reports, in the shape of the description; what the description leaves to ECS is no difference. */
function currentOf(found: CapacityProvider, desired: ManagedInstancesDesired): object {
  const {
    infrastructureRoleArn,
    instanceLaunchTemplate: template = {} as InstanceLaunchTemplate,
    infrastructureOptimization,
    autoRepairConfiguration,
  } = found.managedInstancesProvider ?? ({} as ManagedInstancesProvider);
  const { subnets = [], securityGroups = [] } = template.networkConfiguration ?? {};
  return {
    name: found.name,
    clusterName: desired.clusterName,
    infrastructureRoleArn,
    instanceProfileArn: template.ec2InstanceProfileArn,
    subnetIds: sortLike(desired.subnetIds, subnets),
    securityGroupIds: sortLike(desired.securityGroupIds, securityGroups),
    capacityOption: template.capacityOptionType ?? "ON_DEMAND",
    monitoring: template.monitoring ?? "BASIC",
    ...(desired.requirements !== undefined && {
      requirements: describedOf(desired.requirements, template.instanceRequirements),
    }),
    ...(desired.storage !== undefined && { storage: template.storageConfiguration?.storageSizeGiB }),
    ...(desired.scaleInAfter !== undefined && {
      scaleInAfter: infrastructureOptimization?.scaleInAfter,
    }),
    ...(desired.autoRepair !== undefined && { autoRepair: autoRepairConfiguration?.actionsStatus }),
  };
}

/** The requirements that are described: ECS may report its defaults beside them. Lists are sets. */
const describedOf = (
  described: InstanceRequirements,
  reported: InstanceRequirementsRequest | undefined,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(described).map(([key, wanted]) => {
      const value = reported?.[key as keyof InstanceRequirementsRequest];
      return [key, Array.isArray(wanted) && Array.isArray(value) ? sortLike(wanted, value) : value];
    }),
  );
