import { ownerOf } from "../aws/owner.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { ExecOptions, ExecSession } from "../operations/exec.js";
import type { Release } from "../operations/history.js";
import type { BlueGreenRelease } from "../operations/release/blue-green-release.js";
import type {
  Configured,
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  OperationOptions,
  ServiceStatus,
} from "../operations/results.js";
import type { RollbackOptions, RollbackResult } from "../operations/rollback.js";
import type { RunOptions, RunResult } from "../operations/run-tasks.js";
import type { LogLine } from "../operations/tail.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { isFurtherRoute } from "../spec/further-routes.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { DeploymentInput } from "../spec/input.js";
import { Issues } from "../spec/parsing/issues.js";
import type { TailOptions } from "../spec/operation-options.js";
import { checkOperationOptions } from "../spec/operation-options.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { subjectOf, toSpec } from "../spec/to-spec.js";
import {
  checkExecOptions,
  checkRollbackOptions,
  checkTailOptions,
  checkTaskOptions,
  type ExtraOption,
} from "../spec/operation-options.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import { loadOperations } from "./load-operations.js";
import { networkClouds } from "./networked-chain.js";
import { sharedOverrides } from "./shared-overrides.js";
import { parseOverrides } from "../spec/overrides.js";
import { DEPLOYMENT_INPUT, networkRouteInput, routeInput } from "./chain-input.js";
import type { Assembled } from "./chain.js";
import { cloudOf } from "./cloud-of.js";
import { namedDeployment, type NamedDeployment } from "./named-deployment.js";
import { permissionsFor } from "./permissions-for.js";
import { withDockerfiles } from "./dockerfile-input.js";
import { fromTaskDefinition } from "./from-task-definition.js";
import { emptyTaskInput, TaskChain } from "./task-chain.js";

const emptyInput = (name: unknown): DeploymentInput => ({
  ...emptyTaskInput(name),
  service: [],
  route: undefined,
  blueGreen: undefined,
  autoscale: undefined,
  beforeRelease: undefined,
});

const OPERATIONS = [
  "plan",
  "deploy",
  "release",
  "rollback",
  "status",
  "history",
  "tail",
  "run",
  "exec",
  "destroy",
] as const;

/** The class behind the interface `Deployment`. */
class Deployment extends TaskChain<DeploymentInput> {
  #configured: Configured | undefined;

  static named(name: unknown): NamedDeployment {
    return namedDeployment(name);
  }

  constructor(name?: unknown) {
    super(name, emptyInput);
    Object.freeze(this);
  }

  static fromTaskDefinition(json: unknown, options?: unknown): Deployment {
    return fromTaskDefinition((name) => new Deployment(name), json, options);
  }

  port(port: unknown) {
    return this.container({ port });
  }

  service(options: unknown) {
    return this.with({ service: [...this.input.service, frozenCopy(options)] });
  }

  behindAlb(loadBalancer?: unknown, options?: unknown) {
    const route = routeInput(loadBalancer, options);
    return isFurtherRoute(route.options)
      ? this.with({ furtherRoutes: [...(this.input.furtherRoutes ?? []), route] })
      : this.with({ route });
  }

  behindNlb(loadBalancer: unknown, options?: unknown) {
    const call = networkRouteInput(loadBalancer, options);
    return this.with({ networkRoutes: [...(this.input.networkRoutes ?? []), call] });
  }

  connect(options: unknown = {}) {
    return this.with({ connect: [...(this.input.connect ?? []), frozenCopy(options)] });
  }

  serviceDiscovery(options: unknown = {}) {
    return this.with({
      serviceDiscovery: [...(this.input.serviceDiscovery ?? []), frozenCopy(options)],
    });
  }

  autoscale(options: unknown) {
    return this.with({ autoscale: { options: frozenCopy(options) } });
  }

  beforeRelease(options: unknown) {
    return this.with({ beforeRelease: { options: frozenCopy(options) } });
  }

  blueGreen(options: unknown = {}) {
    return this.with({ blueGreen: { options: frozenCopy(options) } });
  }

  async plan(options?: DeployOptions): Promise<Plan> {
    const configured = this.#configure(options, { extraOptions: this.#deployOptions });
    const { plan } = await loadOperations();
    return plan(configured, options);
  }

  async deploy(options?: DeployOptions): Promise<Deployed> {
    const configured = this.#configure(options, { extraOptions: this.#deployOptions });
    const { deploy } = await loadOperations();
    return deploy(configured, options);
  }

  async release(options?: OperationOptions): Promise<BlueGreenRelease> {
    const configured = this.#configure(options, { buildsImage: false, blueGreen: true });
    const { release } = await loadOperations();
    return release(configured, options);
  }

  async status(options?: OperationOptions): Promise<ServiceStatus> {
    const configured = this.#configure(options, { buildsImage: false });
    const { status } = await loadOperations();
    return status(configured, options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    const configured = this.#configure(options, { buildsImage: false, extraOptions: ["images"] });
    const { destroy } = await loadOperations();
    return destroy(configured, options);
  }

  async *tail(options?: TailOptions): AsyncGenerator<LogLine, void, void> {
    const configured = this.#configure(options, { buildsImage: false, check: checkTailOptions });
    const { tail } = await loadOperations();
    yield* tail(configured, options);
  }

  async run(options?: RunOptions): Promise<RunResult> {
    const configured = this.#configure(options, { check: checkTaskOptions });
    const { spec } = configured;
    const { exec, placement } = spec.service;
    const { runTasks } = await loadOperations();
    return runTasks(configured, { owner: ownerOf.deployment(spec.name), exec, placement }, options);
  }

  async history(options?: OperationOptions): Promise<readonly Release[]> {
    const configured = this.#configure(options, { buildsImage: false });
    const { history } = await loadOperations();
    return history(configured, options);
  }

  async rollback(options?: RollbackOptions): Promise<RollbackResult> {
    const configured = this.#configure(options, { buildsImage: false, check: checkRollbackOptions });
    const { rollback } = await loadOperations();
    return rollback(configured, options);
  }

  async exec(options?: ExecOptions): Promise<ExecSession> {
    const configured = this.#configure(options, { buildsImage: false, check: checkExecOptions });
    const { exec } = await loadOperations();
    return exec(configured, options);
  }

  permissions(options?: PermissionOptions): PolicyDocument {
    const { spec } = this.#configure(undefined, { buildsImage: false });
    // By default without the operations that the description does not allow.
    const unsupported = new Set<string>([
      ...(spec.blueGreen === undefined ? ["release"] : []),
      ...(spec.service.exec ? [] : ["exec"]),
    ]);
    const defaults = OPERATIONS.filter((operation) => !unsupported.has(operation));
    const operations = { all: [...OPERATIONS, "by-name"] as const, defaults };
    return permissionsFor({ deployments: [spec] }, operations, options, subjectOf(this.input));
  }

  toJSON(): DeploymentSpec {
    return this.#configure().spec;
  }

  get #deployOptions(): readonly ExtraOption[] {
    return this.#hasColors ? ["hold", "wait"] : ["wait"];
  }

  /** False if ECS itself shifts the traffic, of a Network Load Balancer or of a name in Service Connect. */
  get #hasColors(): boolean {
    return this.input.blueGreen !== undefined && this.input.route !== undefined;
  }

  get [DEPLOYMENT_INPUT](): DeploymentInput {
    return this.input;
  }

  protected next(assembled: Assembled<DeploymentInput>) {
    return new Deployment(assembled);
  }

  /**
   * Validates the chain and an operation's options before any request is sent. The result is cached, unless
   * the image is built from a directory, whose Dockerfile may have changed.
   */
  #configure(
    options?: unknown,
    {
      buildsImage = true,
      extraOptions = [],
      check = checkOperationOptions,
      blueGreen = false,
    }: ConfigureOptions = {},
  ): Configured {
    const issues = new Issues();
    if (blueGreen && !this.#hasColors) {
      issues.add(
        "blueGreen",
        this.input.blueGreen === undefined
          ? "is required for release(): call .blueGreen(...) first"
          : "needs an Application Load Balancer for release(): without one, ECS itself shifts the traffic, in deploy() and rollback()",
      );
    }
    const input = withDockerfiles(this.input, buildsImage);
    const known = input === this.input ? this.#configured : undefined;
    const cloud = this.input.cloud === undefined ? this.#configured?.cloud : this.input.cloud;
    const configured = known ?? configureDeployment({ ...input, cloud }, issues);
    check(options, issues, extraOptions);
    issues.throwIfAny(subjectOf(this.input));
    this.#configured = configured;
    return configured;
  }
}

export { Deployment as DeploymentChain };

export interface ConfigureOptions {
  /** False if the operation does not need the image's directory. @defaultValue `true` */
  readonly buildsImage?: boolean;
  /** The options that only this operation has. */
  readonly extraOptions?: readonly ExtraOption[];
  /** True if the operation requires a blue/green deployment. */
  readonly blueGreen?: boolean;
  readonly check?: (options: unknown, issues: Issues, extraOptions: readonly ExtraOption[]) => void;
}

export function configureDeployment(input: DeploymentInput, issues: Issues): Configured {
  const spec = toSpec(input, issues);
  const overrides = parseOverrides(input.overrides, OVERRIDABLE, issues) as Configured["overrides"];
  const cloud = cloudOf(cloudsOf(input), issues);
  const verify = (input.blueGreen?.options as { readonly verify?: Configured["verify"] } | undefined)?.verify;
  const shared = sharedOverrides(input, issues);
  return Object.freeze({ spec, overrides, sharedOverrides: shared, cloud, verify });
}

/** Returns the deployment's own cloud, or those of its cluster and its load balancer. */
export const cloudsOf = ({
  cloud,
  cluster,
  route,
  furtherRoutes = [],
  networkRoutes = [],
}: DeploymentInput): readonly unknown[] => {
  if (cloud !== undefined) return [cloud];
  const balancers = [route, ...furtherRoutes, ...networkRoutes].flatMap((each) => each?.loadBalancer ?? []);
  return [
    ...(cluster !== undefined && "described" in cluster
      ? [cluster.described.cloud, ...networkClouds(cluster.described.network)]
      : []),
    ...balancers.flatMap((balancer) =>
      "described" in balancer ? [balancer.described.cloud, ...networkClouds(balancer.described.network)] : [],
    ),
  ];
};
