import type { Deployment, Service, Task } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../../aws/context.js";
import { nextPoll, withSharedPolls } from "../../engine/poll.js";
import {
  QuaysideError,
  RolloutError,
  type RolloutEvidence,
  type ServiceEvent,
  type TargetHealth,
} from "../../errors.js";
import { BlockedWatch } from "./blocked-watch.js";
import { stopReason } from "./dead-container.js";
import { followed, PENDING } from "../redeployments.js";
import { anotherRun } from "../another-run.js";
import { diagnose, diagnoseText, isDenied, moreOfExit, readable } from "./diagnosis.js";
import { healthCheckFailure, isHealthDiagnosis, withHealthCheck } from "./health-check-failure.js";
import { interruptedRollout, type LastSeen } from "./interrupted-rollout.js";
import { PlacementWatch } from "./placement-watch.js";
import { brokenRelease } from "./release-breaker.js";
import { gatherEvidence, groupStopped, lastLines, targetHealth } from "./rollout-evidence.js";
import { rolloutState, type RolloutState, type WatchedRollout } from "./rollout-state.js";
import type { Diagnosis } from "./cause.js";
import { endingText, stopRollout } from "./stop-rollout.js";
import { stoppedTasks, stoppedTasksAmongAll } from "./stopped-tasks.js";

/** Milliseconds between two polls; AWS's own waiters poll every 15 s. */
const EVERY = 6_000;
/** How long a describe after an update may still return the old deployment alone. */
const STALE_FOR = 60_000;
/**
 * After this many tasks with the same permanent cause, the rollout is stopped without waiting for AWS's
 * circuit breaker.
 */
const SAME_CAUSE = 2;
/** The number of rollouts that this run is watching. */
const WATCHED = "watched rollouts";
const watched = ({ runCache: memory }: AwsContext): number =>
  (memory.get(WATCHED) as number | undefined) ?? 0;

interface Snapshot {
  readonly id: string | undefined;
  readonly service: Service;
  readonly deployment: Deployment | undefined;
  readonly state: RolloutState;
  readonly stopped: readonly Task[];
  readonly events: readonly ServiceEvent[];
  readonly targets: readonly TargetHealth[];
  readonly isStale: boolean;
}

/**
 * Waits until the rollout has ended. Success is AWS's status of this very deployment, never "running =
 * desired": a rollback ends with everything running, too.
 *
 * @throws RolloutError with a diagnosis and AWS's evidence, if it failed, was rolled back or was stopped.
 */
export async function watchRollout(subject: WatchedRollout, context: AwsContext): Promise<void> {
  const watch = new RolloutWatch(subject, context);
  const { runCache: memory } = context;
  memory.set(WATCHED, watched(context) + 1);
  try {
    await watch.waitUntilEnded();
  } catch (error) {
    if (!context.signal.aborted || error instanceof RolloutError) throw error;
    throw await interruptedRollout(subject, watch.lastSeen, context);
  } finally {
    memory.set(WATCHED, watched(context) - 1);
  }
}

class RolloutWatch {
  readonly #subject: WatchedRollout;
  readonly #context: AwsContext;
  readonly #began: number;
  #shown = "";
  #shownEvents = new Set<string>();
  readonly #placement: PlacementWatch;
  readonly #blocked: BlockedWatch;
  lastSeen: LastSeen | undefined;

  constructor(subject: WatchedRollout, context: AwsContext) {
    this.#subject = subject;
    this.#context = context;
    this.#began = context.clock.now();
    this.#placement = new PlacementWatch(subject, context);
    this.#blocked = new BlockedWatch(context);
  }

  async waitUntilEnded(): Promise<void> {
    await withSharedPolls(this.#context, EVERY);
    for (;;) {
      const snapshot = await this.#takeSnapshot();
      // What this run itself replaces, or is about to, has not failed.
      const { id, isExpected } = followed(this.#subject, this.#context);
      if (snapshot !== undefined && snapshot.id !== id) continue;
      if (snapshot !== undefined && !(snapshot.state.ended === "failed" && isExpected)) {
        if (snapshot.state.ended === "succeeded" && this.#isSettled(snapshot)) return;
        if (snapshot.state.ended === "failed") throw await this.#failed(snapshot, snapshot.state.reason);
        const cause = await this.#permanentCause(snapshot);
        if (cause !== undefined) throw await this.#stopped(snapshot, cause);
      }
      await nextPoll(this.#context, EVERY);
    }
  }

  /** One snapshot of the rollout; `undefined` while AWS does not return it yet. */
  async #takeSnapshot(): Promise<Snapshot | undefined> {
    const { serviceName, clusterName: cluster } = this.#subject;
    const { aws } = this.#context;
    const watchedId = followed(this.#subject, this.#context).id;
    const described = await aws.ecs.describeServices({ cluster, services: [serviceName] });
    const service = described.services?.[0];
    const isStale = this.#context.clock.now() - this.#began < STALE_FOR;
    if (service === undefined || service.status === "INACTIVE") {
      if (isStale) return undefined;
      throw new QuaysideError(
        "service-gone",
        `Service ${serviceName} no longer exists: its rollout cannot be watched`,
        {
          fix: "It was deleted during the deployment. Deploy again.",
        },
      );
    }
    const id = watchedId ?? primary(service)?.id;
    if (id === PENDING) return undefined;
    const deployment = service.deployments?.find((candidate) => candidate.id === id);
    const find = watched(this.#context) > 1 ? stoppedTasksAmongAll : stoppedTasks;
    // Beside each other: one look takes two round trips.
    const [state, stopped, targets] = await Promise.all([
      rolloutState({ ...this.#subject, deploymentId: id }, service, isStale, this.#context),
      id === undefined ? [] : find(this.#subject, id, this.#context),
      service.runningCount === 0 ? [] : targetHealth(this.#subject, this.#context),
    ]);
    const events = this.#newEvents(service);
    const snapshot = { id: watchedId, service, deployment, state, stopped, events, targets, isStale };
    this.#show(snapshot);
    this.lastSeen = {
      running: deployment?.runningCount ?? 0,
      desired: deployment?.desiredCount ?? service.desiredCount ?? 0,
      evidence: { stopped: groupStopped(stopped), targets, events, logs: [] },
    };
    return snapshot;
  }

  /** Events since the run began, newest first. */
  #newEvents(service: Service): ServiceEvent[] {
    return (service.events ?? [])
      .filter((event) => this.#context.isOfThisRun(event.createdAt))
      .map((event) => ({ at: event.createdAt ?? new Date(0), message: event.message ?? "" }));
  }

  #show(snapshot: Snapshot): void {
    this.#showCounts(snapshot, snapshot.state.status);
    for (const { at, message } of [...snapshot.events].reverse()) {
      const key = `${at.getTime()} ${message}`;
      if (this.#shownEvents.has(key)) continue;
      this.#shownEvents.add(key);
      const service = this.#subject.serviceName;
      this.#context.emit({ type: "service-event", at: at.getTime(), service, message });
    }
  }

  #showCounts({ service, deployment, targets }: Snapshot, status: string): void {
    const { serviceName, targetGroupArns } = this.#subject;
    const healthy = targets.filter((target) => target.state === "healthy").length;
    const counts = {
      service: serviceName,
      status,
      desired: deployment?.desiredCount ?? service.desiredCount ?? 0,
      running: deployment?.runningCount ?? 0,
      pending: deployment?.pendingCount ?? 0,
      failed: deployment?.failedTasks ?? 0,
      healthyTargets: targetGroupArns.length === 0 ? undefined : healthy,
    };
    const shown = JSON.stringify(counts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#context.emit({ type: "rollout", at: this.#context.clock.now(), ...counts });
  }

  /** True if ECS returns the changed fields, and runs as many tasks as desired. */
  #isSettled({ service, targets, isStale }: Snapshot): boolean {
    const changed = this.#subject.changedFields ?? {};
    const isShown = Object.entries(changed).every(([field, value]) =>
      isDeepStrictEqual(service[field as keyof Service], value),
    );
    if (!isShown && isStale) return false;
    if (changed.desiredCount === undefined) return true;
    const serving = targets.every(({ state }) => state === "healthy" || state === "draining");
    return serving && (service.runningCount ?? 0) >= (service.desiredCount ?? 0);
  }

  /** A cause that will not pass: the same permanent one twice, or a cluster without capacity and progress. */
  async #permanentCause(snapshot: Snapshot): Promise<Diagnosis | undefined> {
    const { stopped } = snapshot;
    // What a new role is denied passes, until the role has propagated.
    const { settledAt } = this.#context.propagatingRoles;
    const mayPass = (task: Task) =>
      isDenied(stopReason(task)) && (task.createdAt?.getTime() ?? 0) < settledAt;
    for (const { reason, exitCode, count } of groupStopped(stopped.filter((task) => !mayPass(task)))) {
      const found = diagnoseText(reason, exitCode);
      if (found?.permanent === true && count >= SAME_CAUSE) return found;
    }
    const evidence = { ...snapshot, stopped: groupStopped(stopped), logs: [] };
    return (
      this.#blocked.permanentFailure(snapshot) ??
      (await this.#placement.permanentFailure(snapshot)) ??
      brokenRelease(snapshot.service, snapshot.deployment, evidence)
    );
  }

  async #stopped(snapshot: Snapshot, diagnosis: Diagnosis): Promise<RolloutError> {
    const includesCluster = /^(no-capacity|instances-)/.test(diagnosis.code);
    const evidence = await gatherEvidence(
      this.#subject,
      snapshot.stopped,
      snapshot.events,
      this.#context,
      includesCluster,
    );
    // If only the count was changed, there is no rollout to stop.
    const subject = { ...this.#subject, arn: snapshot.service.serviceArn };
    const ending =
      snapshot.state.ended === undefined
        ? await stopRollout(snapshot.state, subject, this.#context, (status) =>
            this.#showCounts(snapshot, status),
          )
        : undefined;
    // CloudWatch Logs may show the newest lines only now.
    const logs = evidence.logs.length > 0 ? evidence.logs : await this.#lastLines(snapshot);
    return this.#error(moreOfExit(diagnosis, { logs }), { ...evidence, logs }, ending);
  }

  #lastLines({ stopped }: Snapshot): Promise<string[]> {
    return lastLines(this.#subject, stopped, this.#context).catch(() => []);
  }

  async #failed(snapshot: Snapshot, reason: string | undefined): Promise<QuaysideError> {
    const diagnosed = reason === undefined ? undefined : diagnoseText(reason);
    if (diagnosed?.code === "superseded") return anotherRun(this.#subject, this.#context);
    const evidence = await gatherEvidence(this.#subject, snapshot.stopped, snapshot.events, this.#context);
    const found = diagnose(evidence);
    const diagnosis = found.code === "unknown" && reason !== undefined ? { ...found, why: reason } : found;
    return this.#error(diagnosis, evidence, endingText(snapshot.state));
  }

  async #error(
    diagnosis: Diagnosis,
    evidence: RolloutEvidence,
    ending: string | undefined,
  ): Promise<RolloutError> {
    const { serviceName, clusterName, taskDefinition } = this.#subject;
    const healthCheck = isHealthDiagnosis(diagnosis.code)
      ? await healthCheckFailure(this.#subject, evidence, this.#context).catch(() => undefined)
      : undefined;
    const { code, why, fix } = withHealthCheck(diagnosis, healthCheck);
    const { stopped, logs } = evidence;
    const message = `Service ${serviceName} in ${clusterName} did not become healthy: ${why}`;
    this.#context.emit({
      type: "rollout-failed",
      at: this.#context.clock.now(),
      service: serviceName,
      diagnosis: code,
      message,
      fix,
      ending,
      stopped: stopped.map(({ count, reason, exitCode }) => ({
        count,
        reason: readable(reason),
        isCause: isSameCause(diagnoseText(reason, exitCode)?.code, code),
      })),
      logs,
    });
    return new RolloutError(code, message, evidence, {
      facts: { serviceName, clusterName, taskDefinition, ending, ...(healthCheck && { healthCheck }) },
      fix,
    });
  }
}

/** True if the message has said why the tasks stopped. */
const isSameCause = (stopped: string | undefined, code: string): boolean =>
  stopped === code || (stopped !== undefined && isHealthDiagnosis(stopped) && isHealthDiagnosis(code));

const primary = (service: Service): Deployment | undefined =>
  service.deployments?.find((deployment) => deployment.status === "PRIMARY");
