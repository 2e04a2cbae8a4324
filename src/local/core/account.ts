import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { TaskRuntime } from "../runtime/task-runtime.js";
import type { AcmState } from "../services/acm/state.js";
import type { ApplicationAutoScalingState } from "../services/application-auto-scaling/state.js";
import type { AutoScalingState } from "../services/auto-scaling/state.js";
import type { CloudWatchState } from "../services/cloudwatch/state.js";
import type { Ec2State, Instance } from "../services/ec2/state.js";
import type { EcrState } from "../services/ecr/state.js";
import type { Cluster, EcsState, Service } from "../services/ecs/state.js";
import type { ElbState } from "../services/elb/state.js";
import type { IamState } from "../services/iam/state.js";
import type { LogsState } from "../services/logs/state.js";
import type { SchedulerState } from "../services/scheduler/state.js";
import type { Traffic } from "../traffic/traffic.js";
import type { LocalClock } from "./clock.js";

/** Everything that exists in one local cloud, and what its services share. */
export interface Account {
  readonly clock: LocalClock;
  /** Whether what runs are real processes, on the real clock. */
  readonly isReal: boolean;
  /** In [0, 1), from the seed. */
  readonly random: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** A fresh lower-case hexadecimal identifier, from the seed. */
  readonly hex: (length: number) => string;

  /** Parameters and secrets that exist, by name or ARN; `undefined`: all that anybody asks for. */
  readonly secrets: ReadonlySet<string> | undefined;

  readonly ec2: Ec2State;
  readonly iam: IamState;
  readonly autoScaling: AutoScalingState;
  readonly applicationAutoScaling: ApplicationAutoScalingState;
  readonly cloudWatch: CloudWatchState;
  readonly logs: LogsState;
  readonly ecr: EcrState;
  readonly ecs: EcsState;
  readonly elb: ElbState;
  readonly scheduler: SchedulerState;
  readonly acm: AcmState;

  /** How the services hear of each other, as they do inside AWS. */
  readonly events: AccountEvents;
  /** Runs containers: simulated, or as real processes. */
  readonly runtime: TaskRuntime;
  /** Serves listeners and checks targets: simulated, or over real HTTP. */
  readonly traffic: Traffic;
}

export interface AccountEvents {
  /** An instance has booted (its agent starts now). Called by EC2, heard by ECS. */
  instanceRunning: ((instance: Instance) => void)[];
  /** An instance is shutting down: what runs on it ends. Called by EC2, heard by ECS. */
  instanceShuttingDown: ((instance: Instance) => void)[];
  /** An instance is to be taken out of its group. Called by Auto Scaling, heard by ECS, which may drain it first: then it says so, and calls `proceed` when it has. */
  instanceLeaving: ((instanceId: string, proceed: () => void) => boolean)[];
  /** It is time to look at a service again. Called by whatever ECS has changed, heard by its service scheduler. */
  serviceDue: ((service: Service) => void)[];
  /** There may be room in a cluster for tasks that wait. Called by whatever ECS has changed, heard by its placement. */
  roomFound: ((cluster: Cluster) => void)[];
  /** Capacity or load is not what it was. Heard by CloudWatch. */
  changed: (() => void)[];
  /** An alarm sets off one of its actions. Called by CloudWatch, heard by both Auto Scalings. */
  alarm: ((actionArn: string, alarm: MetricAlarm, value: number) => ActionResult)[];
  /** What else looks at the load once a minute. Called by CloudWatch, heard by ECS's managed scaling. */
  minute: { readonly isNeeded: () => boolean; readonly pass: () => boolean }[];
}

/** What became of a scaling policy that was set off: nothing to change, later perhaps, or done. */
export type ActionResult = "idle" | "waiting" | "changed";
