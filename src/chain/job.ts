import type { Overrides } from "../aws/overrides.js";
import { ownerOf } from "../aws/owner.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { ConfiguredJob, JobDeployed, JobStatus } from "../operations/job-operations.js";
import type { Destroyed, DestroyOptions, OperationOptions } from "../operations/results.js";
import type { RunOptions, RunResult } from "../operations/run-tasks.js";
import type { LogLine } from "../operations/tail.js";
import type { JobSpec } from "../spec/deployment-spec.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { JobInput } from "../spec/input.js";
import { Issues } from "../spec/parsing/issues.js";
import type { ImageOptions } from "../spec/image.js";
import type { TailOptions } from "../spec/operation-options.js";
import type { ScheduleOptions } from "../spec/job-schedule.js";
import { checkOperationOptions } from "../spec/operation-options.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { toJobSpec } from "../spec/to-job-spec.js";
import { checkTailOptions, checkTaskOptions } from "../spec/operation-options.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import { loadOperations } from "./load-operations.js";
import { networkClouds } from "./networked-chain.js";
import { sharedOverrides } from "./shared-overrides.js";
import { parseOverrides } from "../spec/overrides.js";
import type { Assembled } from "./chain.js";
import { cloudOf } from "./cloud-of.js";
import type { Cluster } from "./cluster.js";
import { permissionsFor } from "./permissions-for.js";
import { withDockerfiles } from "./dockerfile-input.js";
import type { HasCluster, HasImage, NoCalls, Ready } from "./not-ready.js";
import { emptyTaskInput, TaskChain, type TaskChainMethods } from "./task-chain.js";

declare const state: unique symbol;

/**
 * Tasks that run to completion, on a schedule or on demand. No service keeps them running.
 *
 * A job is immutable: every method returns a new one. The operations (`plan`, `deploy`, `run` and others) require
 * `.image()` and `.cluster()`, and validate the description before they send any request. `image`, `container`,
 * `sidecar`, `env`, `secrets`, `cluster`, `logs`, `taskRole`, `tags`, `override` and `on` have the same arguments
 * as those of a `Deployment`.
 *
 * @typeParam State - the calls that the chain has had; it is inferred
 * @example
 * ```ts
 * import { Job } from "quayside";
 *
 * await new Job("nightly-report")
 *   .image("registry.example.com/report:7")
 *   .cluster("conference-cluster")
 *   .schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris" })
 *   .deploy();
 *
 * const load = new Job("load").image("registry.example.com/load:1").cluster("conference-cluster");
 * const { tasks } = await load.run({ count: 20, environment: { TARGET: "http://example.com/talk" } });
 * ```
 */
export interface Job<State extends object = NoCalls> extends TaskChainMethods {
  /** Exists only in the type. */
  readonly [state]?: State;

  /** Sets the image, as `Deployment.image` does. */
  image(source: string | URL, options?: ImageOptions): Job<State & HasImage>;
  /** Sets the cluster, as `Deployment.cluster` does. */
  cluster(cluster: string | Cluster): Job<State & HasCluster>;

  /**
   * Runs the job on a schedule: `cron(minutes hours day-of-month month day-of-week year)`, `rate(1 hour)` or
   * `at(2030-01-31T18:00:00)`. Creates an EventBridge Scheduler schedule in its own schedule group, and a role
   * that permits only running this job's tasks. A later call replaces this one.
   *
   * A `rate` starts with the deploy. A `cron` follows its time zone: a time that does not exist when daylight
   * saving time begins is skipped that day, and a time that occurs twice when it ends runs once. An `at` that has
   * passed schedules nothing, which a warning says.
   *
   * @example
   * ```ts
   * import { Job } from "quayside";
   *
   * const cleanUp = new Job("clean-up").schedule("rate(6 hours)");
   * ```
   */
  schedule(expression: string, options?: ScheduleOptions): Job<State>;

  /**
   * Returns what a deploy would change. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(this: Ready<State, Job<State>>, options?: OperationOptions): Promise<Plan>;

  /**
   * Creates or updates the resources of the job's tasks and its schedule, and deletes those that are no longer
   * described. Starts no task. The ten newest revisions of the task definition are kept; older ones are
   * deregistered.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(this: Ready<State, Job<State>>, options?: OperationOptions): Promise<JobDeployed>;

  /**
   * Runs the job's tasks now, whether it is deployed or not: missing resources are created first. A task that
   * fails is a result, not an error.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError, QuaysideError (`tasks-not-placed`)
   */
  run(this: Ready<State, Job<State>>, options?: RunOptions): Promise<RunResult>;

  /**
   * Returns the schedule and the latest runs. ECS describes a stopped task for about an hour. Afterwards, while its
   * log stream is kept, only the run itself and its logs (`tail`) are available.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(this: Ready<State, Job<State>>, options?: OperationOptions): Promise<JobStatus>;

  /**
   * Returns the log events of the job's tasks in order of time, as `Deployment.tail` does.
   *
   * @throws SpecError, AwsError, QuaysideError (`not-deployed`: the log group was not found)
   */
  tail(this: Ready<State, Job<State>>, options?: TailOptions): AsyncIterable<LogLine>;

  /**
   * Deletes the resources with this job's tags, and its cluster if nothing else uses it; never anything else.
   * Running tasks are stopped first. A repository with images is kept, unless `{ images: true }` is set.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(this: Ready<State, Job<State>>, options?: DestroyOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the job's operations succeed: plain JSON, for the role or the user
   * that runs them. It is narrowed by names, region, account and quayside's tags, and changes with the
   * description. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * IAM limits a managed policy to 6,144 characters without white space, and the inline policies of a role to
   * 10,240. Statements are independent: put those of a longer policy into several managed policies.
   *
   * @throws SpecError
   */
  permissions(this: Ready<State, Job<State>>, options?: PermissionOptions): PolicyDocument;

  /**
   * Returns the description with all defaults, as plain frozen data. Sends no requests.
   *
   * @throws SpecError
   */
  toJSON(this: Ready<State, Job<State>>): JobSpec;
}

/** The constructor of `Job`. */
export interface JobConstructor {
  /**
   * Describes a job.
   *
   * @param name - 1 to 245 letters, digits, hyphens and underscores, different from the names of deployments.
   * @defaultValue the last segment of the image's repository or directory
   */
  new (name?: string): Job;
  readonly prototype: Job;
}

const checkDestroyOptions = (options: unknown, issues: Issues): void =>
  checkOperationOptions(options, issues, ["images"]);

const OPERATIONS = ["plan", "deploy", "run", "status", "tail", "destroy"] as const;

const emptyInput = (name: unknown): JobInput => ({ ...emptyTaskInput(name), schedule: undefined });

const JobChain = class Job extends TaskChain<JobInput> {
  constructor(name?: unknown) {
    super(name, emptyInput);
    Object.freeze(this);
  }

  schedule(expression: unknown, options?: unknown) {
    return this.with({ schedule: { expression, options: frozenCopy(options) } });
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    const configured = this.#configure(options);
    const { planJob } = await loadOperations();
    return planJob(configured, options);
  }

  async deploy(options?: OperationOptions): Promise<JobDeployed> {
    const configured = this.#configure(options);
    const { deployJob } = await loadOperations();
    return deployJob(configured, options);
  }

  async run(options?: RunOptions): Promise<RunResult> {
    const configured = this.#configure(options, checkTaskOptions);
    const { runTasks } = await loadOperations();
    return runTasks(configured, { owner: ownerOf.job(configured.spec.name), exec: false }, options);
  }

  async status(options?: OperationOptions): Promise<JobStatus> {
    const configured = this.#configure(options);
    const { jobStatus } = await loadOperations();
    return jobStatus(configured, options);
  }

  async *tail(options?: TailOptions): AsyncGenerator<LogLine, void, void> {
    const configured = this.#configure(options, checkTailOptions);
    const { tail } = await loadOperations();
    yield* tail(configured, options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    const configured = this.#configure(options, checkDestroyOptions, false);
    const { destroyJob } = await loadOperations();
    return destroyJob(configured, options);
  }

  permissions(options?: PermissionOptions): PolicyDocument {
    const { spec } = this.#configure(undefined, undefined, false);
    return permissionsFor({ jobs: [spec] }, OPERATIONS, options, `Job ${spec.name}`);
  }

  toJSON(): JobSpec {
    return this.#configure().spec;
  }

  protected next(assembled: Assembled<JobInput>): Job {
    return new JobChain(assembled);
  }

  #configure(
    options?: unknown,
    check: (options: unknown, issues: Issues) => void = checkOperationOptions,
    buildsImage = true,
  ): ConfiguredJob {
    const issues = new Issues();
    const { name, cluster, cloud, overrides } = this.input;
    const spec = toJobSpec(withDockerfiles(this.input, buildsImage), issues);
    const clusterClouds =
      cluster !== undefined && "described" in cluster
        ? [cluster.described.cloud, ...networkClouds(cluster.described.network)]
        : [];
    const configured: ConfiguredJob = {
      spec,
      overrides: parseOverrides(overrides, OVERRIDABLE, issues) as Overrides,
      sharedOverrides: sharedOverrides({ cluster }, issues),
      cloud: cloudOf(cloud === undefined ? clusterClouds : [cloud], issues),
    };
    check(options, issues);
    issues.throwIfAny(typeof name === "string" && name !== "" ? `Job ${name}` : "Job");
    return configured;
  }
};

export const Job: JobConstructor = JobChain;
