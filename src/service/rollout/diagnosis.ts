import type { RolloutEvidence } from "../../errors.js";
import { CAUSES, type Diagnosis } from "./stop-causes.js";

const UNKNOWN_CAUSE: Diagnosis = {
  code: "unknown",
  why: "AWS gave no reason that quayside knows",
  fix: "Read the service's events and the stopped tasks' reasons in `evidence`.",
  permanent: false,
};

/** A text of AWS's that tells of normal replacement, not of a fault. */
const HARMLESS =
  /Scaling activity initiated by|has reached a steady state|deregistered .* targets? in|registered .* targets? in|has begun draining/i;

/** A text of AWS's for people: of a target group its name is enough. */
export const readable = (text: string): string => text.replaceAll(TARGET_GROUP, "$1");

const TARGET_GROUP = /arn:[\w-]+:elasticloadbalancing:[\w-]*:\d*:targetgroup\/([\w-]+)\/\w+/g;

/** Which known cause a stop reason, target health reason or event tells of. */
export function diagnoseText(text: string, exitCode?: number): Diagnosis | undefined {
  if (HARMLESS.test(text)) return undefined;
  const cause = CAUSES.find(
    (each) => (each.exitCode === undefined || each.exitCode === exitCode) && each.pattern.test(text),
  );
  if (cause === undefined) return undefined;
  // Of a task that ECS itself has stopped, the code tells nothing.
  const ended = exitCode !== undefined && /Essential container/i.test(text);
  const why = `${readable(text)}${ended ? ` (exit code ${exitCode})` : ""}`;
  return { code: cause.code, why, fix: cause.fix, permanent: cause.permanent };
}

/** One diagnosis from everything that AWS says: what stopped tasks say counts before targets, targets before events. */
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

const OF_HEALTH = ["health-check-failing", "port-mismatch", "target-unreachable"];

/** A program for another processor says so itself, in the log: ECS only sees it exit. */
export function moreOfExit(diagnosis: Diagnosis, { logs }: Pick<RolloutEvidence, "logs">): Diagnosis {
  if (diagnosis.code !== "exited-on-start") return diagnosis;
  const line = logs.find((each) => /exec format error/i.test(each));
  const found = line === undefined ? undefined : diagnoseText(line);
  return found === undefined ? diagnosis : { ...found, why: `${diagnosis.why}: ${line}` };
}

/** A task that was stopped for its health does not say how the check failed; its target and the events do. */
function moreOfHealth(diagnosis: Diagnosis, evidence: RolloutEvidence): Diagnosis {
  if (diagnosis.code !== "health-check-failing") return diagnosis;
  const seen = [...fromTargets(evidence), ...fromEvents(evidence)].find(({ code }) =>
    OF_HEALTH.includes(code),
  );
  return seen === undefined ? diagnosis : seen;
}

/** A task without a place: because the cluster is too small, or because its instances do not come. */
export function moreOfCapacity(diagnosis: Diagnosis, { cluster }: RolloutEvidence): Diagnosis {
  if (cluster === undefined) return diagnosis;
  const { failedLaunches, unregistered } = cluster;
  const [launch] = failedLaunches;
  if (launch !== undefined) {
    return {
      ...diagnosis,
      code: "instances-failed",
      why: `${diagnosis.why}; instances cannot be started: ${launch}`,
      fix: "Correct what the launch failed for (quota, capacity of the instance type, launch template), or use another instance type.",
    };
  }
  if (unregistered === 0) {
    return cluster.isFull
      ? { ...diagnosis, why: `${diagnosis.why}; the cluster has as many instances as it may have` }
      : diagnosis;
  }
  return {
    ...diagnosis,
    code: "instances-not-registered",
    why: `${diagnosis.why}; ${unregistered} instances run and have not joined the cluster`,
    fix: "Check that their role has AmazonEC2ContainerServiceforEC2Role, that they reach the ECS endpoints, and /var/log/ecs/ecs-agent.log.",
  };
}
