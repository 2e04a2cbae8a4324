import { setTimeout as pause } from "node:timers/promises";
import type { HealthCheck } from "@aws-sdk/client-ecs";
import type { LocalClock } from "../../../core/clock.js";
import type { RunningTask } from "../../../runtime/task-runtime.js";

/** Milliseconds of real time between the attempts of the checks of a container that is still starting. */
const BETWEEN_ATTEMPTS = 100;

/** What a health check does not say, in seconds. Source: ECS API Reference, "HealthCheck". */
export function withDefaults({ interval = 30, timeout = 5, retries = 3, startPeriod = 0 }: HealthCheck) {
  return { interval, timeout, retries, startPeriod };
}

/**
 * Runs the command of a health check again and again, as Docker does: the next one an interval after the end of the
 * last. A container is healthy after one success, and unhealthy after so many failures in a row as there are retries,
 * of which those of its start period do not count until one succeeds.
 *
 * The cloud's clock does not accelerate processes: a check has its timeout in real time, and that of a container which
 * was not healthy yet may use all of it.
 *
 * @param report - called whenever the container has become healthy or unhealthy
 */
export function runHealthChecks(
  clock: LocalClock,
  running: RunningTask,
  healthCheck: HealthCheck,
  report: (isHealthy: boolean) => void,
): void {
  const { interval, timeout, retries, startPeriod } = withDefaults(healthCheck);
  const startsUntil = clock.now() + startPeriod * 1000;
  let ended = false;
  void running.exited.then(() => (ended = true));
  let known: boolean | undefined;
  let failures = 0;

  const attempt = async (): Promise<boolean> => {
    const deadline = performance.now() + timeout * 1000;
    for (;;) {
      const left = (deadline - performance.now()) / 1000;
      if (left <= 0) return false;
      const passes = await running.check!(healthCheck.command ?? [], left);
      if (passes || ended || known !== undefined) return passes;
      await pause(BETWEEN_ATTEMPTS);
    }
  };
  const look = async (): Promise<void> => {
    const passes = await attempt();
    if (ended) return;
    const starts = known !== true && clock.now() < startsUntil;
    failures = passes ? 0 : starts ? failures : failures + 1;
    const isHealthy = passes ? true : failures >= retries ? false : known;
    if (isHealthy !== undefined && isHealthy !== known) report(isHealthy);
    known = isHealthy;
    next();
  };
  const next = (): void => void clock.schedule(interval * 1000, () => void look());
  next();
}
