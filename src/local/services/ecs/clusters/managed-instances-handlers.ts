import type {
  CapacityProvider,
  CreateCapacityProviderCommandInput,
  DeleteCapacityProviderCommandInput,
  InstanceLaunchTemplate,
  UpdateCapacityProviderCommandInput,
} from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { ServiceError } from "../../../core/service-error.js";
import { visibleSecurityGroup } from "../../ec2/visible-security-group.js";
import { unassumableRole } from "../../iam/passed-roles.js";
import { clientException, clusterNotFound, invalidParameter } from "../service-errors.js";
import type { ManagedInstancesRecord } from "../state.js";
import { listTags, readTags } from "../tags.js";
import { strategyUses } from "./capacity-providers.js";
import { findCluster } from "./clusters.js";
import { removeManagedInstances } from "./managed-instances.js";

/** Creates a capacity provider of ECS Managed Instances: it is available in its cluster only. */
export function createManagedInstances(
  account: Account,
  { name = "", cluster: clusterName, managedInstancesProvider, tags }: CreateCapacityProviderCommandInput,
): CapacityProvider {
  if (clusterName === undefined)
    throw invalidParameter("A cluster must be specified for a Managed Instances capacity provider.");
  const cluster = findCluster(account, clusterName);
  if (account.clock.now() < cluster.visibleAt) throw clusterNotFound();
  const { infrastructureRoleArn, instanceLaunchTemplate } = managedInstancesProvider ?? {};
  if (infrastructureRoleArn === undefined || instanceLaunchTemplate === undefined)
    throw invalidParameter("infrastructureRoleArn and instanceLaunchTemplate can not be blank.");
  checkRole(account, infrastructureRoleArn);
  checkTemplate(account, instanceLaunchTemplate);
  checkScaleIn(managedInstancesProvider?.infrastructureOptimization?.scaleInAfter);
  const record: ManagedInstancesRecord = {
    name,
    arn: arnOf(account, "ecs", `capacity-provider/${name}`),
    cluster: cluster.name,
    status: "PROVISIONING",
    updateStatus: "CREATE_IN_PROGRESS",
    updateStatusReason: undefined,
    configuration: structuredClone({
      propagateTags: "NONE",
      ...managedInstancesProvider,
      infrastructureRoleArn,
      instanceLaunchTemplate: {
        monitoring: "BASIC",
        capacityOptionType: "ON_DEMAND",
        ...instanceLaunchTemplate,
      },
    }),
    tags: readTags(tags),
    isLaunching: false,
    failingSince: undefined,
  };
  account.ecs.managedInstances.set(name, record);
  account.clock.schedule(durations.managedInstancesCreation, () => {
    if (record.status !== "PROVISIONING") return;
    record.status = "ACTIVE";
    record.updateStatus = "CREATE_COMPLETE";
    // It is associated with its cluster without PutClusterCapacityProviders.
    if (cluster.status === "ACTIVE") cluster.capacityProviders = [...cluster.capacityProviders, name];
    notifyChanged(account);
  });
  return describeManagedInstances(record, true);
}

/** Changes apply to instances that are launched from then on. */
export function updateManagedInstances(
  account: Account,
  record: ManagedInstancesRecord,
  { cluster, managedInstancesProvider: wanted }: UpdateCapacityProviderCommandInput,
): CapacityProvider {
  checkCluster(account, record, cluster);
  assertIdle(record);
  if (wanted?.infrastructureRoleArn === undefined || wanted.instanceLaunchTemplate === undefined)
    throw invalidParameter("infrastructureRoleArn and instanceLaunchTemplate can not be blank.");
  const instanceLaunchTemplate = {
    ...record.configuration.instanceLaunchTemplate,
    ...wanted.instanceLaunchTemplate,
  } as InstanceLaunchTemplate;
  checkRole(account, wanted.infrastructureRoleArn);
  checkTemplate(account, instanceLaunchTemplate);
  checkScaleIn(wanted.infrastructureOptimization?.scaleInAfter);
  record.configuration = structuredClone({ ...record.configuration, ...wanted, instanceLaunchTemplate });
  record.updateStatus = "UPDATE_IN_PROGRESS";
  record.updateStatusReason = undefined;
  account.clock.schedule(durations.managedInstancesCreation, () => {
    if (record.updateStatus !== "UPDATE_IN_PROGRESS") return;
    record.updateStatus = "UPDATE_COMPLETE";
    notifyChanged(account);
  });
  return describeManagedInstances(record, false);
}

/** Its instances are drained and terminated first. */
export function deleteManagedInstances(
  account: Account,
  record: ManagedInstancesRecord,
  { cluster: clusterName }: DeleteCapacityProviderCommandInput,
): CapacityProvider {
  checkCluster(account, record, clusterName);
  assertIdle(record);
  const cluster = account.ecs.clusters.get(record.cluster);
  const user = [...(cluster?.services.values() ?? [])].find(
    ({ description }) =>
      description.status !== "INACTIVE" && strategyUses(description.capacityProviderStrategy, [record.name]),
  );
  if (user !== undefined || strategyUses(cluster?.defaultStrategy, [record.name])) {
    record.updateStatus = "DELETE_FAILED";
    record.updateStatusReason =
      "The capacity provider cannot be deleted because it is in use. Remove the capacity provider from the capacity provider strategies and try again.";
    return describeManagedInstances(record, false);
  }
  record.status = "DEPROVISIONING";
  record.updateStatus = "DELETE_IN_PROGRESS";
  record.updateStatusReason = undefined;
  removeManagedInstances(account, record);
  return describeManagedInstances(record, false);
}

export const describeManagedInstances = (
  record: ManagedInstancesRecord,
  withTags: boolean,
): CapacityProvider => ({
  capacityProviderArn: record.arn,
  name: record.name,
  cluster: record.cluster,
  status: record.status,
  type: "MANAGED_INSTANCES",
  updateStatus: record.updateStatus,
  ...(record.updateStatusReason === undefined ? {} : { updateStatusReason: record.updateStatusReason }),
  managedInstancesProvider: structuredClone(record.configuration),
  ...(withTags ? { tags: listTags(record.tags) } : {}),
});

function checkCluster(account: Account, record: ManagedInstancesRecord, given: string | undefined): void {
  if (given === undefined)
    throw invalidParameter("A cluster must be specified for a Managed Instances capacity provider.");
  if (nameOf(given) === record.cluster) return;
  findCluster(account, given);
  throw clientException(
    "The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
  );
}

function assertIdle({ updateStatus }: ManagedInstancesRecord): void {
  if (updateStatus.endsWith("_IN_PROGRESS"))
    throw new ServiceError(
      "UpdateInProgressException",
      "The specified capacity provider is being created, updated or deleted.",
    );
}

function checkRole(account: Account, arn: string): void {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(arn)) throw clientException("Role is not valid");
  const refused = unassumableRole(account, { executionRoleArn: arn });
  if (refused !== undefined)
    throw clientException(
      `ECS was unable to assume the role '${arn}'. Please verify that the role being passed has the proper trust relationship and permissions.`,
    );
}

function checkTemplate(account: Account, template: InstanceLaunchTemplate): void {
  const { subnets = [], securityGroups = [] } = template.networkConfiguration ?? {};
  if (template.ec2InstanceProfileArn === undefined)
    throw invalidParameter("ec2InstanceProfileArn can not be blank.");
  if (subnets.length === 0) throw invalidParameter("subnets can not be empty.");
  const vpcs = new Set<string>();
  for (const id of subnets) {
    const subnet = account.ec2.subnets.get(id);
    if (subnet === undefined)
      throw invalidParameter(
        `Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
      );
    vpcs.add(subnet.vpcId);
  }
  for (const id of securityGroups) {
    const group = visibleSecurityGroup(account, id);
    if (group === undefined)
      throw invalidParameter(
        `Error retrieving security group information for [${id}]: The security group '${id}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
      );
    vpcs.add(group.vpcId);
  }
  if (vpcs.size > 1) throw invalidParameter("All subnets and security groups must belong to the same VPC.");
  const { instanceRequirements: wanted, storageConfiguration, capacityOptionType } = template;
  if (storageConfiguration?.storageSizeGiB !== undefined && storageConfiguration.storageSizeGiB < 1)
    throw invalidParameter("storageSizeGiB must be at least 1.");
  if (wanted === undefined) return;
  if (wanted.vCpuCount?.min === undefined || wanted.memoryMiB?.min === undefined)
    throw invalidParameter("vCpuCount and memoryMiB of instanceRequirements can not be blank.");
  if (wanted.allowedInstanceTypes !== undefined && wanted.excludedInstanceTypes !== undefined)
    throw invalidParameter("You can't specify both allowedInstanceTypes and excludedInstanceTypes.");
  if (wanted.spotMaxPricePercentageOverLowestPrice !== undefined && capacityOptionType !== "SPOT")
    throw invalidParameter("spotMaxPricePercentageOverLowestPrice requires the capacity option type SPOT.");
}

/** Source: ECS API reference, InfrastructureOptimization: -1 turns it off, else 0 to 3600 seconds. */
function checkScaleIn(seconds: number | undefined): void {
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < -1 || seconds > 3600))
    throw invalidParameter("scaleInAfter must be between -1 and 3600.");
}
