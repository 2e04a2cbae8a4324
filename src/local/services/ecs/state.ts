import type {
  ClusterSetting,
  CreateServiceCommandInput,
  Deployment,
  LoadBalancer,
  NetworkConfiguration,
  RegisterTaskDefinitionCommandInput,
  ServiceDeployment,
  Service as ServiceDescription,
  ServiceRevision,
  Task,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { RunningTask } from "../../runtime/task-runtime.js";

export interface EcsState {
  /** By name. Deleted ones linger as INACTIVE. */
  readonly clusters: Map<string, Cluster>;
  /** By family: revision n is not always at index n - 1 (deleted ones are gone). */
  readonly families: Map<string, { lastRevision: number; readonly revisions: TaskDefinitionRecord[] }>;
  /** By name; not those that every account has. */
  readonly capacityProviders: Map<string, CapacityProviderRecord>;
}

export interface CapacityProviderRecord {
  readonly name: string;
  readonly arn: string;
  readonly groupArn: string;
  readonly groupName: string;
  status: "ACTIVE" | "INACTIVE";
  updateStatus: "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE";
  /** Per cent; `undefined` without managed scaling. */
  targetCapacity: number | undefined;
  terminationProtection: boolean;
  draining: boolean;
  readonly tags: Map<string, string>;
  /** For how many minutes there have been more instances than are needed. */
  lowMinutes: number;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  status: "ACTIVE" | "INACTIVE";
  capacityProviders: string[];
  defaultStrategy: { capacityProvider: string; weight?: number; base?: number }[];
  readonly settings: ClusterSetting[];
  readonly tags: Map<string, string>;
  /** By ARN. */
  readonly containerInstances: Map<string, ContainerInstance>;
  /** By name; the last one of that name, also when INACTIVE. */
  readonly services: Map<string, Service>;
  /** By ARN; stopped ones stay for an hour. */
  readonly tasks: Map<string, TaskRecord>;
  /** By this clock time CreateService finds it. */
  readonly visibleAt: number;
  /** Until this clock time its capacity providers are being changed. */
  busyUntil: number;
}

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
  /** The one whose group it was started by, if the cluster had it when the agent registered. */
  readonly capacityProvider: string | undefined;
}

export interface TaskDefinitionRecord {
  readonly description: TaskDefinition;
  readonly input: RegisterTaskDefinitionCommandInput;
  readonly tags: Map<string, string>;
}

export interface Service {
  readonly clusterName: string;
  readonly input: CreateServiceCommandInput;
  /** What DescribeServices answers, kept up to date (without tags). */
  readonly description: ServiceDescription;
  /** Those in `description`, in its order: the PRIMARY one first. */
  readonly rollouts: Rollout[];
  /** Where a rollback goes. */
  lastCompleted: Rollout | undefined;
  /** By ARN: what every deployment was made from. */
  readonly revisions: Map<string, ServiceRevision>;
  /** Oldest first. */
  readonly serviceDeployments: ServiceDeployment[];
  readonly tags: Map<string, string>;
  /** By this clock time DescribeServices finds it. */
  readonly visibleAt: number;
  /** What DescribeServices still answers for a moment after an update. */
  stale: { readonly until: number; readonly description: ServiceDescription } | undefined;
  /** Whether its last event of that kind says that it is in a steady state. */
  steady: boolean;
}

/** One deployment of a service, and what its tasks are made from. */
export interface Rollout {
  readonly deployment: Deployment;
  /** The one that it was begun for. */
  readonly serviceDeployment: ServiceDeployment;
  readonly revisionArn: string;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly networkConfiguration: NetworkConfiguration | undefined;
  /** Tasks that ended before they were ever healthy. */
  failures: number;
  /** The same, since the last one that became healthy. */
  failuresInARow: number;
  /** No task is started before this clock time. */
  retryAt: number;
}

export interface TaskRecord {
  /** What DescribeTasks answers, kept up to date. */
  readonly description: Task;
  readonly clusterName: string;
  readonly serviceName: string | undefined;
  readonly rollout: Rollout | undefined;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly tags: Map<string, string>;
  /** Where the load balancers find it. */
  readonly targets: { readonly groupArn: string; readonly id: string; readonly port: number }[];
  /** By container name, those that have been started and have not ended. */
  readonly running: Map<string, RunningTask>;
  /** The port of this computer at which its main container listens. */
  realPort: number | undefined;
  networkInterfaceId: string | undefined;
  /** What its place has to be like, as long as a task of a capacity provider has none. */
  waitsFor: Placing | undefined;
  /** It has passed its health checks at least once, or has run long enough where there is none. */
  wasHealthy: boolean;
}
/** Who wants the place: a service, or a one-off task. */

export type Placing = Pick<ServiceDescription, "serviceName" | "placementConstraints" | "placementStrategy">;
