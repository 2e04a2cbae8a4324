import type { ScalingStep, ScheduleEntry } from "./scaling-options.js";

/**
 * The EC2 instances that a cluster's tasks run on. Tasks share the network interface of their instance
 * (bridge mode), and ECS chooses their ports on it: CPU and memory alone limit how many fit.
 */
export interface Ec2Options {
  /** Such as `"t3.small"`. A task cannot span instances, so the largest task must fit. @defaultValue `"t3.small"` */
  readonly instanceType?: string | undefined;
  /**
   * An AMI with the ECS agent.
   * @defaultValue the ECS-optimized Amazon Linux 2023 that AWS recommends for the instance type's
   * architecture when the launch template is created; a later recommendation replaces no instances
   */
  readonly ami?: string | undefined;
  /**
   * For SSH: the name of a key pair that exists, or `{ name, createTo }` to create one when there is
   * none, its private key written to that file (mode 0600).
   * @defaultValue none
   */
  readonly keyPair?: string | KeyPairOptions | undefined;
  /** The instances' security group. It accepts the load balancer's group only. @defaultValue `{cluster}-instances` */
  readonly securityGroup?: string | undefined;
  /** The instances' IAM role, and their instance profile of the same name. @defaultValue `{cluster}-instance-role` */
  readonly instanceRole?: string | undefined;
  /** Spot instances: cheaper, and AWS may take them back at two minutes' notice. @defaultValue `false` */
  readonly spot?: boolean | undefined;
  /** Shell lines, at most 15 KB, that run after quayside's own at each instance's first boot. */
  readonly userData?: string | undefined;
}

export interface KeyPairOptions {
  readonly name: string;
  /** Where the private key of a new key pair is written, such as `"./conference-key.pem"`. */
  readonly createTo?: string | undefined;
}

export interface FargateOptions {
  /** Spare capacity: cheaper, and AWS may take it back at two minutes' notice. @defaultValue `false` */
  readonly spot?: boolean | undefined;
}

/**
 * How many instances the cluster has, and what that follows: the steps, or, without any, what the tasks
 * need.
 *
 * In AWS: in either case a capacity provider, through which ECS drains an instance before it ends: its
 * tasks are replaced elsewhere first. With steps also a scaling policy and a CloudWatch alarm for each
 * direction of each metric, and detailed monitoring of the instances, so that a minute is a minute; AWS
 * bills both. Instances that ran before are protected from scale-in, for ECS may never drain them.
 *
 * @example
 * ```ts
 * import { Cluster } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t2.micro" }).autoscale({
 *   min: 2,
 *   max: 4,
 *   steps: [
 *     { when: "cpu >= 30", for: "60s", add: 2 },
 *     { when: "cpu <= 10", for: "5m", remove: 1 },
 *   ],
 * });
 * ```
 */
export interface ClusterAutoscaleOptions {
  /** @defaultValue 2, or `max` if that is less */
  readonly min?: number | undefined;
  /** 1 or more. @defaultValue 4, or `min` if that is more */
  readonly max?: number | undefined;
  /**
   * Rules of your own: step scaling policies of the Auto Scaling group, each with its CloudWatch alarm.
   * @defaultValue none: ECS scales the instances to what its tasks need (managed scaling of a capacity provider)
   */
  readonly steps?: readonly ScalingStep[] | undefined;
  readonly schedule?: readonly ScheduleEntry[] | undefined;
  /**
   * Per cent of the instances that tasks shall need, 1 to 100: below 100 some stay spare. Not with `steps`.
   * @defaultValue 100
   */
  readonly targetCapacity?: number | undefined;
}
