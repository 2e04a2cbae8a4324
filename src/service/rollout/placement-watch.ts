import type { Deployment, Service, Task } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { ClusterEvidence, TargetHealth } from "../../errors.js";
import { clusterEvidence } from "./cluster-evidence.js";
import { diagnoseText, moreOfCapacity } from "./diagnosis.js";
import type { RolloutSubject } from "./rollout-evidence.js";
import type { Diagnosis } from "./cause.js";

/** How long placement may fail, without progress, before the cluster is reported as too small. */
const PLACEMENT_TIMEOUT = 180_000;
/** By then, ECS managed scaling has launched an instance, if it is going to. */
const LAUNCH_TIMEOUT = 10 * 60_000;

/** A rollout at one moment. */
export interface Placing {
  readonly service: Service;
  readonly deployment: Deployment | undefined;
  /** The deployment's tasks that have stopped. */
  readonly stopped: readonly Task[];
  readonly targets: readonly TargetHealth[];
}

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
  async permanentFailure(placing: Placing): Promise<Diagnosis | undefined> {
    const { service, deployment } = placing;
    const running = deployment?.runningCount ?? 0;
    const pending = deployment?.pendingCount ?? 0;
    const reported = this.#placementFailure(placing);
    const isWhole = running >= (service.desiredCount ?? 0);
    if (isWhole || (reported === undefined && pending === 0)) return this.#reset();
    // AWS has capacity again after a while: the run's timeout is the limit.
    if (reported?.code === "fargate-capacity") return this.#reset();
    const now = this.#context.clock.now();
    if (this.#since?.running !== running) this.#since = { at: now, running };
    if (now - this.#since.at < PLACEMENT_TIMEOUT) return undefined;
    const waiting = pending > 0 ? await this.#tasksWithoutInstance(deployment?.id) : 0;
    // A pending task that has an instance is starting.
    if (pending > waiting) return this.#reset();
    if (reported?.code === "fargate-quota") return reported;
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

  /**
   * The placement failure that ECS reported, unless the service reached a steady state since. ECS reports it once and
   * not again for hours: one that is older than this run is believed only if nothing else explains the missing tasks.
   */
  #placementFailure({ service: { events = [] }, stopped, targets }: Placing): Diagnosis | undefined {
    const isStarting = targets.some(({ state }) => state === "initial" || state === "unhealthy");
    for (const { message = "", createdAt } of events) {
      if (/has reached a steady state/.test(message)) return undefined;
      if (!/unable to place a task|No Container Instances/.test(message)) continue;
      const found = diagnoseText(message);
      if (found === undefined) continue;
      const isExplained = stopped.length > 0 || isStarting;
      return this.#context.isOfThisRun(createdAt) || !isExplained ? found : undefined;
    }
    return undefined;
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
