import type { Overrides } from "../aws/overrides.js";
import { ownerOf } from "../aws/owner.js";
import type { Plan } from "../engine/plan.js";
import {
  deployJob,
  destroyJob,
  jobStatus,
  planJob,
  type ConfiguredJob,
  type JobDeployed,
  type JobStatus,
} from "../operations/job-operations.js";
import type { Destroyed, DestroyOptions, OperationOptions } from "../operations/results.js";
import { runTasks, type RunOptions, type RunResult } from "../operations/run-tasks.js";
import { tail, type LogLine } from "../operations/tail.js";
import type { JobSpec } from "../spec/deployment-spec.js";
import { frozenCopy } from "../spec/parsing/frozen-copy.js";
import type { JobInput } from "../spec/input.js";
import { Issues } from "../spec/parsing/issues.js";
import type { ImageOptions } from "../spec/image.js";
import type { TailOptions } from "../spec/operation-options.js";
import type { ScheduleOptions } from "../spec/job-schedule.js";
import { checkActOptions } from "../spec/operation-options.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { toJobSpec } from "../spec/to-job-spec.js";
import { checkTailOptions, checkTaskOptions } from "../spec/operation-options.js";
import { parseOverrides } from "../spec/overrides.js";
import type { Assembled } from "./chain.js";
import { cloudOf } from "./cloud-of.js";
import type { Cluster } from "./cluster.js";
import { withDockerfile } from "./dockerfile-input.js";
import type { Ready } from "./not-ready.js";
import { freshTask, TaskChain, type AnyTaskChain } from "./task-chain.js";

declare const said: unique symbol;

type Acting<Said extends object> = Ready<Said, Job<Said>>;

/**
 * Tasks that run and end: on a schedule, or when they are told to. No service keeps them running.
 *
 * Immutable: every method returns a new job, and nothing is looked at or sent before one of the acts,
 * which need `.image()` and `.cluster()`. What `image`, `container`, `sidecar`, `env`, `secrets`, `cluster`, `logs`,
 * `taskRole`, `tags`, `override` and `on` take is what a `Deployment` takes.
 *
 * @typeParam Said - what the chain has been told; it comes by itself
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
export interface Job<Said extends object = object> extends AnyTaskChain {
  /** Only in types. */
  readonly [said]?: Said;

  image(source: string, options?: ImageOptions): Job<Said & { readonly image: true }>;
  cluster(cluster: string | Cluster): Job<Said & { readonly cluster: true }>;

  /**
   * When it runs by itself: `cron(minutes hours day-of-month month day-of-week year)`, `rate(1 hour)` or
   * `at(2030-01-31T18:00:00)`. Makes a schedule of EventBridge Scheduler in a group of its own, and a role
   * that may run this job's tasks and nothing else; AWS does the rest, with nothing of yours running. Of
   * two calls the later one counts.
   *
   * A `rate` begins as soon as it is deployed. A `cron` follows its time zone's clocks: a time that summer
   * time leaves out is skipped that day, one that winter time repeats comes once.
   *
   * @example
   * ```ts
   * import { Job } from "quayside";
   *
   * const cleanUp = new Job("clean-up").schedule("rate(6 hours)");
   * ```
   */
  schedule(expression: string, options?: ScheduleOptions): Job<Said>;

  /** What a deploy would do. Changes nothing. @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError */
  plan(this: Acting<Said>, options?: OperationOptions): Promise<Plan>;

  /**
   * Makes what its tasks need, and its schedule, and removes what it no longer describes. Starts no task.
   * The ten newest revisions of its task definition stay; older ones are deregistered.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(this: Acting<Said>, options?: OperationOptions): Promise<JobDeployed>;

  /**
   * Runs it now, `count` times, whether it is deployed or not: what its tasks need and is not there is
   * made first. A task that fails is a result, not an error.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError, QuaysideError (`tasks-not-placed`)
   */
  run(this: Acting<Said>, options?: RunOptions): Promise<RunResult>;

  /**
   * Its schedule and its last runs. ECS forgets a task about an hour after its end: of older ones, as far
   * as their log streams are kept, only that they ran is known, and what they wrote (`tail`).
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(this: Acting<Said>, options?: OperationOptions): Promise<JobStatus>;

  /** The lines of its tasks, merged by time: as a deployment's `tail`. */
  tail(this: Acting<Said>, options?: TailOptions): AsyncIterable<LogLine>;

  /**
   * Deletes what carries this job's tags, and the cluster once nobody else uses it; never anything else.
   * Its tasks that still run are stopped first. A repository that holds images stays, unless `images` is
   * true.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(this: Acting<Said>, options?: DestroyOptions): Promise<Destroyed>;

  /** The description with all its defaults, as plain frozen data. Sends nothing. @throws SpecError */
  toJSON(this: Acting<Said>): JobSpec;
}

export interface JobConstructor {
  /** @param name - as a deployment's, of which no other may have it. @defaultValue the last segment of the image's repository */
  new (name?: string): Job;
  readonly prototype: Job;
}

const checkDestroyOptions = (options: unknown, issues: Issues): void =>
  checkActOptions(options, issues, ["images"]);

const fresh = (name: unknown): JobInput => ({ ...freshTask(name), schedule: undefined });

const JobChain = class Job extends TaskChain<JobInput> {
  constructor(name?: unknown) {
    super(name, fresh);
    Object.freeze(this);
  }

  schedule(expression: unknown, options?: unknown) {
    return this.with({ schedule: { expression, options: frozenCopy(options) } });
  }

  async plan(options?: OperationOptions): Promise<Plan> {
    return planJob(this.#describe(options), options);
  }

  async deploy(options?: OperationOptions): Promise<JobDeployed> {
    return deployJob(this.#describe(options), options);
  }

  async run(options?: RunOptions): Promise<RunResult> {
    const described = this.#describe(options, checkTaskOptions);
    return runTasks(described, { owner: ownerOf.job(described.spec.name), exec: false }, options);
  }

  async status(options?: OperationOptions): Promise<JobStatus> {
    return jobStatus(this.#describe(options), options);
  }

  async *tail(options?: TailOptions): AsyncGenerator<LogLine, void, void> {
    yield* tail(this.#describe(options, checkTailOptions), options);
  }

  async destroy(options?: DestroyOptions): Promise<Destroyed> {
    return destroyJob(this.#describe(options, checkDestroyOptions, false), options);
  }

  toJSON(): JobSpec {
    return this.#describe().spec;
  }

  protected next(assembled: Assembled<JobInput>): Job {
    return new JobChain(assembled);
  }

  #describe(
    options?: unknown,
    check: (options: unknown, issues: Issues) => void = checkActOptions,
    builds = true,
  ): ConfiguredJob {
    const issues = new Issues();
    const image = withDockerfile(this.input.image, builds);
    const { name, cluster, cloud, overrides } = this.input;
    const spec = toJobSpec({ ...this.input, image }, issues);
    const clusterCloud =
      cluster !== undefined && "described" in cluster ? cluster.described.cloud : undefined;
    const described: ConfiguredJob = {
      spec,
      overrides: parseOverrides(overrides, OVERRIDABLE, issues) as Overrides,
      cloud: cloudOf([cloud ?? clusterCloud], issues),
    };
    check(options, issues);
    issues.throwIfAny(typeof name === "string" && name !== "" ? `Job ${name}` : "Job");
    return described;
  }
};

export const Job: JobConstructor = JobChain;
