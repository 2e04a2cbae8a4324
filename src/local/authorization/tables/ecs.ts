import type { LoadBalancer, ServiceConnectConfiguration } from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf, nameOf } from "../../core/arn.js";
import { onAll, passRole, type PermissionTable } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Elastic Container
 * Service". Registering and listing task definitions, creating clusters and capacity providers, and
 * deregistering task definitions have no resource-level permissions, except the family at RegisterTaskDefinition.
 */

const clusterArn = (account: Account, cluster = "default"): string =>
  arnOf(account, "ecs", `cluster/${nameOf(cluster)}`);

const inCluster =
  (type: string) =>
  (account: Account, cluster = "default", nameOrArn = "*"): string =>
    nameOrArn.startsWith("arn:")
      ? nameOrArn
      : arnOf(account, "ecs", `${type}/${nameOf(cluster)}/${nameOf(nameOrArn)}`);

const service = inCluster("service");
const task = inCluster("task");
const containerInstance = inCluster("container-instance");

const taskDefinition = (account: Account, reference = "*"): string => {
  const id = nameOf(reference);
  return arnOf(account, "ecs", `task-definition/${id.includes(":") ? id : `${id}:*`}`);
};

const clusterKey = (account: Account, cluster?: string) => ({
  "ecs:cluster": [clusterArn(account, cluster)],
});

const TASKS = "ecs-tasks.amazonaws.com";

/** The roles of a task definition: RunTask passes them to the tasks that it starts. */
function rolesOf({ ecs }: Account, reference = ""): readonly (string | undefined)[] {
  const [family = "", revision] = nameOf(reference).split(":");
  const revisions = ecs.families.get(family)?.revisions ?? [];
  const record =
    revision === undefined
      ? revisions.at(-1)
      : revisions.find(({ description }) => String(description.revision) === revision);
  return [record?.description.executionRoleArn, record?.description.taskRoleArn];
}

/** The roles with which ECS creates the EBS volumes of tasks. */
const passVolumeRoles = (
  volumes: readonly {
    readonly managedEBSVolume?: { readonly roleArn: string | undefined } | undefined;
  }[] = [],
) => volumes.flatMap(({ managedEBSVolume }) => passRole(managedEBSVolume?.roleArn, "ecs.amazonaws.com"));

/** The roles with which ECS gets the certificates of Service Connect. */
const passConnectRoles = (connect: ServiceConnectConfiguration | undefined) =>
  (connect?.services ?? []).flatMap(({ tls }) => passRole(tls?.roleArn, "ecs.amazonaws.com"));

/** The roles with which ECS shifts the traffic of load balancers. */
const passBalancerRoles = (loadBalancers: readonly LoadBalancer[] = []) =>
  loadBalancers.flatMap(({ advancedConfiguration }) =>
    passRole(advancedConfiguration?.roleArn, "ecs.amazonaws.com"),
  );

export const ECS: PermissionTable<EcsApi> = {
  createCluster: (input, account) => [
    "*",
    ...taggingAtCreate(input, "ecs:TagResource", clusterArn(account, input.clusterName), {
      "ecs:CreateAction": ["CreateCluster"],
    }),
  ],
  describeClusters: ({ clusters = ["default"] }, account) =>
    clusters.map((cluster) => clusterArn(account, cluster)),
  listClusters: onAll,
  putClusterCapacityProviders: ({ cluster }, account) => clusterArn(account, cluster),
  updateCluster: ({ cluster }, account) => clusterArn(account, cluster),
  updateClusterSettings: ({ cluster }, account) => clusterArn(account, cluster),
  deleteCluster: ({ cluster }, account) => clusterArn(account, cluster),
  createCapacityProvider: (input, account) => [
    "*",
    ...taggingAtCreate(input, "ecs:TagResource", arnOf(account, "ecs", `capacity-provider/${input.name}`), {
      "ecs:CreateAction": ["CreateCapacityProvider"],
    }),
    ...passRole(input.managedInstancesProvider?.infrastructureRoleArn, "ecs.amazonaws.com"),
    // ECS tags the group with AmazonECSManaged, with the caller's permissions.
    // Source: ECS Developer Guide, "Amazon ECS capacity providers for the EC2 launch type", considerations.
    ...(input.autoScalingGroupProvider?.managedScaling?.status === "ENABLED"
      ? [
          {
            action: "autoscaling:CreateOrUpdateTags",
            resource: input.autoScalingGroupProvider.autoScalingGroupArn ?? "*",
          },
        ]
      : []),
  ],
  describeCapacityProviders: ({ capacityProviders }, account) =>
    capacityProviders?.map((name) => arnOf(account, "ecs", `capacity-provider/${nameOf(name)}`)) ?? "*",
  updateCapacityProvider: ({ name = "", managedInstancesProvider }, account) => [
    arnOf(account, "ecs", `capacity-provider/${nameOf(name)}`),
    ...passRole(managedInstancesProvider?.infrastructureRoleArn, "ecs.amazonaws.com"),
  ],
  deleteCapacityProvider: ({ capacityProvider = "" }, account) =>
    arnOf(account, "ecs", `capacity-provider/${nameOf(capacityProvider)}`),
  registerContainerInstance: ({ cluster }, account) => clusterArn(account, cluster),
  listContainerInstances: ({ cluster }, account) => clusterArn(account, cluster),
  describeContainerInstances: ({ cluster, containerInstances = [] }, account) =>
    containerInstances.map((instance) => containerInstance(account, cluster, instance)),
  deregisterContainerInstance: ({ cluster }, account) => clusterArn(account, cluster),
  registerTaskDefinition: (input, account) => {
    const family = arnOf(account, "ecs", `task-definition/${input.family}:*`);
    return [
      family,
      ...taggingAtCreate(input, "ecs:TagResource", family, {
        "ecs:CreateAction": ["RegisterTaskDefinition"],
      }),
      ...passRole(input.executionRoleArn, TASKS),
      ...passRole(input.taskRoleArn, TASKS),
    ];
  },
  describeTaskDefinition: onAll,
  listTaskDefinitions: onAll,
  deregisterTaskDefinition: onAll,
  deleteTaskDefinitions: ({ taskDefinitions = [] }, account) =>
    taskDefinitions.map((reference) => taskDefinition(account, reference)),
  createService: (input, account) => {
    const arn = service(account, input.cluster, input.serviceName);
    return [
      { action: "ecs:CreateService", resource: arn, keys: clusterKey(account, input.cluster) },
      ...taggingAtCreate(input, "ecs:TagResource", arn, { "ecs:CreateAction": ["CreateService"] }),
      ...passVolumeRoles(input.volumeConfigurations),
      ...passConnectRoles(input.serviceConnectConfiguration),
      ...passBalancerRoles(input.loadBalancers),
    ];
  },
  describeServices: ({ cluster, services = [] }, account) =>
    services.map((name) => service(account, cluster, name)),
  listServicesByNamespace: ({ namespace = "*" }) => ({
    action: "ecs:ListServicesByNamespace",
    resource: "*",
    keys: { "ecs:namespace": [namespace] },
  }),
  listServices: ({ cluster }, account) => ({
    action: "ecs:ListServices",
    resource: "*",
    keys: clusterKey(account, cluster),
  }),
  updateService: ({ cluster, service: name, volumeConfigurations, ...input }, account) => [
    service(account, cluster, name),
    ...passVolumeRoles(volumeConfigurations),
    ...passConnectRoles(input.serviceConnectConfiguration),
    ...passBalancerRoles(input.loadBalancers),
  ],
  deleteService: ({ cluster, service: name }, account) => service(account, cluster, name),
  listServiceDeployments: ({ cluster, service: name }, account) => service(account, cluster, name),
  describeServiceDeployments: ({ serviceDeploymentArns = [] }) => serviceDeploymentArns,
  stopServiceDeployment: ({ serviceDeploymentArn = "*" }) => serviceDeploymentArn,
  describeServiceRevisions: ({ serviceRevisionArns = [] }) => serviceRevisionArns,
  runTask: (input, account) => [
    {
      action: "ecs:RunTask",
      resource: taskDefinition(account, input.taskDefinition),
      keys: clusterKey(account, input.cluster),
    },
    ...taggingAtCreate(input, "ecs:TagResource", task(account, input.cluster), {
      "ecs:CreateAction": ["RunTask"],
    }),
    ...rolesOf(account, input.taskDefinition).flatMap((role) => passRole(role, TASKS)),
    ...passVolumeRoles(input.volumeConfigurations),
  ],
  executeCommand: ({ cluster, task: id }, account) => [
    clusterArn(account, cluster),
    task(account, cluster, id),
  ],
  listTasks: ({ cluster }, account) => ({
    action: "ecs:ListTasks",
    resource: containerInstance(account, cluster),
    keys: clusterKey(account, cluster),
  }),
  describeTasks: ({ cluster, tasks = [] }, account) => tasks.map((id) => task(account, cluster, id)),
  stopTask: ({ cluster, task: id }, account) => task(account, cluster, id),
  tagResource: ({ resourceArn = "*" }) => resourceArn,
  untagResource: ({ resourceArn = "*" }) => resourceArn,
};
