import type { Overrides } from "../aws/overrides.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { ClusterDeployed, ClusterStatus } from "../operations/cluster-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import type { Ec2Options } from "../spec/ec2.js";
import type { ExecLoggingOptions } from "../spec/exec-logging.js";
import type { FargateOptions } from "../spec/fargate.js";
import type { IamOptions } from "../spec/iam.js";
import type { ManagedInstancesOptions } from "../spec/managed-instances.js";
import type { NetworkOptions } from "../spec/network.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import type { ClusterAutoscaleOptions } from "../spec/scaling/cluster-autoscale.js";
import type { ChainMethods } from "./chain.js";
import type { Network } from "./network.js";
import { ClusterChain } from "./cluster-chain.js";

/**
 * An ECS cluster and its capacity, which several deployments can share.
 *
 * The first deployment that uses the cluster creates it, later ones update it to match the description, and
 * the `destroy()` of the last one deletes it. If a cluster of this name exists and is not managed by quayside,
 * the run rejects with an `OwnershipError` (code `not-owned`), unless it has the option `adopt: true`. To use a
 * cluster as it is, pass its name to the deployment instead.
 *
 * A cluster is immutable: every method returns a new one. Invalid options are reported by the operations of
 * the cluster, or of a deployment that uses it, in a `SpecError` with paths such as `cluster.ec2.instanceType`.
 *
 * @example
 * ```ts
 * import { Cluster } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster")
 *   .ec2({ instanceType: "t3.micro", keyPair: "conference-key" })
 *   .autoscale({ min: 2, max: 4 });
 * ```
 */
export interface Cluster extends ChainMethods {
  /**
   * Runs the tasks on EC2 instances. Creates a launch template (IMDSv2 only), an Auto Scaling group with one
   * subnet per Availability Zone, a security group, a role and an instance profile. AWS bills the instances,
   * whether tasks run on them or not. A later call of `ec2`, `fargate` or
   * `managedInstances` replaces this one.
   *
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").ec2({
   *   instanceType: "t3.micro",
   *   keyPair: { name: "conference-key", createTo: "./conference-key.pem" },
   *   securityGroup: "conferenceEcsSecurityGroup",
   *   instanceRole: "ecsInstanceRole",
   * });
   * ```
   */
  ec2(options?: Ec2Options): Cluster;

  /**
   * Runs the tasks on Fargate, without instances. AWS bills the size of each task by the second. Each task has
   * its own network interface. A later call of `ec2`, `fargate` or
   * `managedInstances` replaces this one.
   *
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").fargate({ spot: true });
   * ```
   */
  fargate(options?: FargateOptions): Cluster;

  /**
   * Runs the tasks on ECS Managed Instances: EC2 instances that ECS launches for the tasks, places them on, patches
   * within three weeks, and terminates when they are idle. Creates a capacity provider of the cluster, a security group,
   * ECS's infrastructure role, and a role with an instance profile. AWS bills the instances and a fee for their
   * management; without tasks there are none. Tasks have the network mode `awsvpc` or `host`, and ECS gives them no
   * public address: they need subnets with a route to a NAT gateway to reach the internet. A later call of `ec2`,
   * `fargate` or `managedInstances` replaces this one.
   *
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const talks = new Cluster("talks").managedInstances({ instanceTypes: ["m7g.*", "c7g.*"], monitoring: "detailed" });
   * ```
   */
  managedInstances(options?: ManagedInstancesOptions): Cluster;

  /**
   * Scales the EC2 instances. Not supported on Fargate. A later call replaces this one. A deploy never sets the
   * number of instances, only its bounds.
   *
   * With `steps`, creates step scaling policies of the Auto Scaling group with CloudWatch alarms, and enables
   * detailed monitoring of the instances (AWS bills both). Without `steps`, creates a capacity provider with
   * ECS managed scaling and managed termination protection for the cluster's services. In either case, ECS
   * drains an instance before it terminates: its tasks are replaced on other instances first.
   *
   * @defaultValue 2 to 4 instances, without scaling
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").ec2().autoscale({
   *   min: 2,
   *   max: 4,
   *   steps: [
   *     { when: "cpu >= 30", for: "60s", add: 2 },
   *     { when: "cpu <= 10", for: "5m", remove: 1 },
   *   ],
   * });
   * ```
   */
  autoscale(options: ClusterAutoscaleOptions): Cluster;

  /**
   * Sets the permissions boundary and the path of the instances' role and instance profile. A later call replaces this
   * one.
   */
  iam(options: IamOptions): Cluster;

  /**
   * Sets CloudWatch Container Insights: `"enabled"` for metrics of the cluster and its services, `"enhanced"` also for
   * those of tasks and containers, `"disabled"` for none. AWS bills them as custom metrics. A later call replaces this
   * one.
   *
   * @defaultValue the account's setting, or what the cluster has
   */
  insights(level: "enhanced" | "enabled" | "disabled"): Cluster;

  /**
   * Sets where the sessions of ECS Exec (`exec()`) are logged: `"default"`, to the log group of the task; `"none"`; or a
   * log group and a bucket that exist, with a KMS key for the session if wanted. Task roles of deployments with
   * `service({ exec: true })` get the permissions that it needs. A later call replaces this one.
   *
   * @defaultValue what the cluster has; ECS's default is `"default"`
   * @throws QuaysideError `no-log-group`, before anything is changed
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("prod").execLogging({ logGroup: "/audit/exec", bucket: "audit-logs", keyPrefix: "exec" });
   * ```
   */
  execLogging(options: "none" | "default" | ExecLoggingOptions): Cluster;

  /**
   * Sets the network of the instances and tasks: a `Network` that quayside creates, in whose private subnets they are, or
   * an existing VPC, existing subnets, or both. An unsuitable network is reported before anything is changed. A later
   * call replaces this one.
   *
   * @defaultValue the default VPC, one subnet per Availability Zone
   * @throws QuaysideError `no-vpc`, `no-subnets`, `different-vpcs`, `instance-type-not-offered`
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const byId = new Cluster("conference-cluster").network({ subnets: ["subnet-0123456789abcdef0"] });
   * const byTag = new Cluster("conference-cluster").network({ vpc: "main", subnets: { Tier: "private" } });
   * ```
   */
  network(options: NetworkOptions | Network): Cluster;

  /**
   * Changes the requests for the cluster and its capacity, also in the runs of deployments that use it: each function gets
   * quayside's input and returns the input to send. A later override of the same operation wins.
   *
   * What exists is compared with its create request as overridden: what differs is changed in place (launch
   * template, Auto Scaling group, instance role), and the plan names it. An override that is removed leaves what
   * it set.
   *
   * @throws SpecError for an operation that cannot be overridden; QuaysideError `invalid-override`
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("prod").override({
   *   createLaunchTemplate: (input) => ({
   *     ...input,
   *     LaunchTemplateData: { ...input.LaunchTemplateData, EbsOptimized: true },
   *   }),
   * });
   * ```
   */
  override(overrides: Overrides): Cluster;

  /**
   * Returns what `deploy` would change. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Creates or updates the cluster and its capacity, and waits until its instances have registered.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<ClusterDeployed>;

  /**
   * Deploys the cluster, and replaces all instances that are out of date: those with an older AMI than the one that ECS
   * recommends now (unless `ami` names one), or with another type, tag, user data or other setting than described.
   *
   * Auto Scaling's instance refresh launches a new instance, lets ECS drain an old one, and goes on with the next; at
   * most a tenth of the instances, and at least one, are replaced at a time, also if they are protected from scale-in.
   * Each takes about five minutes.
   *
   * A refresh of an earlier run is followed, another actor's is waited for. If `signal` aborts the run, AWS rolls the
   * refresh back, as it does if new instances are not healthy within an hour; a `timeout` leaves it going.
   *
   * @defaultValue `timeout`: `"12h"`
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError; QuaysideError `refresh-failed`,
   * `no-container-instances`
   * @example
   * ```ts
   * import { Cluster, terminalReporter } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").ec2();
   * await cluster.refresh({ onEvent: terminalReporter() });
   * ```
   */
  refresh(options?: OperationOptions): Promise<ClusterDeployed>;

  /**
   * Returns the current services, tasks and instances of the cluster.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(options?: OperationOptions): Promise<ClusterStatus>;

  /**
   * Deletes the cluster and its capacity. A cluster that still runs tasks is kept, and returned with the reason.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(options?: OperationOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the cluster's operations succeed: plain JSON, for the role or the user
   * that runs them. It is narrowed by names, region, account and quayside's tags, and changes with the
   * description. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * IAM limits a managed policy to 6,144 characters without white space, and the inline policies of a role to
   * 10,240. Statements are independent: put those of a longer policy into several managed policies.
   *
   * @throws SpecError
   */
  permissions(options?: PermissionOptions): PolicyDocument;
}

/** The constructor of `Cluster`. */
export interface ClusterConstructor {
  /**
   * Describes a cluster. Without a call of `ec2` or `fargate`, it has EC2 instances with default options.
   *
   * @param name - 1 to 248 letters, digits, hyphens and underscores, unique in the region
   */
  new (name: string): Cluster;

  /**
   * Uses an existing cluster, which is never changed or deleted, and its container instances. Call `.fargate()`
   * to run tasks on Fargate. Apart from the deployment's own resources, quayside only adds a rule for the load
   * balancer to the instances' security group.
   *
   * @throws QuaysideError `no-cluster`, `no-container-instances`
   * @example
   * ```ts
   * import { Cluster, Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").cluster(Cluster.existing("shared-cluster"));
   * ```
   */
  existing(name: string): Cluster;
  readonly prototype: Cluster;
}

export const Cluster: ClusterConstructor = ClusterChain;
