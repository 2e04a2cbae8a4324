import { Assembled, CLUSTER_INPUT } from "./chain-input.js";
import type { ClusterAutoscaleOptions, Ec2Options, FargateOptions } from "./spec/cluster-options.js";
import { frozenCopy } from "./spec/frozen-copy.js";
import type { ClusterInput } from "./spec/input.js";

/**
 * An ECS cluster and the capacity that its tasks run on, shared by the deployments that name it.
 *
 * It is created by the first deployment that needs it, and kept as described; the last one's `destroy()`
 * removes it. A cluster of that name that quayside did not make is refused with `OwnershipError` (code
 * `not-owned`), unless the run is given `adopt: true`; one given to a deployment by its bare name is
 * used as it is.
 *
 * Immutable: every method returns a new cluster. What is wrong is said by the deployment that uses it,
 * in a `SpecError` with paths such as `cluster.ec2.instanceType`.
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
export interface Cluster {
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
   * The size of the Auto Scaling group: how many EC2 instances there are at least and at most. Not on
   * Fargate.
   *
   * @defaultValue `{ min: 2, max: 4 }`
   * @example
   * ```ts
   * import { Cluster } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").ec2().autoscale({ min: 2, max: 6 });
   * ```
   */
  autoscale(options: ClusterAutoscaleOptions): Cluster;

  /**
   * Tags of your own on everything that the cluster owns, beside quayside's four: at most 46, keys of 1
   * to 128 and values of 0 to 256 letters, digits, spaces and `_.:/=+-@` (AWS's rule). Calls merge.
   */
  tags(tags: Readonly<Record<string, string>>): Cluster;
}

export interface ClusterConstructor {
  /**
   * @param name - 1 to 248 letters, digits, hyphens and underscores, unique in the region. Without a
   * call of `ec2` or `fargate` the cluster runs on EC2 instances with all defaults.
   */
  new (name: string): Cluster;
  readonly prototype: Cluster;
}

const fresh = (name: unknown): ClusterInput => ({
  name,
  capacity: undefined,
  autoscale: undefined,
  tags: [],
});

const ClusterChain = class Cluster {
  readonly #input: ClusterInput;

  constructor(name: unknown) {
    this.#input = name instanceof Assembled ? (name.input as ClusterInput) : Object.freeze(fresh(name));
    Object.freeze(this);
  }

  ec2(options?: unknown) {
    return this.#with({ capacity: { type: "ec2", options: frozenCopy(options) } });
  }

  fargate(options?: unknown) {
    return this.#with({ capacity: { type: "fargate", options: frozenCopy(options) } });
  }

  autoscale(options: unknown) {
    return this.#with({ autoscale: { options: frozenCopy(options) } });
  }

  tags(tags: unknown) {
    return this.#with({ tags: [...this.#input.tags, frozenCopy(tags)] });
  }

  get [CLUSTER_INPUT](): ClusterInput {
    return this.#input;
  }

  #with(change: Partial<ClusterInput>): Cluster {
    return new ClusterChain(new Assembled({ ...this.#input, ...change }));
  }
};

export const Cluster: ClusterConstructor = ClusterChain;
