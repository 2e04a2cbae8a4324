import type { Cloud } from "../aws/cloud.js";
import type { Overrides } from "../aws/overrides.js";
import type { Color } from "../bluegreen/colors.js";
import type { Verify } from "../bluegreen/verify-color.js";
import type { QuaysideEvent } from "../engine/events.js";
import type { Plan } from "../engine/plan.js";
import type { ServiceEvent, TargetHealth } from "../errors.js";
import type { DimensionStatus } from "../scaling/scaling-status.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";

/** A finished chain: the spec, the cloud, and the user's overrides. */
export interface Configured {
  readonly spec: DeploymentSpec;
  /** The user's check of a new color. */
  readonly verify?: Verify | undefined;
  readonly overrides: Overrides;
  /** The overrides of the cluster and the load balancer, by owner. @defaultValue none */
  readonly sharedOverrides?: ReadonlyMap<string, Overrides> | undefined;
  readonly cloud: Cloud;
}

export interface OperationOptions {
  /**
   * Aborts the run: it rejects with an `AbortedError`. Reads are cut off at once; changes in flight have up to five
   * seconds to complete, because their results would be unknown otherwise. The next run of the process that plans begins
   * ten seconds later at the earliest, once AWS shows these changes.
   */
  readonly signal?: AbortSignal;
  /** Called for every event. Errors it throws propagate. */
  readonly onEvent?: (event: QuaysideEvent) => void;
  /**
   * The longest time of the run, such as `"20m"`: it then rejects with a `TimeoutError`, whatever it waits for. Only
   * shifting the traffic of a failed release back may take 30 seconds more.
   *
   * @defaultValue `"30m"`, plus the time that a blue/green release's steps take
   */
  readonly timeout?: string;
  /** Adopt existing resources of the described names that quayside does not manage, instead of an `OwnershipError`. @defaultValue `false` */
  readonly adopt?: boolean;
  /**
   * Show the values of environment variables in plans and in `changes`; without it, a plan shows their names and
   * which of them change. The option's name is that of OpenTofu's `-show-sensitive`. @defaultValue `false`
   */
  readonly showSensitive?: boolean;
}

export interface DestroyOptions extends OperationOptions {
  /** Also delete the deployment's own ECR repository with its images. @defaultValue `false`: it is kept unless it is empty */
  readonly images?: boolean;
}

export interface DeployOptions extends OperationOptions {
  /**
   * Only blue/green: the new color is started and verified, but no traffic is shifted until `release()` or
   * a later deploy shifts it. @defaultValue `false`
   */
  readonly hold?: boolean;
  /**
   * Waits while another run deploys the same service, and deploys after it, instead of ending with the code
   * `another-run`. The run's timeout includes the wait. `plan()` ignores it. @defaultValue `false`
   */
  readonly wait?: boolean;
}

export interface Deployed {
  /**
   * Where a user's browser gets an answer: the route's first exact host, else the certificate's domain, else the
   * load balancer's name, with the route's path. On the local cloud, a port of its own stands for each exact host.
   * `undefined` without a load balancer.
   */
  readonly url: string | undefined;
  /** What a DNS record for the service needs; `undefined` without a load balancer. */
  readonly loadBalancer: LoadBalancerName | undefined;
  readonly changes: Plan["changes"];
  /** The name of the ECS service. */
  readonly service: string;
  /** The ARN of the revision that runs now. */
  readonly taskDefinition: string;
  /** The image that runs, with its digest if the registry is ECR. */
  readonly image: string;
  readonly cluster: string;
  /** Whole milliseconds, by the cloud's clock. */
  readonly duration: number;
}

/** A load balancer as DNS records refer to it. */
export interface LoadBalancerName {
  readonly name: string;
  /** The target of a CNAME record, or of an alias record in Route 53: `conferenceAlb-1234.eu-west-1.elb.amazonaws.com`. */
  readonly dnsName: string;
  /** `HostedZoneId` of an alias record: the ID of Elastic Load Balancing's own hosted zone. */
  readonly zoneId: string;
}

export interface Destroyed {
  readonly deleted: readonly { readonly resource: string; readonly name: string }[];
  readonly kept: readonly {
    readonly resource: string;
    readonly name: string;
    readonly why: string;
    /** Of a fleet: the deployment that owns it; `undefined` if deployments share it. */
    readonly deployment?: string | undefined;
  }[];
}

/** The colors of a blue/green deployment and their traffic. */
export interface ReleaseStatus {
  readonly live: Color | undefined;
  readonly idle: Color | undefined;
  /**
   * The idle color if it runs the newer version: it was deployed with `{ hold: true }`, or all traffic was taken back
   * from it. `promote()` shifts the traffic to it.
   */
  readonly held: Color | undefined;
  /** Percent of the traffic. */
  readonly weights: Readonly<Record<Color, number>>;
  readonly colors: Readonly<Record<Color, ColorStatus | undefined>>;
  /** Where a person can look at the held version (`blueGreen({ preview })`); `undefined`: nowhere. */
  readonly preview: ReleasePreview | undefined;
  /** When the idle color will be stopped (`keepOld`); `undefined` if that is not scheduled. */
  readonly keptUntil: Date | undefined;
  /**
   * True if the idle color should have been stopped at `keptUntil`, more than five minutes ago, and still runs:
   * EventBridge Scheduler could not stop it, and it costs its tasks until `retire()`.
   */
  readonly stopOverdue: boolean;
}

export interface ColorStatus {
  /** The name of the ECS service. */
  readonly service: string;
  /** A number that increases with every release: the higher one is the newer version. */
  readonly release: number;
  readonly taskDefinition: string;
  /** The image as in the task definition; `undefined` if that was deleted. */
  readonly image: string | undefined;
  /** When its version was deployed: its last rollout began. */
  readonly deployedAt: Date | undefined;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
}

/** Where a color answers that gets no traffic. */
export interface ReleasePreview {
  readonly color: Color;
  readonly url: string;
  /** The headers that a request must have; empty if the host is its own. */
  readonly headers: Readonly<Record<string, string>>;
}

export type { ActivityStatus, AlarmStatus, DimensionStatus } from "../scaling/scaling-status.js";

export interface ScalingStatus {
  readonly tasks: DimensionStatus | undefined;
  readonly instances: DimensionStatus | undefined;
}

export interface ServiceStatus {
  readonly service: string;
  /** `undefined` if only the name is known, and nothing is deployed under it. */
  readonly cluster: string | undefined;
  readonly exists: boolean;
  /** True if the latest rollout is complete, every desired task is running, and every target is healthy. */
  readonly isHealthy: boolean;
  readonly url: string | undefined;
  readonly taskDefinition: string | undefined;
  readonly image: string | undefined;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
  readonly rollout:
    | {
        readonly id: string;
        readonly state: string;
        readonly reason: string | undefined;
        readonly failedTasks: number;
      }
    | undefined;
  readonly targets: readonly TargetHealth[];
  /** The number of container instances of the cluster that are ACTIVE with a connected agent. */
  readonly instances: number;
  /** The last ten events of the service, newest first. */
  readonly events: readonly ServiceEvent[];
  /** The scaling of tasks and of instances, as far as the chain has `.autoscale(…)`. */
  readonly scaling?: ScalingStatus | undefined;
  /**
   * Only with blue/green behind a Network Load Balancer, where ECS shifts the connections: the weights of the listeners'
   * target groups, by their names. The one with 100 serves.
   */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** Only with blue/green behind an Application Load Balancer; all other fields are then about the live color. */
  readonly release?: ReleaseStatus | undefined;
  /** The status as text: what is running, and everything that is unhealthy, by name. */
  toString(): string;
}

export type { HostAmi, HostStatus } from "../cluster/hosts.js";
export type { ScaleIn } from "../scaling/scale-in.js";
