import type { Cloud } from "../aws/cloud.js";
import type { Plan } from "../engine/plan.js";
import {
  deployFleet,
  destroyFleet,
  fleetStatus,
  planFleet,
  type ConfiguredFleet,
  type FleetDeployed,
  type FleetStatus,
} from "../operations/fleet-operations.js";
import type { Destroyed, DestroyOptions, OperationOptions } from "../operations/results.js";
import { reportFleetConflicts } from "../spec/fleet-conflicts.js";
import { formatValue } from "../spec/parsing/format-value.js";
import type { ClusterInput, DeploymentInput, LoadBalancerInput } from "../spec/input.js";
import { Issues } from "../spec/parsing/issues.js";
import { checkActOptions } from "../spec/operation-options.js";
import { DEPLOYMENT_INPUT } from "./chain-input.js";
import { cloudOf } from "./cloud-of.js";
import { cloudsOf, readDescribed, type Describing } from "./deployment-chain.js";
import type { CompleteDeployment } from "./deployment.js";
import { withDockerfile } from "./dockerfile-input.js";

/**
 * Several deployments as one: one plan and one run, in which what they share is read and made once and
 * everything else is done beside each other.
 *
 * A cluster or load balancer that one of them describes is also meant by the others that only name it.
 * Two different descriptions of one, and names or requests that two of them claim, are a `SpecError`
 * (code `invalid-spec`) that names both, before anything is sent. An override of one deployment is for
 * its own resources; on the cluster and the load balancer the overrides of all are applied, in order.
 *
 * Immutable: `on` returns a new fleet.
 *
 * @example
 * ```ts
 * import { Cluster, Deployment, Fleet, LoadBalancer } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.small" });
 * const alb = new LoadBalancer("conferenceAlb");
 * const service = (name: string) =>
 *   new Deployment(name).image(`registry.example.com/${name}:1`).port(8080).cluster(cluster);
 *
 * const { deployments } = await new Fleet(
 *   service("talk-service").behindAlb(alb, { path: "/talk*", healthCheck: "/health" }),
 *   service("speaker-service").behindAlb(alb, { path: "/speaker*", healthCheck: "/health" }),
 * ).deploy();
 * console.log(deployments.map(({ url }) => url));
 * ```
 */
export interface Fleet {
  /**
   * Where AWS is, for all of them.
   *
   * @defaultValue what the deployments say, which must be the same cloud
   */
  on(cloud: Cloud): Fleet;

  /**
   * What a deploy of all would do. Changes nothing. Its warnings name rules that hide others.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Makes AWS match all descriptions and waits until every service runs and is healthy. When one fails,
   * what is in flight ends properly, and running again continues from there.
   *
   * @throws SpecError, OwnershipError, AwsError, RolloutError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<FleetDeployed>;

  /**
   * What runs now, of each.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(options?: OperationOptions): Promise<FleetStatus>;

  /**
   * Deletes all of them, and the clusters and load balancers that they shared once nobody else uses them.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(options?: DestroyOptions): Promise<Destroyed>;
}

export interface FleetConstructor {
  /** @param deployments - one or more, each with its image and its cluster */
  new (...deployments: readonly [CompleteDeployment, ...CompleteDeployment[]]): Fleet;
  readonly prototype: Fleet;
}

const FleetChain = class Fleet {
  readonly #deployments: readonly unknown[];
  #cloud: unknown;

  constructor(...deployments: readonly unknown[]) {
    this.#deployments = Object.freeze([...deployments]);
    Object.freeze(this);
  }

  on(cloud: unknown) {
    const fleet = new FleetChain(...this.#deployments);
    fleet.#cloud = cloud;
    return fleet;
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    return planFleet(this.#describe(options), options);
  }

  async deploy(options?: OperationOptions): Promise<FleetDeployed> {
    return deployFleet(this.#describe(options), options);
  }

  async status(options?: OperationOptions): Promise<FleetStatus> {
    return fleetStatus(this.#describe(options, { builds: false }), options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    return destroyFleet(this.#describe(options, { builds: false, more: ["images"] }), options);
  }

  #describe(options: unknown, { builds = true, more = [] }: Describing = {}): ConfiguredFleet {
    const issues = new Issues();
    const inputs = shareDescriptions(inputsOf(this.#deployments, issues));
    checkActOptions(options, issues, more);
    // Said once for all, or by the deployments; what one of them says otherwise does not count then.
    const clouds = this.#cloud === undefined ? inputs.flatMap(cloudsOf) : [this.#cloud];
    const cloud = cloudOf(clouds, issues);
    const deployments = inputs.map((input) => readOne(input, cloud, builds, issues));
    if (issues.list.length === 0)
      reportFleetConflicts(
        deployments.map(({ spec }) => spec),
        issues,
      );
    issues.throwIfAny("Fleet");
    return { deployments, cloud };
  }
};

export const Fleet: FleetConstructor = FleetChain;

function inputsOf(deployments: readonly unknown[], issues: Issues): DeploymentInput[] {
  if (deployments.length === 0) issues.add("deployments", "must be one or more: new Fleet(talk, speaker)");
  return deployments.flatMap((deployment) => {
    if (typeof deployment === "object" && deployment !== null && DEPLOYMENT_INPUT in deployment) {
      return [deployment[DEPLOYMENT_INPUT] as DeploymentInput];
    }
    issues.add(
      "deployments",
      `must be deployments, such as new Deployment("talk-service"); got ${formatValue(deployment)}`,
    );
    return [];
  });
}

/** What is wrong with one of them, under its name. */
function readOne(input: DeploymentInput, cloud: Cloud, builds: boolean, issues: Issues) {
  const own = new Issues();
  const described = readDescribed({ ...input, image: withDockerfile(input.image, builds), cloud }, own);
  for (const { path, message } of own.list) issues.add(`${described.spec.name}.${path}`, message);
  return described;
}

/** Whoever only names a cluster or load balancer means the one that another deployment describes. */
function shareDescriptions(inputs: readonly DeploymentInput[]): DeploymentInput[] {
  const clusters = new Map<unknown, ClusterInput>();
  const balancers = new Map<unknown, LoadBalancerInput>();
  for (const { cluster, route } of inputs) {
    if (cluster !== undefined && "described" in cluster) {
      clusters.set(cluster.described.name, clusters.get(cluster.described.name) ?? cluster.described);
    }
    if (route !== undefined && "described" in route.loadBalancer) {
      const { described } = route.loadBalancer;
      balancers.set(described.name, balancers.get(described.name) ?? described);
    }
  }
  return inputs.map((input) => ({
    ...input,
    cluster: input.cluster && shared(input.cluster, clusters),
    route: input.route && { ...input.route, loadBalancer: shared(input.route.loadBalancer, balancers) },
  }));
}

type Given<Input> = { readonly named: unknown } | { readonly described: Input };

function shared<Input>(given: Given<Input>, described: ReadonlyMap<unknown, Input>): Given<Input> {
  const other = "named" in given ? described.get(given.named) : undefined;
  return other === undefined ? given : { described: other };
}
