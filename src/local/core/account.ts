import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { VolumeDirectories } from "../runtime/volume-directories.js";
import type { TaskRuntime } from "../runtime/task-runtime.js";
import type { AcmState } from "../services/acm/state.js";
import type { ApplicationAutoScalingState } from "../services/application-auto-scaling/state.js";
import type { AutoScalingState } from "../services/auto-scaling/state.js";
import type { CloudWatchState } from "../services/cloudwatch/state.js";
import type { Ec2State, Instance } from "../services/ec2/state.js";
import type { EcrState } from "../services/ecr/state.js";
import type { Cluster, ContainerInstance, EcsState, Service } from "../services/ecs/state.js";
import type { FileSystemOptions } from "../services/ecs/tasks/file-systems.js";
import type { ElbState } from "../services/elb/state.js";
import type { IamState } from "../services/iam/state.js";
import type { LogsState } from "../services/logs/state.js";
import type { Route53State } from "../services/route53/state.js";
import type { SchedulerState } from "../services/scheduler/state.js";
import type { ServiceDiscoveryState } from "../services/service-discovery/state.js";
import type { TaggingState } from "../services/tagging/state.js";
import type { Traffic } from "../traffic/traffic.js";
import type { LocalClock } from "./clock.js";

/** One AWS account of a local cloud: everything that exists in it, and what its services share. */
export interface Account {
  readonly clock: LocalClock;
  /** True if tasks are real processes or containers, and the clock is the real one. */
  readonly isReal: boolean;
  /** A number in [0, 1), drawn from the seed. */
  readonly random: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** A fresh lower-case hexadecimal identifier, drawn from the seed. */
  readonly hex: (length: number) => string;

  /** True if a change is visible everywhere at once. */
  readonly isConsistent: boolean;

  /** True if the account is on AWS's free plan, which allows a few instance types only. */
  readonly isOnFreePlan: boolean;

  /**
   * The parameters and secrets that exist, by name or ARN, each with its customer-managed key if it has one.
   * `undefined` means that any of them exists.
   */
  readonly secrets: ReadonlyMap<string, string | undefined> | undefined;

  /** The EFS file systems that exist, by id. `undefined` means that any of them exists, in every zone. */
  readonly fileSystems: ReadonlyMap<string, FileSystemOptions> | undefined;

  /** The S3 buckets that Elastic Load Balancing may write to. `undefined` means every bucket. */
  readonly logBuckets: ReadonlySet<string> | undefined;

  readonly ec2: Ec2State;
  readonly iam: IamState;
  readonly route53: Route53State;
  readonly autoScaling: AutoScalingState;
  readonly applicationAutoScaling: ApplicationAutoScalingState;
  readonly cloudWatch: CloudWatchState;
  readonly logs: LogsState;
  readonly ecr: EcrState;
  readonly ecs: EcsState;
  readonly elb: ElbState;
  readonly scheduler: SchedulerState;
  readonly acm: AcmState;
  readonly serviceDiscovery: ServiceDiscoveryState;
  /** The web ACLs by the ARNs of the load balancers that they protect. */
  readonly waf: { readonly associations: Map<string, string> };
  readonly tagging: TaggingState;

  /** Where tasks reach the APIs of this cloud over HTTP; `undefined` while it does not listen. */
  endpointUrl: string | undefined;

  /** The events by which the services notify each other, as they do inside AWS. */
  readonly events: AccountEvents;
  /** The directories of this computer that stand for the volumes of tasks that really run. */
  readonly volumes: VolumeDirectories;
  /** Runs containers: simulated, or as real processes. */
  readonly runtime: TaskRuntime;
  /** Serves listeners and checks targets: simulated, or over real HTTP. */
  readonly traffic: Traffic;
}

interface AccountEvents {
  /** An instance has booted, and its agent starts now. EC2 emits it; ECS listens. */
  instanceRunning: ((instance: Instance) => void)[];
  /** An instance is shutting down: its tasks end. EC2 emits it; ECS listens. */
  instanceShuttingDown: ((instance: Instance) => void)[];
  /** EC2 stops an instance, which can be started again. */
  instanceStopping: ((instance: Instance) => void)[];
  /** EC2 takes a Spot Instance back in two minutes. EC2 emits it; ECS listens. */
  instanceInterrupted: ((instance: Instance) => void)[];
  /**
   * An instance is about to be removed from its group. Auto Scaling emits it. ECS may drain the instance first:
   * its listener then returns true, and calls `proceed` when the instance is drained.
   */
  instanceLeaving: ((instanceId: string, proceed: () => void) => boolean)[];
  /** A service is to be reconciled. ECS emits it after each change; the service scheduler listens. */
  serviceDue: ((service: Service) => void)[];
  /** Waiting tasks may fit into the cluster now. ECS emits it after each change; its placement listens. */
  capacityFound: ((cluster: Cluster) => void)[];
  /** A task on an instance has ended. ECS emits it; its Managed Instances listen. */
  taskReleased: ((cluster: Cluster, instance: ContainerInstance) => void)[];
  /** The rules of a security group have changed. EC2 emits it; Elastic Load Balancing listens. */
  securityGroupsChanged: (() => void)[];
  /** The records of a hosted zone have changed. Route 53 emits it; ACM listens. */
  recordsChanged: (() => void)[];
  /** The instances of a Cloud Map service have changed: its DNS name leads elsewhere. The names of processes listen. */
  namesChanged: (() => void)[];
  /** Capacity or load has changed. CloudWatch listens. */
  changed: (() => void)[];
  /**
   * An alarm triggers one of its actions. CloudWatch emits it; EC2 Auto Scaling and Application Auto Scaling
   * listen.
   */
  alarmTriggered: ((actionArn: string, alarm: MetricAlarm, value: number) => ActionResult)[];
  /** Evaluations once a minute, besides the alarms. CloudWatch calls them; ECS managed scaling registers here. */
  everyMinute: { readonly isActive: () => boolean; readonly evaluate: () => boolean }[];
}

/** The result of a triggered scaling policy: nothing to change, possibly a change later, or a change made. */
export type ActionResult = "idle" | "waiting" | "changed";
