import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { ClusterEvidence } from "../../errors.js";
import { clusterEvidence } from "./cluster-evidence.js";
import { diagnoseText, moreOfCapacity } from "./diagnosis.js";
import type { RolloutSubject } from "./rollout-evidence.js";
import type { Diagnosis } from "./stop-causes.js";

/** How long placement may fail, without progress, before the cluster is reported as too small. */
const PLACEMENT_TIMEOUT = 180_000;
/** By then, ECS managed scaling has launched an instance, if it is going to. */
const LAUNCH_TIMEOUT = 10 * 60_000;

/**
 * Watches the placement of a rollout's tasks: with a capacity provider, ECS does not report that it fails.
 */
export class PlacementWatch {
  readonly #subject: RolloutSubject;
  readonly #context: AwsContext;
  #since: { readonly at: number; readonly running: number } | undefined;

  constructor(subject: RolloutSubject, context: AwsContext) {
    this.#subject = subject;
    this.#context = context;
  }

  /**
   * The reason why waiting longer cannot help, once there was no progress for a while; `undefined` while a
   * task may still be placed.
   */
  async permanentFailure(
    service: Service,
    deployment: Deployment | undefined,
  ): Promise<Diagnosis | undefined> {
    const running = deployment?.runningCount ?? 0;
    const pending = deployment?.pendingCount ?? 0;
    const reported = placementFailure(service);
    const isWhole = running >= (service.desiredCount ?? 0);
    if (isWhole || (reported === undefined && pending === 0)) return this.#reset();
    const now = this.#context.clock.now();
    if (this.#since?.running !== running) this.#since = { at: now, running };
    if (now - this.#since.at < PLACEMENT_TIMEOUT) return undefined;
    const waiting = pending > 0 ? await this.#tasksWithoutInstance(deployment?.id) : 0;
    // A pending task that has an instance is starting.
    if (pending > waiting) return this.#reset();
    // Without a group that quayside manages, ECS itself decides when to give up.
    const cluster = await clusterEvidence(this.#subject.clusterName, this.#context);
    const isEarly = now - this.#since.at < LAUNCH_TIMEOUT;
    const mayStart = isEarly && (waiting > 0 || (cluster?.failedLaunches.length ?? 0) > 0);
    if (cluster === undefined ? waiting > 0 : mayBePlaced(cluster, mayStart)) return undefined;
    const failure = reported ?? unreportedFailure(waiting);
    return moreOfCapacity(failure, { stopped: [], targets: [], events: [], logs: [], cluster });
  }

  #reset(): undefined {
    this.#since = undefined;
  }

  async #tasksWithoutInstance(deploymentId: string | undefined): Promise<number> {
    const { serviceName, clusterName: cluster } = this.#subject;
    const { ecs } = this.#context.aws;
    const { taskArns = [] } = await ecs.listTasks({ cluster, serviceName, desiredStatus: "RUNNING" });
    if (taskArns.length === 0) return 0;
    const { tasks = [] } = await ecs.describeTasks({ cluster, tasks: taskArns });
    return tasks.filter(
      ({ startedBy, lastStatus, launchType, containerInstanceArn }) =>
        startedBy === deploymentId &&
        lastStatus === "PROVISIONING" &&
        launchType !== "FARGATE" &&
        containerInstanceArn === undefined,
    ).length;
  }
}

/**
 * True if instances that are about to register, or that a capacity provider may still launch, may have the
 * capacity.
 */
function mayBePlaced(
  { failedLaunches, launchesFail, joining, isFull, unregistered }: ClusterEvidence,
  mayStart: boolean,
): boolean {
  if (launchesFail) return false;
  // Auto Scaling repeats a failed launch, up to its desired capacity.
  const isLaunching = failedLaunches.length > 0 || !isFull;
  return joining > 0 || (mayStart && isLaunching && unregistered === 0);
}

/** The diagnosis that ECS's own event about placement would give. */
const unreportedFailure = (waiting: number): Diagnosis => ({
  ...diagnoseText("unable to place a task")!,
  why: waiting === 1 ? "1 task is waiting for an instance" : `${waiting} tasks are waiting for an instance`,
});

/**
 * The placement failure that ECS reported, unless the service reached a steady state since. ECS reports it
 * once and not again for hours, so that it may be older than this run.
 */
function placementFailure({ events = [] }: Service): Diagnosis | undefined {
  for (const { message = "" } of events) {
    if (/has reached a steady state/.test(message)) return undefined;
    const found = diagnoseText(message);
    if (found !== undefined && /unable to place a task|No Container Instances/.test(message)) return found;
  }
  return undefined;
}
