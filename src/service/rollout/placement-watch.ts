import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { ClusterEvidence } from "../../errors.js";
import { clusterEvidence } from "./cluster-evidence.js";
import { diagnoseText, moreOfCapacity } from "./diagnosis.js";
import type { RolloutSubject } from "./rollout-evidence.js";
import type { Diagnosis } from "./stop-causes.js";

/** So long may a task find no place without any progress before the cluster counts as too small. */
const NO_PLACE_FOR = 180_000;
/** By then ECS's managed scaling has started an instance, if it means to. */
const NO_START_FOR = 10 * 60_000;

/** Watches whether a rollout's tasks find places: with a capacity provider ECS says nothing while they do not. */
export class PlacementWatch {
  readonly #subject: RolloutSubject;
  readonly #context: AwsContext;
  #since: { readonly at: number; readonly running: number } | undefined;

  constructor(subject: RolloutSubject, context: AwsContext) {
    this.#subject = subject;
    this.#context = context;
  }

  /** Why no waiting brings a place, once nothing has moved for a while; `undefined` as long as one may come. */
  async hopeless(service: Service, deployment: Deployment | undefined): Promise<Diagnosis | undefined> {
    const running = deployment?.runningCount ?? 0;
    const pending = deployment?.pendingCount ?? 0;
    const told = placementFailure(service);
    const isWhole = running >= (service.desiredCount ?? 0);
    if (isWhole || (told === undefined && pending === 0)) return this.#goesOn();
    const now = this.#context.clock.now();
    if (this.#since?.running !== running) this.#since = { at: now, running };
    if (now - this.#since.at < NO_PLACE_FOR) return undefined;
    const waiting = pending > 0 ? await this.#tasksWithoutInstance(deployment?.id) : 0;
    // What has an instance is on its way.
    if (pending > waiting) return this.#goesOn();
    // Of a group that is not ours ECS itself knows when to give up.
    const cluster = await clusterEvidence(this.#subject.clusterName, this.#context);
    const mayStart = waiting > 0 && now - this.#since.at < NO_START_FOR;
    if (cluster === undefined ? waiting > 0 : mayCome(cluster, mayStart)) return undefined;
    const noPlace = told ?? silent(waiting);
    return moreOfCapacity(noPlace, { stopped: [], targets: [], events: [], logs: [], cluster });
  }

  #goesOn(): undefined {
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

/** Instances that are about to join, or that a capacity provider may still start, may have the room. */
function mayCome(
  { failedLaunches, joining, isFull, unregistered }: ClusterEvidence,
  mayStart: boolean,
): boolean {
  if (failedLaunches.length > 0) return false;
  return joining > 0 || (mayStart && !isFull && unregistered === 0);
}

/** As if ECS had said that there is no place. */
const silent = (waiting: number): Diagnosis => ({
  ...diagnoseText("unable to place a task")!,
  why: waiting === 1 ? "a task waits for an instance" : `${waiting} tasks wait for an instance`,
});

/**
 * That no place is found for tasks, unless the service has been whole since. ECS says it once and then
 * not again for hours, so it may be older than this run.
 */
function placementFailure({ events = [] }: Service): Diagnosis | undefined {
  for (const { message = "" } of events) {
    if (/has reached a steady state/.test(message)) return undefined;
    const found = diagnoseText(message);
    if (found !== undefined && /unable to place a task|No Container Instances/.test(message)) return found;
  }
  return undefined;
}
