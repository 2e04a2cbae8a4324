import { describe, expect, test } from "vitest";
import type { RolloutEvidence } from "../../../src/index.js";
import { diagnose, diagnoseText } from "../../../src/service/rollout/diagnosis.js";

const pull = "CannotPullContainerError: ";
const resources = "ResourceInitializationError: unable to pull secrets or registry auth: ";
const place =
  "(service web) was unable to place a task because no container instance met all of its requirements.";

/** What ECS says, what it means, and whether trying again cannot heal it. Source: its Developer Guide. */
const TEXTS: readonly (readonly [
  text: string,
  code: string | undefined,
  permanent?: boolean,
  exit?: number,
])[] = [
  [
    `${pull}pull image manifest has been retried 1 time(s): failed to resolve ref web:9: web:9: not found`,
    "image-not-found",
    true,
  ],
  [
    `${pull}Error response from daemon: manifest for web:9 not found: manifest unknown`,
    "image-not-found",
    true,
  ],
  [
    `${pull}pull access denied for web, repository does not exist or may require 'docker login'`,
    "image-not-found",
    true,
  ],
  [`${pull}API error (404): repository talk-service not found`, "image-not-found", true],
  [
    `${pull}failed to resolve ref web:9: unexpected status from HEAD request: 403 Forbidden`,
    "image-not-found",
    true,
  ],
  [
    `${pull}Error response from daemon: Get https://x: net/http: request canceled while waiting for connection`,
    "registry-unreachable",
  ],
  [`${pull}dial tcp 1.2.3.4:443: i/o timeout`, "registry-unreachable"],
  [`${pull}context canceled`, "registry-unreachable"],
  [`${pull}ref pull has been retried 5 time(s): failed to copy`, "image-not-pulled"],
  [`${pull}no matching manifest for linux/arm64 in the manifest list entries`, "wrong-architecture", true],
  ["exec /app: exec format error", "wrong-architecture", true],
  [
    `${pull}pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'`,
    "wrong-architecture",
    true,
  ],
  [
    `${pull}pull access denied for web: Your authorization token has expired. Reauthenticate and try again.`,
    "registry-login-expired",
  ],
  [
    "The task can't pull the image 'web:1' from Amazon Elastic Container Registry using the task execution role 'arn:aws:iam::123456789012:role/talk'. Verify that the role has the permissions to pull images.",
    "registry-denied",
    true,
  ],
  ["ContainerRuntimeError: failed to create container runtime task", "runtime-failed"],
  ["CannotCreateVolumeError: Error response from daemon: create uploads: driver not found", "volume-failed"],
  [
    "CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s",
    "runtime-timeout",
  ],
  ["Timeout waiting for network interface provisioning to complete.", "network-interface-failed"],
  ["ECS is retiring the task: AWS Fargate is retiring this task", "fargate-retired"],
  [
    "(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
    "fargate-capacity",
  ],
  [
    "(service web) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
    "fargate-quota",
  ],
  [
    "(service web) was unable to place a task. Reason: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: invalid ssm parameters: /talk/db.",
    "secret-denied",
    true,
  ],
  [`${pull}toomanyrequests: You have reached your pull rate limit`, "image-rate-limited"],
  [`${pull}write /var/lib/docker/tmp: no space left on device`, "disk-full"],
  [
    "CannotCreateContainerError: Error response from daemon: devmapper: Thin Pool has no free data blocks",
    "disk-full",
  ],
  [
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: invalid ssm parameters: /talk/db",
    "secret-denied",
    true,
  ],
  [
    `${resources}The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.`,
    "aws-unreachable",
  ],
  [
    `${resources}execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): context deadline exceeded`,
    "aws-unreachable",
  ],
  [
    `${resources}execution resource retrieval failed: unable to retrieve ecr registry auth: AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken`,
    "registry-denied",
    true,
  ],
  [
    `${resources}unable to retrieve secret from asm: AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue`,
    "secret-denied",
    true,
  ],
  [
    "ResourceInitializationError: failed to validate logger args: The specified log group does not exist.",
    "log-group-missing",
    true,
  ],
  [
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: AccessDeniedException: not authorized to perform: logs:CreateLogStream",
    "logs-denied",
    true,
  ],
  [
    "CannotStartContainerError: Error response from daemon: driver failed: bind: address already in use",
    "port-taken",
  ],
  ['CannotStartContainerError: OCI runtime create failed: exec: "nodee": not found', "cannot-start", true],
  ["DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s", "runtime-timeout"],
  ["ContainerRuntimeTimeoutError: Could not transition to created", "runtime-timeout"],
  [
    "Essential container in task exited; OutOfMemoryError: Container killed due to memory usage",
    "out-of-memory",
    true,
    137,
  ],
  ["Essential container in task exited", "exited-on-start", true, 1],
  ["Essential container in task exited", "exited-on-start", true, 0],
  ["Essential container in task exited", "killed", false, 137],
  ["Essential container in task exited", "crashed", true, 139],
  ["Essential container in task exited", "killed", false, 143],
  ["Task failed ELB health checks in (target-group arn:aws:elb:1)", "health-check-failing"],
  [
    "Task failed ELB health checks in (target-group arn:aws:elb:1) due to (reason Health checks failed with these codes: [503])",
    "health-check-failing",
  ],
  ["Task failed container health checks", "health-check-failing"],
  ["Scaling activity initiated by (deployment ecs-svc/1)", undefined],
  ["Host EC2 (instance i-1) terminated.", "instance-lost"],
  ["Host EC2 (instance i-1) stopped.", "instance-lost"],
  ["Your Spot Task was interrupted.", "spot-interrupted"],
  ["TaskFailedToStart: RESOURCE:CPU", "no-capacity"],
  ["RESOURCE:MEMORY", "no-capacity"],
  ["TaskFailedToStart: RESOURCE:GPU", "no-capacity"],
  ["TaskFailedToStart: RESOURCE:PORTS", "port-taken"],
  ["TaskFailedToStart: RESOURCE:ENI", "network-interface-failed"],
  ["TaskFailedToStart: AGENT", "agent-disconnected"],
  ["TaskFailedToStart: ATTRIBUTE", "no-suitable-instance"],
  ["TaskFailedToStart: MemberOf placement constraint unsatisfied", "no-suitable-instance"],
  ["TaskFailedToStart: NO ACTIVE INSTANCES", "no-capacity"],
  ["TaskFailedToStart: EMPTY CAPACITY PROVIDER", "no-capacity"],
  [
    "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled",
    "network-interface-failed",
  ],
  ["InternalError: The task was stopped", "network-interface-failed"],
  [
    "ECS was unable to assume the role 'arn:aws:iam::1:role/x' that was provided for this task.",
    "role-not-assumable",
  ],
  [place, "no-capacity"],
  [`${place} The closest matching container-instance 1 has insufficient memory available.`, "no-capacity"],
  [`${place} The closest matching container-instance 1 has insufficient CPU units available.`, "no-capacity"],
  [
    `${place} The closest matching container-instance 1 is already using a port required by your task.`,
    "port-taken",
  ],
  [`${place} The closest matching container-instance 1 encountered error "AGENT".`, "agent-disconnected"],
  [
    `${place} The closest matching container-instance 1 is missing an attribute required by your task.`,
    "no-suitable-instance",
  ],
  ["(service web) No Container Instances were found in your capacity provider.", "no-capacity"],
  ["(service web) is unable to consistently start tasks successfully.", "tasks-failing"],
  ["(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start.", "tasks-failing"],
  ["Service deployment stopped because a new deployment was started.", "superseded"],
  ["(service web) operations are being throttled. Will try again later.", "throttled"],
  [
    "(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration.",
    "deployment-blocked",
    true,
  ],
  [
    "(service web) (instance i-1) (port 32768) is unhealthy in (target-group arn) due to (reason Health checks failed with these codes: [502])",
    "health-check-failing",
  ],
  [
    "(service web) (instance i-1) (port 32768) is unhealthy in (target-group arn) due to (reason Health checks failed)",
    "port-mismatch",
  ],
  [
    "(service web) (instance i-1) (port 32768) is unhealthy in (target-group arn) due to (reason Request timed out)",
    "target-unreachable",
  ],
  [
    "(service web) failed to register targets in (target-group arn) with (error The target group does not exist)",
    "targets-not-registered",
  ],
  ["(service web) unable to assume role and validate the specified targetGroupArn", "role-not-assumable"],
  ["(service web) number of protected tasks are more than the desired count", "tasks-protected"],
  ["(service web) rolling back to deployment ecs-svc/1.", undefined],
  ["(service web) has reached a steady state.", undefined],
  ["(service web) registered 1 targets in (target-group arn)", undefined],
  ["(service web) deregistered 1 targets in (target-group arn)", undefined],
  ["(service web) has begun draining connections on 1 tasks.", undefined],
];

describe("what ECS says", () => {
  for (const [text, code, permanent = false, exitCode] of TEXTS) {
    test(`${text}${exitCode === undefined ? "" : ` (exit code ${exitCode})`}`, () => {
      const found = diagnoseText(text, exitCode);
      expect(found?.code).toBe(code);
      if (found === undefined) return;
      expect(found.permanent).toBe(permanent);
      expect(found.fix.length).toBeGreaterThan(20);
    });
  }
});

describe("one diagnosis from all that is known", () => {
  const nothing: RolloutEvidence = { stopped: [], targets: [], events: [], logs: [] };
  const event = (message: string) => ({ at: new Date(0), message });
  const sick = {
    count: 3,
    stopCode: "x",
    exitCode: undefined,
    task: "1",
    reason: "Task failed ELB health checks in (target-group arn)",
  };

  test("stopped tasks count before targets and events, the most frequent cause first", () => {
    const stopped = [
      { ...sick, count: 1 },
      { ...sick, count: 2, reason: "OutOfMemoryError: Container killed due to memory usage", exitCode: 137 },
    ];
    expect(diagnose({ ...nothing, stopped, events: [event(place)] }).code).toBe("out-of-memory");
  });

  test("a program for another architecture is distinguished from one that exits, by its log", () => {
    const exited = { ...sick, reason: "Essential container in task exited", exitCode: 1 };
    const logs = ["exec /usr/local/bin/docker-entrypoint.sh: exec format error"];
    expect(diagnose({ ...nothing, stopped: [exited], logs })).toMatchObject({
      code: "wrong-architecture",
      why: `Essential container in task exited (exit code 1): ${logs[0]}`,
    });
    expect(diagnose({ ...nothing, stopped: [exited], logs: ["Error: no database"] }).code).toBe(
      "exited-on-start",
    );
  });

  test("how the health check failed follows from the targets or the events", () => {
    const target = {
      target: "i-1",
      port: 1,
      state: "unhealthy",
      reason: "Target.FailedHealthChecks",
      description: "Health checks failed",
    };
    expect(diagnose({ ...nothing, stopped: [sick], targets: [target] }).code).toBe("port-mismatch");
    const timedOut = { ...target, reason: "Target.Timeout", description: "Request timed out" };
    expect(diagnose({ ...nothing, stopped: [sick], targets: [timedOut] }).code).toBe("target-unreachable");
    const events = [
      event(
        "(port 1) is unhealthy in (target-group arn) due to (reason Health checks failed with these codes: [404])",
      ),
    ];
    const found = diagnose({ ...nothing, stopped: [sick], events });
    expect(found.code).toBe("health-check-failing");
    expect(found.why).toContain("[404]");
  });

  test("a cluster without capacity is distinguished from one whose instances fail to launch or register", () => {
    const cluster = {
      connected: 0,
      unregistered: 2,
      joining: 0,
      isFull: false,
      failedLaunches: [],
      launchesFail: false,
    };
    const placeless = { ...nothing, events: [event(place)] };
    expect(diagnose(placeless).code).toBe("no-capacity");
    expect(diagnose({ ...placeless, cluster }).code).toBe("instances-not-registered");
    const failed = { ...cluster, failedLaunches: ["You have requested more vCPU capacity than your limit"] };
    expect(diagnose({ ...placeless, cluster: failed })).toMatchObject({ code: "instances-failed" });
    const whole = { ...cluster, unregistered: 0 };
    expect(diagnose({ ...placeless, cluster: whole })).toMatchObject({ code: "no-capacity", why: place });
    expect(diagnose({ ...placeless, cluster: { ...whole, isFull: true } })).toMatchObject({
      code: "no-capacity",
      why: `${place}; the cluster has reached its maximum number of instances`,
    });
  });

  test("without a known cause, the diagnosis is unknown", () => {
    expect(diagnose(nothing).code).toBe("unknown");
  });
});
