import type { Cause } from "./cause.js";
import { INITIALIZATION_CAUSES } from "./initialization-causes.js";

/*
 * The texts of stopped tasks and service events, as the ECS Developer Guide lists them ("Stopped tasks
 * error messages", "Service event messages"), from the specific to the general.
 */
export const CAUSES: readonly Cause[] = [
  {
    code: "wrong-architecture",
    pattern:
      /exec format error|no matching manifest for|does not match the specified platform|descriptor matching platform/i,
    fix: "Build the image for the architecture of the cluster (linux/amd64 or linux/arm64), or choose an instance type of the image's architecture.",
    permanent: true,
  },
  {
    code: "registry-denied",
    pattern:
      /unable to retrieve ecr registry auth.*(AccessDenied|not authorized)|ecr:GetAuthorizationToken|can.t (pull|read) .*using the task execution role|Verify that the role has the permissions/i,
    fix: "Allow the task execution role (on EC2 also the instance role) to read from ECR: attach the managed policy AmazonECSTaskExecutionRolePolicy.",
    permanent: true,
  },
  {
    // The agent fetches a new token for the next task.
    code: "registry-login-expired",
    pattern: /authorization token has expired/i,
    fix: "Wait: the ECS agent logs in to the registry again. If it lasts, check the instance's clock and its agent.",
    permanent: false,
  },
  {
    code: "aws-unreachable",
    pattern:
      /ResourceInitializationError.*(connection issue|i\/o timeout|context canceled|deadline exceeded|send request failed|no such host)/i,
    fix: "Give the tasks network access to the AWS endpoints: a public IP address, a NAT gateway, or VPC endpoints for the services that they use (ECR, S3, CloudWatch Logs, Secrets Manager, SSM).",
    permanent: false,
  },
  {
    code: "image-rate-limited",
    pattern: /toomanyrequests|pull rate limit/i,
    fix: "Copy the image to ECR, or set the registry's credentials: .image(reference, { credentials: secretArn }).",
    permanent: false,
  },
  {
    code: "registry-unreachable",
    pattern:
      /CannotPull.*(i\/o timeout|request canceled|context canceled|deadline exceeded|no route to host)/i,
    fix: "Give the tasks network access to the registry: a public IP address, a NAT gateway, or VPC endpoints for ECR and S3.",
    permanent: false,
  },
  {
    // Of Managed Instances: ECS's infrastructure role, or what the instances must have.
    code: "instances-not-launched",
    pattern: /unable to launch instance/i,
    fix: "Allow what AWS denies on the cluster's infrastructure role (to pass the instances' role, also iam:PassRole), or widen what the instances must have: .managedInstances({ instanceTypes, requirements }).",
    permanent: false,
  },
  {
    code: "disk-full",
    pattern: /no space left on device|devmapper/i,
    fix: "Use larger volumes for the instances, or let the agent clean up sooner (ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION).",
    permanent: false,
  },
  {
    code: "image-not-found",
    pattern:
      /CannotPull.*(not found|manifest unknown|pull access denied|does not exist|denied|unauthorized|forbidden|\b404\b)/i,
    fix: "Check the image's registry, repository and tag, and that the role that pulls it is allowed to read it.",
    permanent: true,
  },
  {
    code: "image-not-pulled",
    pattern: /CannotPull(Container)?(Error|ImageManifest)/i,
    fix: "Check the image reference, and that the tasks can reach its registry.",
    permanent: false,
  },
  ...INITIALIZATION_CAUSES,
  {
    code: "role-not-assumable",
    pattern: /unable to assume (the )?role/i,
    fix: "Check the role's trust policy: ecs-tasks.amazonaws.com must be allowed to assume it.",
    permanent: false,
  },
  {
    code: "port-taken",
    pattern: /bind: address already in use|already using a port required by your task|RESOURCE:PORTS/i,
    fix: "Let ECS choose the host port (0), or add instances: each one can run only one task with that port.",
    permanent: false,
  },
  {
    code: "runtime-timeout",
    pattern: /DockerTimeoutError|ContainerRuntimeTimeoutError|CannotInspectContainerError/i,
    fix: "Run fewer tasks on the instance, or use larger instances: it is overloaded.",
    permanent: false,
  },
  {
    code: "volume-failed",
    pattern: /CannotCreateVolumeError/i,
    fix: "Check the volume's driver and options, and that the host has them (an EFS volume needs its mount targets in the tasks' subnets).",
    permanent: false,
  },
  {
    code: "runtime-failed",
    pattern: /ContainerRuntimeError|CannotStopContainerError/i,
    fix: "Wait: ECS starts another task. If it lasts, replace the instance: its container runtime fails.",
    permanent: false,
  },
  {
    code: "fargate-retired",
    pattern: /(Fargate|ECS) is retiring (this|the) task|task.*retirement/i,
    fix: "Wait: AWS patches the host, and ECS starts the task on another one.",
    permanent: false,
  },
  {
    code: "dependency-failed",
    pattern: /failed to resolve container ordering dependency|dependency did not exit successfully/i,
    fix: "Read the last log lines of the container that the others depend on (dependsOn): it did not exit with 0.",
    permanent: true,
  },
  {
    code: "cannot-start",
    pattern: /CannotStartContainerError|CannotCreateContainerError|OCI runtime/i,
    fix: "Check the container's command, entry point and user.",
    permanent: true,
  },
  {
    code: "out-of-memory",
    pattern: /OutOfMemory/i,
    fix: "Increase the container's memory: .container({ memory, memoryReservation }).",
    permanent: true,
  },
  {
    code: "spot-interrupted",
    pattern: /spot (task|instance).*(interrupt|terminat)/i,
    fix: "Wait until Spot capacity is available again, or use On-Demand capacity.",
    permanent: false,
  },
  {
    code: "instance-lost",
    pattern: /Host EC2.*(terminated|stopped)/i,
    fix: "Check why the instance was stopped or terminated; its Auto Scaling group replaces it.",
    permanent: false,
  },
  {
    code: "no-suitable-instance",
    pattern:
      /missing an attribute required by your task|MemberOf placement constraint|PLACEMENT_CONSTRAINT|^(TaskFailedToStart: )?ATTRIBUTE/i,
    fix: "Use an instance type with the attributes that the task requires, or change the task's requirements: network mode, architecture, placement constraints.",
    permanent: false,
  },
  {
    code: "agent-disconnected",
    pattern: /encountered error "AGENT"|^(TaskFailedToStart: )?AGENT/,
    fix: "Check the ECS agent on the instance (/var/log/ecs/ecs-agent.log) and its connection to the ECS endpoints, or replace the instance.",
    permanent: false,
  },
  {
    code: "network-interface-failed",
    pattern:
      /attempt(ing|ed)? to Create Network Interface|network interface provisioning|RESOURCE:ENI|InternalError/i,
    fix: "Check that the subnets have free IP addresses, and check the account's quota for network interfaces.",
    permanent: false,
  },
  {
    code: "fargate-capacity",
    pattern: /Capacity is unavailable at this time/i,
    fix: "Wait: ECS starts the tasks once Fargate has capacity. Use subnets in more Availability Zones, and On-Demand capacity (.fargate()) where Spot capacity is short.",
    permanent: false,
  },
  {
    code: "fargate-quota",
    pattern: /reached the limit on the number of (tasks|vCPUs)/i,
    fix: "Request a higher quota for Fargate (vCPUs of On-Demand or Spot resources) in Service Quotas, or run fewer or smaller tasks.",
    permanent: false,
  },
  {
    code: "no-capacity",
    pattern:
      /unable to place a task|RESOURCE:|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER|No Container Instances were found/i,
    fix: "Add more or larger instances to the cluster (.autoscale({ min, max }), .ec2({ instanceType })), or reduce the task's cpu and memory.",
    permanent: false,
  },
  {
    code: "targets-not-registered",
    pattern: /failed to register targets/i,
    fix: "Check that the target group exists, and that its target type matches the tasks' network mode. Deploy again.",
    permanent: false,
  },
  {
    code: "throttled",
    pattern: /operations are being throttled/i,
    fix: "Wait: ECS retries by itself. Deploy fewer services at once.",
    permanent: false,
  },
  {
    code: "tasks-protected",
    pattern: /protected tasks are more than the desired count/i,
    fix: "Remove the tasks' scale-in protection, or wait until it expires.",
    permanent: false,
  },
  {
    code: "target-unreachable",
    pattern: /Target\.Timeout|Request timed out/i,
    fix: "Check that the tasks' security group allows traffic from the load balancer's, and that the application answers the health check within its timeout.",
    permanent: false,
  },
  {
    // ELB's words for a connection that is refused or broken: an answer would have a code.
    code: "port-mismatch",
    pattern: /Target\.FailedHealthChecks|reason Health checks failed\)|connection refused/i,
    fix: "Make the application listen on the container's port, on all interfaces (0.0.0.0), or correct .port(n).",
    permanent: false,
  },
  {
    code: "health-check-failing",
    pattern:
      /failed ELB health checks|Health checks failed|is unhealthy in|failed container health checks|ResponseCodeMismatch/i,
    fix: "Check the health check's path and codes, and that the application listens on the container's port on all interfaces. Increase healthCheckGrace for a slow start.",
    permanent: false,
  },
  {
    code: "killed",
    pattern: /Essential container in task exited/i,
    exitCode: 137,
    fix: "Increase the memory of the container and the instance, and handle SIGTERM in the application: the container was killed (SIGKILL).",
    permanent: false,
  },
  {
    code: "killed",
    pattern: /Essential container in task exited/i,
    exitCode: 143,
    fix: "Read the container's last log lines, and find what stops the process or the task: the container was terminated (SIGTERM).",
    permanent: false,
  },
  {
    code: "crashed",
    pattern: /Essential container in task exited/i,
    exitCode: 139,
    fix: "Check native modules, and that the image is built for the cluster's architecture: the process crashed (segmentation fault).",
    permanent: true,
  },
  {
    code: "exited-on-start",
    pattern: /Essential container in task exited/i,
    fix: "Read the container's last log lines: the application exits right after it starts.",
    permanent: true,
  },
  {
    code: "superseded",
    pattern: /stopped because a new deployment was started|another deploy took its place/i,
    fix: "Check history() and status(), and deploy again if your version should run: another deployment or rollback was started meanwhile.",
    permanent: false,
  },
  {
    code: "tasks-failing",
    pattern: /unable to consistently start tasks successfully|tasks failed to start/i,
    fix: "Read the stopped tasks' reasons and the last log lines.",
    permanent: false,
  },
  {
    code: "deployment-blocked",
    pattern:
      /unable to stop or start tasks during a deployment because of the service deployment configuration/i,
    fix: "Allow a rollout to start or stop a task: rolling: { minHealthyPercent, maxPercent }.",
    permanent: true,
  },
];
