import type { Cloud } from "../aws/cloud.js";
import type { Overrides } from "../aws/overrides.js";
import type { Color } from "../bluegreen/colors.js";
import type { Verify } from "../bluegreen/verify-color.js";
import type { QuaysideEvent } from "../engine/events.js";
import type { Plan } from "../engine/plan.js";
import type { ServiceEvent, TargetHealth } from "../errors.js";
import type { DimensionStatus } from "../scaling/scaling-status.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";

/** A finished chain: what shall be, where, and the user's last words on requests. */
export interface Configured {
  readonly spec: DeploymentSpec;
  /** What the user's code asks of a new color. */
  readonly verify?: Verify | undefined;
  readonly overrides: Overrides;
  readonly cloud: Cloud;
}

export interface OperationOptions {
  /** Ends the run: what is in flight ends properly, then `AbortedError`. */
  readonly signal?: AbortSignal;
  /** Hears what happens while it happens. What it throws is not caught. */
  readonly onEvent?: (event: QuaysideEvent) => void;
  /** A duration such as `"20m"`. @defaultValue `"30m"`, and what a blue/green release's steps take */
  readonly timeout?: string;
  /** Take over what exists under a described name without our tags, instead of `OwnershipError`. @defaultValue `false` */
  readonly adopt?: boolean;
}

export interface DestroyOptions extends OperationOptions {
  /** Delete the images of the deployment's own ECR repository, too, and the repository. @defaultValue `false`: it is kept unless it is empty */
  readonly images?: boolean;
}

export interface DeployOptions extends OperationOptions {
  /**
   * Only blue/green: the new color comes up and is verified; no traffic moves until `release()` says so
   * or a later deploy goes on. @defaultValue `false`
   */
  readonly hold?: boolean;
}

export interface Deployed {
  /** Where the service answers; `undefined` without a load balancer. */
  readonly url: string | undefined;
  readonly changes: Plan["changes"];
  /** The ECS service's name. */
  readonly service: string;
  /** ARN of the revision that runs now. */
  readonly taskDefinition: string;
  /** What runs, pinned by its digest where the registry is ECR. */
  readonly image: string;
  readonly cluster: string;
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface Destroyed {
  readonly deleted: readonly { readonly resource: string; readonly name: string }[];
  readonly kept: readonly { readonly resource: string; readonly name: string; readonly why: string }[];
}

/** Which color has the requests, and what each of them is. */
export interface ReleaseStatus {
  readonly live: Color | undefined;
  readonly idle: Color | undefined;
  /** Per cent of the requests. */
  readonly weights: Readonly<Record<Color, number>>;
  readonly colors: Readonly<Record<Color, ColorStatus | undefined>>;
  /** When the idle color is stopped, if that has been arranged (`keepOld`). */
  readonly keptUntil: Date | undefined;
}

export interface ColorStatus {
  /** The ECS service. */
  readonly service: string;
  /** Counted up with every release: the higher one is the newer version. */
  readonly release: number;
  readonly taskDefinition: string;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
}

export type { ActivityStatus, AlarmStatus, DimensionStatus } from "../scaling/scaling-status.js";

export interface ScalingStatus {
  readonly tasks: DimensionStatus | undefined;
  readonly instances: DimensionStatus | undefined;
}

export interface ServiceStatus {
  readonly service: string;
  readonly cluster: string;
  readonly exists: boolean;
  /** The latest rollout is complete, every desired task runs, and every target is healthy. */
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
  /** Container instances of the cluster that are ACTIVE with a connected agent. */
  readonly instances: number;
  /** Newest first, ten at most. */
  readonly events: readonly ServiceEvent[];
  /** In both of ECS's dimensions, as far as the chain says `.autoscale`. */
  readonly scaling?: ScalingStatus | undefined;
  /** Of a blue/green deployment; everything else is then the live color's. */
  readonly release?: ReleaseStatus | undefined;
  /** As a person reads it: what runs, and what is not well by name. */
  toString(): string;
}

export type { ScaleIn } from "../scaling/scale-in.js";
