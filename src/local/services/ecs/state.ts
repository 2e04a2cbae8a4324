import type {
  CapacityProviderUpdateStatus,
  ClusterConfiguration,
  ClusterSetting,
  CreateManagedInstancesProviderConfiguration,
  CreateServiceCommandInput,
  Deployment,
  LoadBalancer,
  NetworkConfiguration,
  RegisterTaskDefinitionCommandInput,
  ServiceConnectConfiguration,
  ServiceDeployment,
  Service as ServiceDescription,
  ServiceRegistry,
  ServiceRevision,
  ServiceVolumeConfiguration,
  Task,
  TaskDefinition,
  TaskVolumeConfiguration,
} from "@aws-sdk/client-ecs";
import type { RunningTask } from "../../runtime/task-runtime.js";

export interface EcsState {
  /** Keyed by name. Deleted clusters remain as INACTIVE. */
  readonly clusters: Map<string, Cluster>;
  /** Keyed by family. Revision n is not always at index n - 1, because some were deleted. */
  readonly families: Map<string, { lastRevision: number; readonly revisions: TaskDefinitionRecord[] }>;
  /** Keyed by name; without those that every account has. */
  readonly capacityProviders: Map<string, CapacityProviderRecord>;
  /** ECS Managed Instances, keyed by the capacity provider's name. */
  readonly managedInstances: Map<string, ManagedInstancesRecord>;
  readonly fargate: {
    /** `FARGATE` or `FARGATE_SPOT` while AWS has no capacity for it. */
    readonly unavailable: Set<string>;
    /** The quota of vCPUs that run at once. */
    maxVcpus: number;
  };
}

export interface CapacityProviderRecord {
  readonly name: string;
  readonly arn: string;
  readonly groupArn: string;
  readonly groupName: string;
  status: "ACTIVE" | "INACTIVE";
  updateStatus:
    "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE" | "DELETE_FAILED";
  updateStatusReason: string | undefined;
  /** Percent; `undefined` without managed scaling. */
  targetCapacity: number | undefined;
  terminationProtection: boolean;
  draining: boolean;
  readonly tags: Map<string, string>;
  /** For how many minutes there have been more instances than needed. */
  lowMinutes: number;
}

/** A capacity provider of ECS Managed Instances. It belongs to one cluster. */
export interface ManagedInstancesRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  status: "PROVISIONING" | "ACTIVE" | "DEPROVISIONING" | "INACTIVE";
  updateStatus: CapacityProviderUpdateStatus;
  updateStatusReason: string | undefined;
  configuration: CreateManagedInstancesProviderConfiguration;
  readonly tags: Map<string, string>;
  /** True while ECS is about to launch instances. */
  isLaunching: boolean;
  /** Since this clock time, no launch has succeeded. */
  failingSince: number | undefined;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  status: "ACTIVE" | "INACTIVE";
  capacityProviders: string[];
  defaultStrategy: { capacityProvider: string; weight?: number; base?: number }[];
  settings: ClusterSetting[];
  configuration: ClusterConfiguration | undefined;
  readonly tags: Map<string, string>;
  /** Keyed by ARN. */
  readonly containerInstances: Map<string, ContainerInstance>;
  /** Keyed by name; the last service with that name, also if INACTIVE. */
  readonly services: Map<string, Service>;
  /** Keyed by ARN; stopped tasks stay for an hour. */
  readonly tasks: Map<string, TaskRecord>;
  /** From this clock time on, CreateService finds it. */
  readonly visibleAt: number;
  /** Until this clock time, its capacity providers are being updated. */
  busyUntil: number;
  /** Capacity providers that an update in progress removes: they are associated until it completes. */
  detaching: readonly string[];
  /** What DescribeClusters still returns for a moment after its capacity providers were changed. */
  stale: (ClusterCapacityProviders & { readonly until: number }) | undefined;
}

type ClusterCapacityProviders = Pick<
  Cluster,
  "capacityProviders" | "defaultStrategy" | "busyUntil" | "detaching"
>;

export interface ContainerInstance {
  readonly arn: string;
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly registeredAt: Date;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  agentConnected: boolean;
  readonly cpu: number;
  readonly memory: number;
  /** Attributes that were put on it, by name. */
  readonly customAttributes: Map<string, string>;
  /** The capacity provider of the group that launched it, if the cluster had it when the agent registered. */
  readonly capacityProvider: string | undefined;
  /** True if ECS manages it. */
  readonly isManaged?: boolean;
}

export interface TaskDefinitionRecord {
  readonly description: TaskDefinition;
  readonly input: RegisterTaskDefinitionCommandInput;
  readonly tags: Map<string, string>;
}

export interface Service {
  readonly clusterName: string;
  readonly input: CreateServiceCommandInput;
  /** The answer of DescribeServices, kept up to date (without tags). */
  readonly description: ServiceDescription;
  /** The deployments in `description`, in the same order: the PRIMARY one first. */
  readonly rollouts: Rollout[];
  /** The deployment that a rollback returns to. */
  lastCompleted: Rollout | undefined;
  /** Keyed by ARN: the revision of every deployment. */
  readonly revisions: Map<string, ServiceRevision>;
  /** Oldest first. */
  readonly serviceDeployments: ServiceDeployment[];
  readonly tags: Map<string, string>;
  /** From this clock time on, DescribeServices finds it. */
  readonly visibleAt: number;
  /** The previous description, which DescribeServices still returns for a moment after an update. */
  stale: { readonly until: number; readonly description: ServiceDescription } | undefined;
  /** The Service Connect configuration of new tasks; it is reported with each deployment. */
  connect: ServiceConnectConfiguration | undefined;
  /** The EBS volumes of new tasks; they are reported with each deployment. */
  volumeConfigurations: readonly ServiceVolumeConfiguration[];
  /** The launch type that it was created with, to which it returns without a capacity provider strategy. */
  readonly createdWith: ServiceDescription["launchType"];
  /** True if its last event of this kind reports a steady state. */
  isSteady: boolean;
}

/** One deployment of a service, and what its tasks are created from. */
export interface Rollout {
  readonly deployment: Deployment;
  /** The service deployment that it belongs to. */
  readonly serviceDeployment: ServiceDeployment;
  readonly revisionArn: string;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly loadBalancers: readonly LoadBalancer[];
  /** The same, each with the target group in which its tasks are registered: one of two, if ECS shifts the traffic. */
  readonly registered: readonly LoadBalancer[];
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly volumeConfigurations: readonly ServiceVolumeConfiguration[];
  /** The Cloud Map services with which its tasks are registered. */
  readonly registries: readonly ServiceRegistry[];
  /** Only with Service Connect. */
  readonly connect: ConnectedRollout | undefined;
  /** How it takes over the traffic; `undefined` for a rolling update, and for the first deployment of a name in Service Connect. */
  readonly shift: TrafficShift | undefined;
  /** The number of tasks that ended before they were ever healthy. */
  failures: number;
  /** The number of such tasks since the last one that became healthy. */
  failuresInARow: number;
  /** No task is started before this clock time. */
  retryAt: number;
}

/** How a rollout takes over the traffic; `undefined` for a rolling update. */
export interface TrafficShift {
  /** The share of the production traffic that the new revision has. */
  percent: number;
  stage: "scale-up" | "shift" | "bake" | "done" | "taken-back";
  /** Until this clock time, its tasks are kept, although it has no traffic any more: load balancers may not know it. */
  heldUntil?: number;
}

/** How the tasks of a deployment find others, and are found. */
export interface ConnectedRollout {
  readonly configuration: ServiceConnectConfiguration;
  readonly namespaceId: string;
  /** The Cloud Map services with which its tasks are registered. */
  readonly endpoints: readonly ConnectEndpoint[];
  /** The names that its tasks know: those of the namespace when it began. */
  readonly known: readonly ConnectAlias[];
}

export interface ConnectEndpoint {
  readonly discoveryName: string;
  /** The ID of the Cloud Map service. */
  readonly serviceId: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly appProtocol: "tcp" | "http" | "http2" | "grpc";
  /** Seconds for a whole response; 0: no limit. */
  readonly requestTimeout: number;
  readonly alias: Omit<ConnectAlias, "serviceId" | "appProtocol">;
}

/** A name and a port at which tasks reach an endpoint: `orders:8080`. */
export interface ConnectAlias {
  readonly dnsName: string;
  readonly port: number;
  /** The ID of the Cloud Map service that it leads to. */
  readonly serviceId: string;
  readonly appProtocol: ConnectEndpoint["appProtocol"];
}

export interface TaskRecord {
  /** The answer of DescribeTasks, kept up to date. */
  readonly description: Task;
  readonly clusterName: string;
  readonly serviceName: string | undefined;
  readonly rollout: Rollout | undefined;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly tags: Map<string, string>;
  /** The targets under which the load balancers reach it. */
  readonly targets: { readonly groupArn: string; readonly id: string; readonly port: number }[];
  /** The containers that have started and have not ended, keyed by container name. */
  readonly running: Map<string, RunningTask>;
  /** The port of this computer at which its main container listens. */
  realPort: number | undefined;
  /** The ports of this computer by those at which the task's network has them: the containers', or the host's. */
  readonly realPorts: Map<number, number>;
  networkInterfaceId: string | undefined;
  /** The names of Service Connect that it knows, and the ports of this computer to which they lead. */
  connectPorts?: ReadonlyMap<string, number>;
  /** The file of this computer that says where private DNS names lead. */
  namesFile?: string;
  /** The EBS volumes that are created for it. */
  readonly volumeConfigurations?: readonly TaskVolumeConfiguration[] | undefined;
  /** The placement that a capacity provider's task requires, as long as it has no instance. */
  pendingPlacement: PendingPlacement | undefined;
  /** True if it has passed its health checks at least once, or has run long enough without any. */
  wasHealthy: boolean;
  /** Until this clock time, the scheduler does not stop it to scale in. */
  protectedUntil?: number | undefined;
}

/** A placement, and the network that the task joins with it. */
type PendingPlacement = Placing & {
  readonly networkConfiguration: NetworkConfiguration | undefined;
};

/** The service or one-off task whose placement is decided. */
export type Placing = Pick<
  ServiceDescription,
  "serviceName" | "placementConstraints" | "placementStrategy"
> & {
  /** The only container instance that is asked for: StartTask. */
  readonly containerInstanceArn?: string | undefined;
};
