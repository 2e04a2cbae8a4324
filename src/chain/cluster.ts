import type { Plan } from "../engine/plan.js";
import {
  clusterStatus,
  deployCluster,
  destroyCluster,
  planCluster,
  type ClusterDeployed,
  type ClusterStatus,
} from "../operations/cluster-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import { defaultClusterInput } from "../spec/default-input.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { ClusterInput } from "../spec/input.js";
import type { Issues } from "../spec/parsing/issues.js";
import type { ClusterAutoscaleOptions } from "../spec/scaling/cluster-autoscale.js";
import type { FargateOptions } from "../spec/fargate.js";
import type { Ec2Options } from "../spec/ec2.js";
import type { NetworkOptions } from "../spec/network.js";
import { parseCluster } from "../spec/cluster.js";
import { CLUSTER_INPUT } from "./chain-input.js";
import { Assembled, type AnyChain } from "./chain.js";
import { SharedChain } from "./shared-chain.js";

/**
 * An ECS cluster and the capacity that its tasks run on, shared by the deployments that name it.
 *
 * It is created by the first deployment that needs it, and kept as described; the last one's `destroy()`
 * removes it. A cluster of that name that quayside did not make is refused with `OwnershipError` (code
 * `not-owned`), unless the run is given `adopt: true`; one given to a deployment by its bare name is
 * used as it is.
 *
 * Immutable: every method returns a new cluster. What is wrong is said by the deployment that uses it, or
 * by its own `plan`, `deploy`, `status` and `destroy`, in a `SpecError` with paths such as `cluster.ec2.instanceType`.
 *
 * @example
 * ```ts
 * import { Cluster } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster")
 *   .ec2({ instanceType: "t2.micro", keyPair: "conference-key" })
 *   .autoscale({ min: 2, max: 4 });
 * ```
 */
export interface Cluster extends AnyChain {
  /**
   * Tasks run on EC2 instances: a launch template (IMDSv2 only) and an Auto Scaling group over one
   * subnet per zone, with a security group, a role and an instance profile. AWS bills the instances,
   * whether tasks run on them or not. A later call of `ec2` or `fargate` replaces this one.
   *
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").ec2({
   *   instanceType: "t2.micro",
   *   keyPair: { name: "conference-key", createTo: "./conference-key.pem" },
   *   securityGroup: "conferenceEcsSecurityGroup",
   *   instanceRole: "ecsInstanceRole",
   * });
   * ```
   */
  ec2(options?: Ec2Options): Cluster;

  /**
   * Tasks run on Fargate: no instances, AWS bills the size of every task by the second. Every task gets
   * a network interface of its own. A later call of `ec2` or `fargate` replaces this one.
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
   * How many EC2 instances there are, and what their number follows. Not on Fargate. A later call
   * replaces this one; a deploy never sets the number of instances, only its bounds.
   *
   * With `steps`: step scaling policies of the Auto Scaling group, with CloudWatch alarms of their own and
   * detailed monitoring of the instances (AWS bills both). Without: a capacity provider with ECS's
   * managed scaling and termination protection, which the services then use. Either way ECS drains an
   * instance that is to go: its tasks are replaced elsewhere first.
   *
   * @defaultValue 2 to 4 instances, whose number nothing changes
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
   * Where its instances and tasks stand: a VPC, subnets of it, or both, which exist already. What would
   * not work there is said before anything is changed. A later call replaces this one.
   *
   * @defaultValue the default VPC, one subnet per zone
   * @throws QuaysideError `no-vpc`, `no-subnets`, `different-vpcs`, `instance-type-not-offered`
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const byId = new Cluster("conference-cluster").network({ subnets: ["subnet-0123456789abcdef0"] });
   * const byTag = new Cluster("conference-cluster").network({ vpc: "main", subnets: { Tier: "private" } });
   * ```
   */
  network(options: NetworkOptions): Cluster;

  /**
   * What `deploy` would do. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Makes the cluster and its capacity, and waits until its instances have registered.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<ClusterDeployed>;

  /** Its services, tasks and instances, as they are now. */
  status(options?: OperationOptions): Promise<ClusterStatus>;

  /** Deletes it with its capacity, unless something still runs in it: then it is returned as kept. */
  destroy(options?: OperationOptions): Promise<Destroyed>;
}

export interface ClusterConstructor {
  /**
   * @param name - 1 to 248 letters, digits, hyphens and underscores, unique in the region. Without a
   * call of `ec2` or `fargate` the cluster runs on EC2 instances with all defaults.
   */
  new (name: string): Cluster;

  /**
   * A cluster that exists, whoever made it: used and never changed or deleted. Its container instances
   * are taken as they are; call `.fargate()` for tasks on Fargate. Beside the deployment's own resources
   * only an entry is added to the instances' security group, for the load balancer.
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

const acts = { plan: planCluster, deploy: deployCluster, status: clusterStatus, destroy: destroyCluster };

const ClusterChain = class Cluster extends SharedChain<
  ClusterInput,
  ClusterSpec,
  ClusterDeployed,
  ClusterStatus
> {
  constructor(name: unknown) {
    super(name, defaultClusterInput);
    Object.freeze(this);
  }

  ec2(options?: unknown) {
    return this.with({ capacity: { type: "ec2", options: frozenCopy(options) } });
  }

  fargate(options?: unknown) {
    return this.with({ capacity: { type: "fargate", options: frozenCopy(options) } });
  }

  autoscale(options: unknown) {
    return this.with({ autoscale: { options: frozenCopy(options) } });
  }

  static existing(name: unknown) {
    return new ClusterChain(new Assembled({ ...defaultClusterInput(name), existing: true }));
  }

  get [CLUSTER_INPUT](): ClusterInput {
    return this.input;
  }

  protected get acts() {
    return acts;
  }

  protected get noun() {
    return "Cluster";
  }

  protected read(issues: Issues): ClusterSpec {
    return parseCluster({ described: this.input }, issues);
  }

  protected next(assembled: Assembled<ClusterInput>): Cluster {
    return new ClusterChain(assembled);
  }
};

export const Cluster: ClusterConstructor = ClusterChain;
