import { fixOfLaunch } from "../../aws/launch-failures.js";
import type { RolloutEvidence } from "../../errors.js";
import type { Diagnosis } from "./cause.js";
import { isHealthDiagnosis } from "./health-check-failure.js";
import { CAUSES } from "./stop-causes.js";

const UNKNOWN_CAUSE: Diagnosis = {
  code: "unknown",
  why: "AWS reports no reason that quayside recognizes",
  fix: "Read the service's events and the stopped tasks' reasons in `evidence`.",
  permanent: false,
};

/** AWS's texts about normal replacement, which is not a fault. */
const HARMLESS =
  /Scaling activity initiated by|has reached a steady state|deregistered .* targets? in|registered .* targets? in|has begun draining/i;

/** True if AWS's text says that a role lacks a permission. */
export const isDenied = (text: string): boolean => /AccessDenied|not authorized|403 Forbidden/i.test(text);

/** AWS's text with the names of target groups instead of their ARNs. */
export const readable = (text: string): string => text.replaceAll(TARGET_GROUP, "$1");

const TARGET_GROUP = /arn:[\w-]+:elasticloadbalancing:[\w-]*:\d*:targetgroup\/([\w-]+)\/\w+/g;

/** The known cause that a stop reason, a target health reason or an event describes. */
export function diagnoseText(text: string, exitCode?: number): Diagnosis | undefined {
  if (HARMLESS.test(text)) return undefined;
  const cause = CAUSES.find(
    (each) => (each.exitCode === undefined || each.exitCode === exitCode) && each.pattern.test(text),
  );
  if (cause === undefined) return undefined;
  // The exit code of a task that ECS itself stopped means nothing.
  const ended = exitCode !== undefined && /Essential container/i.test(text);
  const why = `${readable(text)}${ended ? ` (exit code ${exitCode})` : ""}`;
  return { code: cause.code, why, fix: cause.fix, permanent: cause.permanent };
}

/** The diagnosis from all evidence: stopped tasks count before targets, targets before events. */
export function diagnose(evidence: RolloutEvidence): Diagnosis {
  const stopped = evidence.stopped
    .flatMap(({ reason, exitCode, count }) => {
      const found = diagnoseText(reason, exitCode);
      return found === undefined ? [] : [{ found, count }];
    })
    .sort((a, b) => b.count - a.count);
  if (stopped[0] !== undefined) return moreOfExit(moreOfHealth(stopped[0].found, evidence), evidence);
  const [seen] = [...fromTargets(evidence), ...fromEvents(evidence)];
  if (seen === undefined) return UNKNOWN_CAUSE;
  return seen.code === "no-capacity" ? moreOfCapacity(seen, evidence) : seen;
}

const found = (texts: readonly string[]): Diagnosis[] => texts.flatMap((text) => diagnoseText(text) ?? []);

const fromTargets = ({ targets }: RolloutEvidence): Diagnosis[] =>
  found(
    targets
      .filter(({ state }) => state === "unhealthy")
      .map(({ reason = "", description = "" }) => `${reason} ${description}`.trim()),
  );

const fromEvents = ({ events }: RolloutEvidence): Diagnosis[] => found(events.map(({ message }) => message));

/** Adds the cause that only the log has: a program for another architecture exits, and ECS sees only that. */
export function moreOfExit(diagnosis: Diagnosis, { logs }: Pick<RolloutEvidence, "logs">): Diagnosis {
  if (diagnosis.code !== "exited-on-start") return diagnosis;
  const line = logs.find((each) => /exec format error/i.test(each));
  const found = line === undefined ? undefined : diagnoseText(line);
  return found === undefined ? diagnosis : { ...found, why: `${diagnosis.why}: ${line}` };
}

/**
 * Adds how the health check failed: the task's stop reason does not say this, its target and the events do.
 */
function moreOfHealth(diagnosis: Diagnosis, evidence: RolloutEvidence): Diagnosis {
  if (diagnosis.code !== "health-check-failing") return diagnosis;
  const seen = [...fromTargets(evidence), ...fromEvents(evidence)].find(({ code }) =>
    isHealthDiagnosis(code),
  );
  return seen === undefined ? diagnosis : seen;
}

/**
 * Adds why a task cannot be placed: the cluster is too small, or its instances fail to launch or to register.
 */
export function moreOfCapacity(diagnosis: Diagnosis, { cluster }: RolloutEvidence): Diagnosis {
  if (cluster === undefined) return diagnosis;
  const { failedLaunches, unregistered } = cluster;
  const [launch] = failedLaunches;
  if (launch !== undefined) {
    return {
      ...diagnosis,
      code: "instances-failed",
      why: `${diagnosis.why}; instances cannot be launched: ${launch}`,
      fix:
        fixOfLaunch(launch) ??
        "Fix the cause of the failed launch (quota, capacity of the instance type, launch template), or use another instance type.",
    };
  }
  if (unregistered === 0) {
    return cluster.isFull
      ? { ...diagnosis, why: `${diagnosis.why}; the cluster has reached its maximum number of instances` }
      : diagnosis;
  }
  return {
    ...diagnosis,
    code: "instances-not-registered",
    why: `${diagnosis.why}; ${unregistered === 1 ? "1 instance is" : `${unregistered} instances are`} running but not registered with the cluster`,
    fix: "Check that their role has the policy AmazonEC2ContainerServiceforEC2Role, and that they can reach the ECS endpoints. The agent's log is /var/log/ecs/ecs-agent.log.",
  };
}
