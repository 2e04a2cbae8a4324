/** Why a rollout failed, or a task stopped. A diagnosis never changes between versions. */
export type DiagnosisCode =
  /** AWS reports no reason that quayside recognizes. */
  | "unknown"

  /** The application exits right after it starts: a missing variable, an unreachable database, a wrong command. */
  | "exited-on-start"
  /** The process crashed with a segmentation fault (exit code 139). */
  | "crashed"
  /** The container was ended by a signal: SIGKILL (137), often for its memory, or SIGTERM (143). */
  | "killed"
  /** The container used more memory than its limit. */
  | "out-of-memory"
  /** The container's process could not be started: its command, entry point or user does not exist in the image. */
  | "cannot-start"
  /** The image is for another processor architecture than the host. */
  | "wrong-architecture"
  /** A container on which others depend did not become healthy, or did not exit with 0. */
  | "dependency-failed"
  /** Tasks fail one after the other; the stopped tasks have different reasons. */
  | "tasks-failing"

  /** The image or its tag does not exist, or its registry hides it from the role that pulls it. */
  | "image-not-found"
  /** The image could not be pulled, for a reason that no other diagnosis stands for. */
  | "image-not-pulled"
  /** The registry limits anonymous pulls (Docker Hub does). */
  | "image-rate-limited"
  /** The role that pulls the image may not log in to ECR. */
  | "registry-denied"
  /** The host's login to ECR has expired. */
  | "registry-login-expired"
  /** The tasks cannot reach the image's registry over the network. */
  | "registry-unreachable"

  /** The tasks cannot reach AWS's endpoints over the network. */
  | "aws-unreachable"
  /** The execution role may not read a secret, or the secret does not exist. */
  | "secret-denied"
  /** The role may not write to the log group. */
  | "logs-denied"
  /** The log group does not exist. */
  | "log-group-missing"
  /** The log driver could not be started. */
  | "logs-unavailable"
  /** ECS may not assume the task's role: its trust policy does not name ecs-tasks.amazonaws.com. */
  | "role-not-assumable"
  /** A volume could not be created or mounted. */
  | "volume-failed"
  /** The EFS file system has no mount target that the tasks reach, or the task role may not mount it. */
  | "file-system-not-mounted"
  /** The EBS volume of a task could not be created or attached. */
  | "volume-not-attached"
  /** A file of environment variables, or of the log router's configuration, could not be read from S3. */
  | "file-not-read"

  /** The load balancer's health check, or the container's own, fails: wrong path or status, or a slow start. */
  | "health-check-failing"
  /** The application does not listen on the container's port, or only on 127.0.0.1. */
  | "port-mismatch"
  /** The load balancer's requests are not answered in time: a security group, or a slow application. */
  | "target-unreachable"
  /** ECS could not register the tasks with the target group. */
  | "targets-not-registered"

  /** No instance has the CPU, memory or port that a task needs. */
  | "no-capacity"
  /** No instance has the attributes that a task requires. */
  | "no-suitable-instance"
  /** Auto Scaling could not launch an instance. */
  | "instances-failed"
  /** Instances run and have not joined the cluster. */
  | "instances-not-registered"
  /** The instance of a task was stopped or terminated. */
  | "instance-lost"
  /** EC2 or Fargate took back Spot capacity. */
  | "spot-interrupted"
  /** The ECS agent of an instance is not connected. */
  | "agent-disconnected"
  /** The host port of a task is in use on every instance. */
  | "port-taken"
  /** ECS could not launch Managed Instances for the tasks. */
  | "instances-not-launched"
  /** The disk of an instance is full. */
  | "disk-full"
  /** Docker on an instance answers too late: the instance is overloaded. */
  | "runtime-timeout"
  /** The container runtime of an instance fails. */
  | "runtime-failed"
  /** Fargate has no capacity in these zones at this moment. */
  | "fargate-capacity"
  /** The account's quota of Fargate vCPUs is used up. */
  | "fargate-quota"
  /** AWS patches the host of a Fargate task, and replaces the task. */
  | "fargate-retired"
  /** A task got no network interface: no free IP address in the subnets, or a quota. */
  | "network-interface-failed"

  /** Another deployment or rollback was started meanwhile. */
  | "superseded"
  /** The rollout's percentages allow ECS neither to stop nor to start a task. */
  | "deployment-blocked"
  /** ECS limits the rate at which it starts tasks. */
  | "throttled"
  /** Tasks that are protected from scale-in are more than the desired number. */
  | "tasks-protected";
