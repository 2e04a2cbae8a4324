import type { AwsContext } from "../../aws/context.js";
import type { RolloutEvidence } from "../../errors.js";
import type { RolloutSubject } from "./rollout-evidence.js";
import type { Diagnosis } from "./cause.js";

/** The diagnoses that are about a target group's health check. */
const HEALTH_CODES: ReadonlySet<string> = new Set([
  "health-check-failing",
  "port-mismatch",
  "target-unreachable",
]);

export const isHealthDiagnosis = (code: string): boolean => HEALTH_CODES.has(code);

/** A health check that failed: what was asked, and what the answer was. */
export interface HealthCheckFailure {
  readonly target: string;
  readonly port: number | undefined;
  readonly protocol: string;
  /** `undefined` for a check of the connection only. */
  readonly path: string | undefined;
  /** The codes that count as healthy: `200`, `200-299`. */
  readonly expected: string | undefined;
  /** The answer in words: `404`, `no answer within 5 s`. */
  readonly answer: string;
}

/** The last failed health check of a load balancer; `undefined` if AWS reports none. */
export async function healthCheckFailure(
  { targetGroupArns }: RolloutSubject,
  evidence: RolloutEvidence,
  { aws }: AwsContext,
): Promise<HealthCheckFailure | undefined> {
  const seen = seenIn(evidence);
  if (seen === undefined || targetGroupArns.length === 0) return undefined;
  const described = await aws.elb.describeTargetGroups({ TargetGroupArns: [...targetGroupArns] });
  const groups = described.TargetGroups ?? [];
  const group = groups.find(({ TargetGroupName: name }) => name === seen.group) ?? groups[0];
  if (group === undefined) return undefined;
  const { HealthCheckPort = "traffic-port", HealthCheckProtocol = "HTTP", HealthCheckPath, Matcher } = group;
  return {
    target: seen.target,
    port: HealthCheckPort === "traffic-port" ? seen.port : Number(HealthCheckPort),
    protocol: HealthCheckProtocol,
    path: HealthCheckPath,
    expected: Matcher?.HttpCode ?? Matcher?.GrpcCode,
    answer: answerOf(seen.reason, group.HealthCheckTimeoutSeconds),
  };
}

interface Seen {
  readonly target: string;
  readonly port: number | undefined;
  readonly reason: string;
  readonly group?: string | undefined;
}

/** ECS's event of a target that it has deregistered meanwhile. */
const EVENT =
  /\((?:instance|ip|IP) ([\w.:-]+)\)(?: \(port (\d+)\))? is unhealthy in \(target-group ([^)]+)\) due to \(reason ([^)]*)\)/;

function seenIn({ targets, events }: RolloutEvidence): Seen | undefined {
  const unhealthy = targets.find(({ state }) => state === "unhealthy");
  if (unhealthy !== undefined) {
    const { target, port, reason = "", description = "" } = unhealthy;
    return { target, port, reason: `${reason} ${description}` };
  }
  for (const { message } of events) {
    const [, target, port, arn = "", reason = ""] = EVENT.exec(message) ?? [];
    if (target === undefined) continue;
    const group = /targetgroup\/([\w-]+)/.exec(arn)?.[1];
    return { target, port: port === undefined ? undefined : Number(port), reason, group };
  }
  return undefined;
}

function answerOf(reason: string, timeout: number | undefined): string {
  const codes = /codes: \[([^\]]*)\]/.exec(reason)?.[1];
  if (codes !== undefined) return codes;
  if (/timed out|Target\.Timeout/i.test(reason))
    return timeout === undefined ? "no answer in time" : `no answer within ${timeout} s`;
  return "no answer: the connection was refused or closed";
}

/** The diagnosis with the address, the port, the path and the answer of the health check. */
export function withHealthCheck(diagnosis: Diagnosis, failure: HealthCheckFailure | undefined): Diagnosis {
  if (failure === undefined) return diagnosis;
  const { target, port, protocol, path, expected, answer } = failure;
  const address = `${target}${port === undefined ? "" : `:${port}`}`;
  const asked = path === undefined ? `${protocol} to ${address}` : `${protocol} GET ${path} at ${address}`;
  const got = /^[\d,-]+$/.test(answer) ? `the answer was ${answer}` : `there was ${answer}`;
  const instead = expected === undefined || !/^\d/.test(answer) ? "" : `, not ${expected}`;
  return { ...diagnosis, why: `the load balancer's health check failed: ${asked}: ${got}${instead}` };
}
