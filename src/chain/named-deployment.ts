import type { Cloud } from "../aws/cloud.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { ExecOptions, ExecSession } from "../operations/exec.js";
import type { Release } from "../operations/history.js";
import type { BlueGreenRelease } from "../operations/release/blue-green-release.js";
import type { Destroyed, DestroyOptions, OperationOptions, ServiceStatus } from "../operations/results.js";
import type { RollbackOptions, RollbackResult } from "../operations/rollback.js";
import type { LogLine } from "../operations/tail.js";
import type { Named } from "../operations/with-deployment.js";
import { scopeByName } from "../permissions/scope-by-name.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import { DEPLOYMENT_NAME, nameProblem } from "../spec/names.js";
import {
  checkExecOptions,
  checkOperationOptions,
  checkRollbackOptions,
  checkTailOptions,
  type ExtraOption,
  type TailOptions,
} from "../spec/operation-options.js";
import { formatValue } from "../spec/parsing/format-value.js";
import { Issues } from "../spec/parsing/issues.js";
import { cloudOf } from "./cloud-of.js";
import { loadOperations } from "./load-operations.js";
import { permissionsFor } from "./permissions-for.js";

/**
 * A deployment that is known by its name only, as `Deployment.named(name)` returns it: what AWS knows of it serves, in
 * its tags, its services and its task definition. Its operations are those of `Deployment` that describe nothing.
 * They reject with a `QuaysideError` (code `not-deployed`) if it is not deployed, except `status` and `destroy`.
 */
export interface NamedDeployment {
  /**
   * Sets the cloud.
   *
   * @defaultValue `aws()`: the region and credentials that the AWS SDK finds in the environment
   */
  on(cloud: Cloud): NamedDeployment;

  /** Returns the current state; `exists` is false if it is not deployed. See `Deployment.status`. */
  status(options?: OperationOptions): Promise<ServiceStatus>;

  /** Returns the log events of its containers. See `Deployment.tail`. */
  tail(options?: TailOptions): AsyncIterable<LogLine>;

  /**
   * Deletes what has the deployment's tags, and its cluster and load balancer if it may delete them and no other
   * deployment uses them. Succeeds if it is not deployed. See `Deployment.destroy`.
   */
  destroy(options?: DestroyOptions): Promise<Destroyed>;

  /**
   * Returns the release with its two colors. See `Deployment.release`.
   *
   * @throws QuaysideError `no-release` if it is not blue/green
   */
  release(options?: OperationOptions): Promise<BlueGreenRelease>;

  /** Rolls it back to an earlier release. See `Deployment.rollback`. */
  rollback(options?: RollbackOptions): Promise<RollbackResult>;

  /** Returns its releases, newest first. See `Deployment.history`. */
  history(options?: OperationOptions): Promise<readonly Release[]>;

  /** Starts a command in a running container. See `Deployment.exec`. */
  exec(options?: ExecOptions): Promise<ExecSession>;

  /**
   * Returns the least IAM policy with which these operations succeed, whatever the cluster and the load balancer are.
   * It is narrowed by the deployment's name and by the owner tags of quayside, as far as AWS allows; the reads of IAM,
   * ECS and Elastic Load Balancing have no resource-level permissions. `for: ["destroy"]` also allows to delete the
   * clusters and load balancers that quayside created, since the last deployment in them deletes them.
   * `Deployment.permissions` of the chain is narrower: it names them. Not in it is `cloudwatch:PutMetricAlarm` on an alarm
   * that existed before and triggers scaling (`when: { alarm }`), which `destroy` needs besides: only the chain names it.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const policy = Deployment.named("talk-service").permissions({ region: "eu-west-1", for: ["status", "tail"] });
   * ```
   *
   * @throws SpecError if the name or an option is invalid
   */
  permissions(options?: PermissionOptions): PolicyDocument;
}

const OPERATIONS = ["status", "tail", "destroy", "release", "rollback", "history", "exec"] as const;

/** What an operation checks of its options. */
interface Checked {
  readonly extraOptions?: readonly ExtraOption[];
  readonly check?: (options: unknown, issues: Issues, extraOptions: readonly ExtraOption[]) => void;
}

/** The class behind the interface. */
class NamedDeploymentChain implements NamedDeployment {
  readonly #name: unknown;
  readonly #cloud: unknown;

  constructor(name: unknown, cloud?: unknown) {
    this.#name = name;
    this.#cloud = cloud;
    Object.freeze(this);
  }

  on(cloud: unknown): NamedDeployment {
    return new NamedDeploymentChain(this.#name, cloud);
  }

  async status(options?: OperationOptions): Promise<ServiceStatus> {
    const configured = this.#configure(options);
    const { status } = await loadOperations();
    return status(configured, options);
  }

  async *tail(options?: TailOptions): AsyncGenerator<LogLine, void, void> {
    const configured = this.#configure(options, { check: checkTailOptions });
    const { tail } = await loadOperations();
    yield* tail(configured, options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    const configured = this.#configure(options, { extraOptions: ["images"] });
    const { destroy } = await loadOperations();
    return destroy(configured, options);
  }

  async release(options?: OperationOptions): Promise<BlueGreenRelease> {
    const configured = this.#configure(options);
    const { release } = await loadOperations();
    return release(configured, options);
  }

  async rollback(options?: RollbackOptions): Promise<RollbackResult> {
    const configured = this.#configure(options, { check: checkRollbackOptions });
    const { rollback } = await loadOperations();
    return rollback(configured, options);
  }

  async history(options?: OperationOptions): Promise<readonly Release[]> {
    const configured = this.#configure(options);
    const { history } = await loadOperations();
    return history(configured, options);
  }

  async exec(options?: ExecOptions): Promise<ExecSession> {
    const configured = this.#configure(options, { check: checkExecOptions });
    const { exec } = await loadOperations();
    return exec(configured, options);
  }

  permissions(options?: PermissionOptions): PolicyDocument {
    const { named: name } = this.#configure(undefined);
    return permissionsFor(
      scopeByName(name),
      { all: [...OPERATIONS, "by-name"], defaults: OPERATIONS, always: ["by-name"] },
      options,
      `Deployment ${name}`,
    );
  }

  #configure(options: unknown, { extraOptions = [], check = checkOperationOptions }: Checked = {}): Named {
    const issues = new Issues();
    const problem = nameProblem(DEPLOYMENT_NAME, this.#name);
    if (problem !== undefined) issues.add("name", problem);
    const cloud = cloudOf([this.#cloud], issues);
    check(options, issues, extraOptions);
    const name = typeof this.#name === "string" ? this.#name : formatValue(this.#name);
    issues.throwIfAny(problem === undefined ? `Deployment ${name}` : "Deployment");
    return { named: name, cloud };
  }
}

export const namedDeployment = (name: unknown): NamedDeployment => new NamedDeploymentChain(name);
