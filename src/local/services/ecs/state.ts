import type {
  Deployment,
  RegisterTaskDefinitionCommandInput,
  Service as ServiceDescription,
  ServiceDeployment,
  TaskDefinition,
  CreateServiceCommandInput,
  Task,
} from "@aws-sdk/client-ecs";

export interface EcsState {
  /** By name. Deleted ones linger as INACTIVE. */
  readonly clusters: Map<string, Cluster>;
  /** By family: revision n is not always at index n - 1 (deleted ones are gone). */
  readonly families: Map<string, { lastRevision: number; readonly revisions: TaskDefinitionRecord[] }>;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  status: "ACTIVE" | "INACTIVE";
  capacityProviders: string[];
  defaultStrategy: { capacityProvider: string; weight?: number; base?: number }[];
  readonly tags: Map<string, string>;
  /** By ARN. */
  readonly containerInstances: Map<string, ContainerInstance>;
  /** By name; the last one of that name, also when INACTIVE. */
  readonly services: Map<string, Service>;
  /** By ARN; stopped ones stay for an hour. */
  readonly tasks: Map<string, TaskRecord>;
}

export interface ContainerInstance {
  readonly arn: string;
  readonly instanceId: string;
  readonly registeredAt: Date;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  agentConnected: boolean;
  readonly cpu: number;
  readonly memory: number;
}

export interface TaskDefinitionRecord {
  readonly description: TaskDefinition;
  readonly input: RegisterTaskDefinitionCommandInput;
  readonly tags: Map<string, string>;
}

export interface Service {
  readonly input: CreateServiceCommandInput;
  /** What DescribeServices answers, kept up to date (without tags). */
  readonly description: ServiceDescription;
  readonly deployments: Deployment[];
  readonly serviceDeployments: ServiceDeployment[];
  readonly tags: Map<string, string>;
}

export interface TaskRecord {
  /** What DescribeTasks answers, kept up to date. */
  readonly description: Task;
  readonly serviceName: string | undefined;
}
