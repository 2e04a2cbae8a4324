import type { Deployment, Service, Task } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../../aws/context.js";
import { endedBy } from "../../engine/outcome.js";
import { nextPoll, withSharedPolls } from "../../engine/poll.js";
import {
  QuaysideError,
  RolloutError,
  TimeoutError,
  type RolloutEvidence,
  type ServiceEvent,
  type TargetHealth,
} from "../../errors.js";
import { diagnose, diagnoseText, moreOfExit, readable } from "./diagnosis.js";
import { PlacementWatch } from "./placement-watch.js";
import { gatherEvidence, groupStopped, lastLines, targetHealth } from "./rollout-evidence.js";
import { rolloutState, stopRollout, type RolloutState, type WatchedRollout } from "./rollout-state.js";
import type { Diagnosis } from "./stop-causes.js";
import { stoppedTasks, stoppedTasksAmongAll } from "./stopped-tasks.js";

/** How often AWS is asked; its own waiters ask every 15 s. */
const EVERY = 6_000;
/** A describe right after an update can still show the old deployment alone. */
const STALE_FOR = 60_000;
/** The same cause that cannot heal, so many times: no use in waiting for AWS's own breaker. */
const SAME_CAUSE = 2;

/** How many rollouts this run watches at the moment. */
const WATCHED = "watched rollouts";
const watched = ({ runCache: memory }: AwsContext): number =>
  (memory.get(WATCHED) as number | undefined) ?? 0;

interface Look {
  readonly service: Service;
  readonly deployment: Deployment | undefined;
  readonly state: RolloutState;
  readonly stopped: readonly Task[];
  readonly events: readonly ServiceEvent[];
  readonly targets: readonly TargetHealth[];
  readonly isStale: boolean;
}

/**
 * Waits until the rollout has ended. Success is what AWS says of this very deployment, never
 * "running = desired": a rollback ends with everything running, too.
 *
 * @throws RolloutError with a diagnosis and what AWS said, when it failed, was rolled back or stopped.
 */
export async function watchRollout(subject: WatchedRollout, context: AwsContext): Promise<void> {
  const watch = new RolloutWatch(subject, context);
  const { runCache: memory } = context;
  memory.set(WATCHED, watched(context) + 1);
  try {
    await watch.untilItEnds();
  } catch (error) {
    if (!context.signal.aborted || error instanceof RolloutError) throw error;
    throw withLastSeen(endedBy(context.signal.reason), watch.lastSeen);
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
  lastSeen:
    { readonly running: number; readonly desired: number; readonly evidence: RolloutEvidence } | undefined;

  constructor(subject: WatchedRollout, context: AwsContext) {
    this.#subject = subject;
    this.#context = context;
    this.#began = context.clock.now();
    this.#placement = new PlacementWatch(subject, context);
  }

  async untilItEnds(): Promise<void> {
    await withSharedPolls(this.#context, EVERY);
    for (;;) {
      const look = await this.#look();
      if (look !== undefined) {
        if (look.state.ended === "succeeded" && this.#isSettled(look)) return;
        if (look.state.ended === "failed") throw await this.#failed(look, look.state.reason);
        const hopeless = await this.#hopeless(look);
        if (hopeless !== undefined) throw await this.#stopped(look, hopeless);
      }
      await nextPoll(this.#context, EVERY);
    }
  }

  /** One picture of the rollout; `undefined` while AWS does not show it yet. */
  async #look(): Promise<Look | undefined> {
    const { serviceName, clusterName: cluster } = this.#subject;
    const { aws } = this.#context;
    const described = await aws.ecs.describeServices({ cluster, services: [serviceName] });
    const service = described.services?.[0];
    const isStale = this.#context.clock.now() - this.#began < STALE_FOR;
    if (service === undefined || service.status === "INACTIVE") {
      if (isStale) return undefined;
      throw new QuaysideError(
        "service-gone",
        `The rollout of service ${serviceName} cannot be watched: it is gone`,
        {
          fix: "Somebody deleted it meanwhile: deploy again.",
        },
      );
    }
    const id = this.#subject.deploymentId ?? primary(service)?.id;
    const deployment = service.deployments?.find((candidate) => candidate.id === id);
    const state = await rolloutState({ ...this.#subject, deploymentId: id }, service, isStale, this.#context);
    const events = this.#newEvents(service);
    const find = watched(this.#context) > 1 ? stoppedTasksAmongAll : stoppedTasks;
    const stopped = id === undefined ? [] : await find(this.#subject, id, this.#context);
    const targets = service.runningCount === 0 ? [] : await targetHealth(this.#subject, this.#context);
    const look = { service, deployment, state, stopped, events, targets, isStale };
    this.#show(look, targets.filter((target) => target.state === "healthy").length);
    this.lastSeen = {
      running: deployment?.runningCount ?? 0,
      desired: deployment?.desiredCount ?? service.desiredCount ?? 0,
      evidence: { stopped: groupStopped(stopped), targets, events, logs: [] },
    };
    return look;
  }

  /** Events since the run began, newest first. */
  #newEvents(service: Service): ServiceEvent[] {
    return (service.events ?? [])
      .filter((event) => (event.createdAt?.getTime() ?? 0) >= this.#context.startedAt)
      .map((event) => ({ at: event.createdAt ?? new Date(0), message: event.message ?? "" }));
  }

  #show({ service, deployment, state, events }: Look, healthy: number): void {
    const { serviceName, targetGroupArns } = this.#subject;
    const counts = {
      service: serviceName,
      status: state.status,
      desired: deployment?.desiredCount ?? service.desiredCount ?? 0,
      running: deployment?.runningCount ?? 0,
      pending: deployment?.pendingCount ?? 0,
      failed: deployment?.failedTasks ?? 0,
      healthyTargets: targetGroupArns.length === 0 ? undefined : healthy,
    };
    const shown = JSON.stringify(counts);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#context.emit({ type: "rollout", at: this.#context.clock.now(), ...counts });
    }
    for (const { at, message } of [...events].reverse()) {
      const key = `${at.getTime()} ${message}`;
      if (this.#shownEvents.has(key)) continue;
      this.#shownEvents.add(key);
      this.#context.emit({ type: "service-event", at: at.getTime(), service: serviceName, message });
    }
  }

  /** ECS shows what was asked of it, and runs as many tasks. */
  #isSettled({ service, targets, isStale }: Look): boolean {
    const asked = this.#subject.asked ?? {};
    const isShown = Object.entries(asked).every(([field, value]) =>
      isDeepStrictEqual(service[field as keyof Service], value),
    );
    if (!isShown && isStale) return false;
    if (asked.desiredCount === undefined) return true;
    const serving = targets.every(({ state }) => state === "healthy" || state === "draining");
    return serving && (service.runningCount ?? 0) >= (service.desiredCount ?? 0);
  }

  /** A cause that no waiting heals: the same one twice, or a cluster without room and without progress. */
  async #hopeless({ service, stopped, deployment }: Look): Promise<Diagnosis | undefined> {
    for (const { reason, exitCode, count } of groupStopped(stopped)) {
      const found = diagnoseText(reason, exitCode);
      if (found?.permanent === true && count >= SAME_CAUSE) return found;
    }
    return this.#placement.hopeless(service, deployment);
  }

  async #stopped(look: Look, diagnosis: Diagnosis): Promise<RolloutError> {
    const isOfCluster = /^(no-capacity|instances-)/.test(diagnosis.code);
    const evidence = await gatherEvidence(
      this.#subject,
      look.stopped,
      look.events,
      this.#context,
      isOfCluster,
    );
    // Where only the count was changed, there is no rollout to stop.
    const ending = look.state.ended === undefined ? await stopRollout(look.state, this.#context) : undefined;
    // What was written just before may be shown only now.
    const logs = evidence.logs.length > 0 ? evidence.logs : await this.#lastLines(look);
    return this.#error(moreOfExit(diagnosis, { logs }), { ...evidence, logs }, ending);
  }

  #lastLines({ stopped }: Look): Promise<string[]> {
    return lastLines(this.#subject, stopped, this.#context).catch(() => []);
  }

  async #failed(look: Look, reason: string | undefined): Promise<RolloutError> {
    const evidence = await gatherEvidence(this.#subject, look.stopped, look.events, this.#context);
    const said = reason === undefined ? undefined : diagnoseText(reason);
    const found = said?.code === "superseded" ? said : diagnose(evidence);
    const diagnosis = found.code === "unknown" && reason !== undefined ? { ...found, why: reason } : found;
    return this.#error(diagnosis, evidence, reason);
  }

  #error({ code, why, fix }: Diagnosis, evidence: RolloutEvidence, ending: string | undefined): RolloutError {
    const { serviceName, clusterName, taskDefinition } = this.#subject;
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
      stopped: stopped.map(({ count, reason }) => ({ count, reason: readable(reason) })),
      logs,
    });
    return new RolloutError(code, message, evidence, {
      facts: { serviceName, clusterName, taskDefinition, ending },
      fix,
    });
  }
}

const primary = (service: Service): Deployment | undefined =>
  service.deployments?.find((deployment) => deployment.status === "PRIMARY");

/** A wait that was cut short says what it last saw: a timeout must not be without a cause. */
function withLastSeen(error: QuaysideError, lastSeen: RolloutWatch["lastSeen"]): QuaysideError {
  if (!(error instanceof TimeoutError) || lastSeen === undefined) return error;
  const { running, desired, evidence } = lastSeen;
  const { code, why, fix } = diagnose(evidence);
  return new TimeoutError(`${error.message}; ${running} of ${desired} tasks run: ${why}`, {
    cause: error,
    facts: { ...error.facts, diagnosis: code, evidence },
    fix,
  });
}
