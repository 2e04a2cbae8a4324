import type { Cloud } from "../aws/cloud.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { ConfiguredFleet, FleetDeployed, FleetStatus } from "../operations/fleet-operations.js";
import type { Destroyed, DestroyOptions, DeployOptions, OperationOptions } from "../operations/results.js";
import type { FleetResult } from "../operations/settle-fleet.js";
import { reportFleetConflicts } from "../spec/fleet-conflicts.js";
import { formatValue } from "../spec/parsing/format-value.js";
import type { ClusterInput, DeploymentInput, LoadBalancerInput, RouteInput } from "../spec/input.js";
import { Issues } from "../spec/parsing/issues.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import { checkOperationOptions } from "../spec/operation-options.js";
import { DEPLOYMENT_INPUT } from "./chain-input.js";
import { cloudOf } from "./cloud-of.js";
import { cloudsOf, configureDeployment, type ConfigureOptions } from "./deployment-chain.js";
import type { Deployment } from "./deployment.js";
import { loadOperations } from "./load-operations.js";
import type { Ready } from "./not-ready.js";
import { permissionsFor } from "./permissions-for.js";
import { withDockerfiles } from "./dockerfile-input.js";

/**
 * Several deployments with one plan and one run: shared resources are read and created once, and everything
 * else runs in parallel.
 *
 * If one deployment describes a cluster or load balancer, deployments that refer to it by name use the same
 * description. Conflicting descriptions, and names or listener rules that two deployments use, are reported in a
 * `SpecError` (code `invalid-spec`) before any request is sent. Overrides of a deployment apply to its own
 * resources; for the cluster and the load balancer, the overrides of all deployments apply in order.
 *
 * A fleet is immutable: `on` returns a new one.
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
   * Sets the cloud of all deployments.
   *
   * @defaultValue the cloud of the deployments, which must be the same for all
   */
  on(cloud: Cloud): Fleet;

  /**
   * Returns what a deploy of all would change. Changes nothing. Warnings name rules that shadow others.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Makes AWS match all descriptions, and waits until every service is healthy. If one fails, steps in progress
   * are completed first. It can be run again: completed steps are kept.
   *
   * @throws SpecError, OwnershipError, AwsError, RolloutError, AbortedError, TimeoutError
   */
  deploy(options?: FleetDeployOptions & { readonly settle?: false | undefined }): Promise<FleetDeployed>;
  /**
   * With `{ settle: true }`, a deployment that fails does not stop the others: resolves with one result each, in the
   * given order. Rejects only for what concerns all of them: an abort, the timeout, an invalid description, and what
   * they share, as long as nothing was changed.
   *
   * @example
   * ```ts
   * import { Fleet, type CompleteDeployment } from "quayside";
   *
   * export async function deployAll(previews: readonly CompleteDeployment[]): Promise<void> {
   *   for (const { deployment, ok, error } of await new Fleet(...previews).deploy({ settle: true })) {
   *     console.log(deployment, ok === undefined ? error.message : ok.url);
   *   }
   * }
   * ```
   */
  deploy(options: FleetDeployOptions & { readonly settle: true }): Promise<readonly FleetResult[]>;

  /**
   * Returns the current state of each deployment.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(options?: OperationOptions): Promise<FleetStatus>;

  /**
   * Deletes all deployments, and their clusters and load balancers if no other deployment uses them.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(options?: DestroyOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the fleet's operations succeed: plain JSON, for the role or the user
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

/** Options of a fleet's `deploy()`. */
export interface FleetDeployOptions extends Omit<DeployOptions, "hold"> {
  /** True to get a result for each deployment, whether it failed or not, instead of the first error. @defaultValue `false` */
  readonly settle?: boolean | undefined;
}

/** The deployments, each with `NotReady` in place of one that lacks a call: the compiler then says which. */
export type ReadyToDeploy<Given extends readonly (Deployment | readonly Deployment[])[]> = {
  readonly [Index in keyof Given]: Given[Index] extends Deployment<infer State>
    ? Ready<State, Given[Index]>
    : Given[Index] extends readonly Deployment<infer State>[]
      ? readonly Ready<State, Deployment<State>>[]
      : never;
};

/** The constructor of `Fleet`. */
export interface FleetConstructor {
  /** @param deployments - one or more deployments, each with an image and a cluster, or lists of them */
  new <const Given extends readonly (Deployment | readonly Deployment[])[]>(
    ...deployments: ReadyToDeploy<Given>
  ): Fleet;
  readonly prototype: Fleet;
}

const FleetChain = class Fleet {
  readonly #deployments: readonly unknown[];
  #cloud: unknown;

  constructor(...deployments: readonly unknown[]) {
    this.#deployments = Object.freeze(deployments.flat());
    Object.freeze(this);
  }

  on(cloud: unknown) {
    const fleet = new FleetChain(...this.#deployments);
    fleet.#cloud = cloud;
    return fleet;
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    const configured = this.#configure(options);
    const { planFleet } = await loadOperations();
    return planFleet(configured, options);
  }

  // The interface tells the results apart.
  async deploy(options?: FleetDeployOptions): Promise<never> {
    const fleet = this.#configure(options, { extraOptions: ["wait", "settle"] });
    const { settle = false, ...deployOptions } = options ?? {};
    const { deployFleet, deploySettled } = await loadOperations();
    const result = settle ? deploySettled(fleet, deployOptions) : deployFleet(fleet, deployOptions);
    return result as Promise<never>;
  }

  async status(options?: OperationOptions): Promise<FleetStatus> {
    const configured = this.#configure(options, { buildsImage: false });
    const { fleetStatus } = await loadOperations();
    return fleetStatus(configured, options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    const configured = this.#configure(options, { buildsImage: false, extraOptions: ["images"] });
    const { destroyFleet } = await loadOperations();
    return destroyFleet(configured, options);
  }

  permissions(options?: PermissionOptions): PolicyDocument {
    const { deployments } = this.#configure(undefined, { buildsImage: false });
    const scope = { deployments: deployments.map(({ spec }) => spec) };
    const defaults = ["plan", "deploy", "status", "destroy"] as const;
    return permissionsFor(scope, { all: [...defaults, "by-name"], defaults }, options, "Fleet");
  }

  #configure(
    options: unknown,
    { buildsImage = true, extraOptions = [] }: ConfigureOptions = {},
  ): ConfiguredFleet {
    const issues = new Issues();
    const inputs = resolveReferences(inputsOf(this.#deployments, issues));
    checkOperationOptions(options, issues, extraOptions);
    // The fleet's cloud overrides the clouds of its deployments.
    const clouds = this.#cloud === undefined ? inputs.flatMap(cloudsOf) : [this.#cloud];
    const cloud = cloudOf(clouds, issues);
    const deployments = inputs.map((input) => configureOne(input, cloud, buildsImage, issues));
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

/** Validates one deployment, and prefixes its issues with its name. */
function configureOne(input: DeploymentInput, cloud: Cloud, buildsImage: boolean, issues: Issues) {
  const own = new Issues();
  const configured = configureDeployment({ ...withDockerfiles(input, buildsImage), cloud }, own);
  for (const { path, message } of own.list) issues.add(`${configured.spec.name}.${path}`, message);
  return configured;
}

/** Replaces references by name to clusters and load balancers that another deployment describes. */
function resolveReferences(inputs: readonly DeploymentInput[]): DeploymentInput[] {
  const clusters = new Map<unknown, ClusterInput>();
  const balancers = new Map<unknown, LoadBalancerInput>();
  for (const { cluster, route: main, furtherRoutes = [] } of inputs) {
    if (cluster !== undefined && "described" in cluster) {
      clusters.set(cluster.described.name, clusters.get(cluster.described.name) ?? cluster.described);
    }
    for (const route of [main, ...furtherRoutes]) {
      if (route === undefined || !("described" in route.loadBalancer)) continue;
      const { described } = route.loadBalancer;
      balancers.set(described.name, balancers.get(described.name) ?? described);
    }
  }
  return inputs.map((input) => ({
    ...input,
    cluster: input.cluster && resolve(input.cluster, clusters),
    route: input.route && resolveRoute(input.route, balancers),
    ...(input.furtherRoutes && {
      furtherRoutes: input.furtherRoutes.map((route) => resolveRoute(route, balancers)),
    }),
  }));
}

const resolveRoute = (route: RouteInput, balancers: ReadonlyMap<unknown, LoadBalancerInput>): RouteInput => ({
  ...route,
  loadBalancer: resolve(route.loadBalancer, balancers),
});

type Reference<Input> = { readonly named: unknown } | { readonly described: Input };

function resolve<Input>(
  reference: Reference<Input>,
  described: ReadonlyMap<unknown, Input>,
): Reference<Input> {
  const other = "named" in reference ? described.get(reference.named) : undefined;
  return other === undefined ? reference : { described: other };
}
