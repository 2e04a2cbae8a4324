import type { ClusterDeployed, ClusterStatus } from "../operations/cluster-operations.js";
import type { OperationOptions } from "../operations/results.js";
import { parseCluster, type ClusterSpec } from "../spec/cluster.js";
import { defaultClusterInput } from "../spec/default-input.js";
import type { ClusterInput } from "../spec/input.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { Issues } from "../spec/parsing/issues.js";
import { CLUSTER_INPUT } from "./chain-input.js";
import { Assembled } from "./chain.js";
import { loadOperations } from "./load-operations.js";
import { NetworkedChain } from "./networked-chain.js";

class Cluster extends NetworkedChain<ClusterInput, ClusterSpec, ClusterDeployed, ClusterStatus> {
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

  managedInstances(options?: unknown) {
    return this.with({ capacity: { type: "managed-instances", options: frozenCopy(options) } });
  }

  autoscale(options: unknown) {
    return this.with({ autoscale: { options: frozenCopy(options) } });
  }

  iam(options: unknown) {
    return this.with({ iam: { options: frozenCopy(options) } });
  }

  insights(level: unknown) {
    return this.with({ insights: level });
  }

  execLogging(options: unknown) {
    return this.with({ execLogging: frozenCopy(options) });
  }

  static existing(name: unknown) {
    return new Cluster(new Assembled({ ...defaultClusterInput(name), existing: true }));
  }

  get [CLUSTER_INPUT](): ClusterInput {
    return this.input;
  }

  async refresh(options?: OperationOptions): Promise<ClusterDeployed> {
    const configured = this.configure(options);
    const { refreshCluster } = await loadOperations();
    return refreshCluster(configured, options);
  }

  protected override get purposes() {
    return ["plan", "deploy", "refresh", "status", "destroy"] as const;
  }

  protected async loadOperations() {
    const operations = await loadOperations();
    return {
      plan: operations.planCluster,
      deploy: operations.deployCluster,
      status: operations.clusterStatus,
      destroy: operations.destroyCluster,
    };
  }

  protected get resourceType() {
    return "Cluster";
  }

  protected scopeOf(spec: ClusterSpec) {
    return { clusters: [spec] };
  }

  protected parse(issues: Issues): ClusterSpec {
    return parseCluster({ described: this.input }, issues);
  }

  protected next(assembled: Assembled<ClusterInput>): Cluster {
    return new Cluster(assembled);
  }
}

export { Cluster as ClusterChain };
