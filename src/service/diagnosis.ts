import type { RolloutEvidence } from "../errors.js";

/** Why a rollout does not get healthy, and what to do about it. */
export interface Diagnosis {
  /** Stable: `image-not-found`, `exited-on-start`, … */
  readonly code: string;
  /** One sentence for a person. */
  readonly why: string;
  readonly fix: string;
  /** Waiting or trying again cannot heal it. */
  readonly permanent: boolean;
}

interface Cause extends Omit<Diagnosis, "why"> {
  /** Matches stop reasons, container reasons, target health and events. First match wins: specific before general. */
  readonly pattern: RegExp;
  readonly exitCode?: number;
}

/*
 * The texts of stopped tasks and service events, as the ECS Developer Guide lists them ("Stopped tasks
 * error messages", "Service event messages"), from the specific to the general.
 */
const CAUSES: readonly Cause[] = [
  {
    code: "wrong-architecture",
    pattern: /exec format error|no matching manifest for|does not match the specified platform/i,
    fix: "Build the image for the architecture of the cluster (linux/amd64 or linux/arm64), or choose an instance type of the image's architecture.",
    permanent: true,
  },
  {
    code: "image-rate-limited",
    pattern: /toomanyrequests|pull rate limit/i,
    fix: "Copy the image to ECR, or give the registry's credentials: .image(reference, { credentials: secretArn }).",
    permanent: false,
  },
  {
    code: "registry-unreachable",
    pattern:
      /CannotPull.*(i\/o timeout|request canceled|context canceled|deadline exceeded|no route to host)/i,
    fix: "Give the tasks a way to the registry: a public IP address, a NAT gateway, or VPC endpoints for ECR and S3.",
    permanent: false,
  },
  {
    code: "disk-full",
    pattern: /no space left on device|devmapper/i,
    fix: "Give the instances larger disks, or let the agent clean up sooner (ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION).",
    permanent: false,
  },
  {
    code: "image-not-found",
    pattern:
      /CannotPull.*(not found|manifest unknown|pull access denied|does not exist|denied|unauthorized)/i,
    fix: "Check the image's registry, repository and tag, and that the role that pulls it may read it.",
    permanent: true,
  },
  {
    code: "image-not-pulled",
    pattern: /CannotPull(Container)?(Error|ImageManifest)/i,
    fix: "Check the image's reference and the way from the tasks to its registry.",
    permanent: false,
  },
  {
    code: "secret-denied",
    pattern: /ResourceInitializationError.*(secret|ssm|parameter|registry auth)/i,
    fix: "Check that each secret exists in this region and that the execution role may read it.",
    permanent: true,
  },
  {
    code: "log-group-missing",
    pattern: /log group does not exist|ResourceInitializationError.*log/i,
    fix: "Deploy again: the log group is made before the service. Or name one that exists: .logs(group).",
    permanent: true,
  },
  {
    code: "role-not-assumable",
    pattern: /unable to assume the role/i,
    fix: "Check the role's trust policy: ecs-tasks.amazonaws.com must be allowed to assume it.",
    permanent: false,
  },
  {
    code: "cannot-start",
    pattern: /CannotStartContainerError|CannotCreateContainerError|OCI runtime|bind: address already in use/i,
    fix: "Check the container's command, entry point and user.",
    permanent: true,
  },
  {
    code: "out-of-memory",
    pattern: /OutOfMemory/i,
    fix: "Give the container more memory: .container({ memory, memoryReservation }).",
    permanent: true,
  },
  {
    code: "spot-interrupted",
    pattern: /spot (task|instance).*(interrupt|terminat)/i,
    fix: "Wait for capacity to come back, or use on-demand capacity.",
    permanent: false,
  },
  {
    code: "instance-lost",
    pattern: /Host EC2.*(terminated|stopped)/i,
    fix: "Check why the instance ended; its Auto Scaling group replaces it.",
    permanent: false,
  },
  {
    code: "no-capacity",
    pattern:
      /unable to place a task|RESOURCE:|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER|No Container Instances were found/i,
    fix: "Give the cluster more or larger instances (.autoscale({ min, max }), .ec2({ instanceType })), or ask for less cpu and memory.",
    permanent: false,
  },
  {
    code: "port-mismatch",
    pattern: /Target\.FailedHealthChecks.*refused|connection refused/i,
    fix: "Let the application listen on the container's port, on all interfaces (0.0.0.0), or correct .port(n).",
    permanent: false,
  },
  {
    code: "health-check-failing",
    pattern:
      /failed ELB health checks|Health checks failed|is unhealthy in|failed container health checks|ResponseCodeMismatch|Target\.Timeout|FailedHealthChecks/i,
    fix: "Check the health check's path and codes, that the application listens on the container's port on all interfaces, and healthCheckGrace for a slow start.",
    permanent: false,
  },
  {
    code: "exited-on-start",
    pattern: /Essential container in task exited/i,
    fix: "Read the container's last log lines: the application ends right after its start.",
    permanent: true,
  },
  {
    code: "deployment-blocked",
    pattern:
      /unable to stop or start tasks during a deployment because of the service deployment configuration/i,
    fix: "Let a rollout start or stop a task: rolling: { minHealthyPercent, maxPercent }.",
    permanent: true,
  },
];

const UNKNOWN_CAUSE: Diagnosis = {
  code: "unknown",
  why: "AWS gave no reason that quayside knows",
  fix: "Read the service's events and the stopped tasks' reasons in `evidence`.",
  permanent: false,
};

/** A text of AWS's that tells of normal replacement, not of a fault. */
const HARMLESS =
  /Scaling activity initiated by|has reached a steady state|deregistered .* targets? in|registered .* targets? in|has begun draining/i;

/** Which known cause a stop reason, target health reason or event tells of. */
export function diagnoseText(text: string, exitCode?: number): Diagnosis | undefined {
  if (HARMLESS.test(text)) return undefined;
  // 137 without a word of memory is SIGKILL: ECS's own way to end a task that ignores SIGTERM.
  const cause = CAUSES.find(({ pattern }) => pattern.test(text));
  if (cause === undefined) return undefined;
  const why = exitCode === undefined ? text : `${text} (exit code ${exitCode})`;
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
  if (stopped[0] !== undefined) return stopped[0].found;

  for (const target of evidence.targets) {
    if (target.state !== "unhealthy") continue;
    const found = diagnoseText(`${target.reason ?? ""} ${target.description ?? ""}`.trim());
    if (found !== undefined) return found;
  }
  for (const event of evidence.events) {
    const found = diagnoseText(event.message);
    if (found !== undefined) return found;
  }
  return UNKNOWN_CAUSE;
}
