import type { ContainerInstance } from "@aws-sdk/client-ecs";
import type { Image } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { describeGroup } from "./auto-scaling-group.js";
import { containerInstances } from "./container-instances.js";
import { presentConfiguration } from "./launch-configuration.js";
import { imagesOf, outdatedBy, templateVersions, wantedAmi } from "./outdated-hosts.js";

/** An EC2 instance of a cluster. */
export interface HostStatus {
  /** The id of the EC2 instance. */
  readonly id: string;
  readonly type: string;
  readonly zone: string;
  /** True for a Spot Instance. */
  readonly spot: boolean;
  readonly ami: HostAmi;
  /** True if `cluster.refresh()` would leave it as it is. */
  readonly isCurrent: boolean;
  /** What it differs by from what `cluster.refresh()` would make of it: `["AMI", "instance type"]`. */
  readonly outdated: readonly string[];
  /** Its state in the Auto Scaling group: `InService`, `Pending`, `Terminating:Wait` …; of Managed Instances, EC2's. */
  readonly lifecycle: string;
  /** Its state in the cluster: `ACTIVE`, `DRAINING` …; `undefined` while it is not registered. */
  readonly status: string | undefined;
  /** The ECS agent; `undefined` while it is not registered. */
  readonly agent: { readonly version: string | undefined; readonly isConnected: boolean } | undefined;
  /** The number of running and pending tasks. */
  readonly tasks: number;
}

export interface HostAmi {
  readonly id: string;
  /** `undefined` if the AMI was deregistered. */
  readonly name: string | undefined;
  readonly createdAt: Date | undefined;
  /** Whole days since its creation. */
  readonly age: number | undefined;
}

const DAY = 86_400_000;

/** The instances of the cluster's Auto Scaling group, oldest AMI first. */
export async function clusterHosts(
  clusterName: string,
  capacity: Ec2CapacitySpec,
  context: AwsContext,
): Promise<readonly HostStatus[]> {
  const groupName = autoScalingGroupName(clusterName);
  const group = await describeGroup(groupName, context);
  const members = group?.Instances ?? [];
  if (group === undefined || members.length === 0) return [];
  const { launchTemplateId = "" } = presentConfiguration(group);
  const used = members.flatMap(({ LaunchTemplate }) => LaunchTemplate?.Version ?? []);
  const [versions, imageId, described, registered] = await Promise.all([
    templateVersions(launchTemplateId, [...used, "$Latest"], context),
    wantedAmi(capacity, groupName, context),
    describeInstances(
      members.map(({ InstanceId = "" }) => InstanceId),
      context,
    ),
    ignoreNotFound(containerInstances(clusterName, context)),
  ]);
  const latest = versions.get(String(Math.max(...[...versions.keys()].map(Number))));
  const images = await imagesOf(
    described.map(({ ImageId }) => ImageId),
    context,
  );
  const target = { data: latest ?? {}, imageId, instanceTypes: capacity.instanceTypes };
  const now = context.awsTime();
  return members
    .map((member): HostStatus => {
      const { InstanceId: id = "", LaunchTemplate, LifecycleState = "" } = member;
      const instance = described.find(({ InstanceId }) => InstanceId === id);
      const outdated = outdatedBy(target, versions.get(LaunchTemplate?.Version ?? ""), member);
      const inCluster = registered?.find(({ ec2InstanceId }) => ec2InstanceId === id);
      return {
        id,
        type: member.InstanceType ?? instance?.InstanceType ?? "",
        zone: member.AvailabilityZone ?? "",
        spot: instance?.InstanceLifecycle === "spot",
        ami: amiOf(instance?.ImageId ?? "", images.get(instance?.ImageId ?? ""), now),
        isCurrent: outdated.length === 0,
        outdated,
        lifecycle: LifecycleState,
        ...inClusterOf(inCluster),
      };
    })
    .sort((one, other) => (other.ami.age ?? 0) - (one.ami.age ?? 0));
}

/** The Managed Instances of a cluster, oldest AMI first. ECS replaces them by itself, so that they are all current. */
export async function managedHosts(clusterName: string, context: AwsContext): Promise<readonly HostStatus[]> {
  const registered = (await ignoreNotFound(containerInstances(clusterName, context))) ?? [];
  const ids = registered.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
  if (ids.length === 0) return [];
  const described = (await describeInstances(ids, context)).filter(
    ({ Operator }) => Operator?.Managed === true,
  );
  const images = await imagesOf(
    described.map(({ ImageId }) => ImageId),
    context,
  );
  const now = context.awsTime();
  return described
    .map((instance): HostStatus => {
      const { InstanceId: id = "", ImageId = "" } = instance;
      return {
        id,
        type: instance.InstanceType ?? "",
        zone: instance.Placement?.AvailabilityZone ?? "",
        spot: instance.InstanceLifecycle === "spot",
        ami: amiOf(ImageId, images.get(ImageId), now),
        isCurrent: true,
        outdated: [],
        lifecycle: instance.State?.Name ?? "",
        ...inClusterOf(registered.find(({ ec2InstanceId }) => ec2InstanceId === id)),
      };
    })
    .sort((one, other) => (other.ami.age ?? 0) - (one.ami.age ?? 0));
}

function amiOf(id: string, image: Image | undefined, now: number): HostAmi {
  const createdAt = image?.CreationDate === undefined ? undefined : new Date(image.CreationDate);
  const age = createdAt && Math.max(0, Math.floor((now - createdAt.getTime()) / DAY));
  return { id, name: image?.Name, createdAt, age };
}

const inClusterOf = (instance: ContainerInstance | undefined) => ({
  status: instance?.status,
  agent: instance && {
    version: instance.versionInfo?.agentVersion,
    isConnected: instance.agentConnected ?? false,
  },
  tasks: (instance?.runningTasksCount ?? 0) + (instance?.pendingTasksCount ?? 0),
});

async function describeInstances(ids: readonly string[], { aws }: AwsContext) {
  const Filters = [{ Name: "instance-id", Values: [...ids] }];
  const reservations = await paginate(
    "NextToken",
    (next) => aws.ec2.describeInstances({ Filters, ...next }),
    ({ Reservations }) => Reservations,
  );
  return reservations.flatMap(({ Instances = [] }) => Instances);
}
