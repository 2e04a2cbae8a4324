import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { reachesServices } from "../../ec2/egress.js";
import { unassumableRole } from "../../iam/passed-roles.js";
import { recordRoleUse } from "../../iam/role-use.js";
import type { TaskRecord } from "../state.js";
import { unreadableSecret } from "./secrets.js";
import { unreadableFile } from "./task-files.js";
import { unavailableVolume } from "./task-volumes.js";
import { advance, failToStart } from "./task-containers.js";
import { setStatus } from "./task-stop.js";

/** PENDING: checks the task's dependencies, then pulls the image and starts the containers. */
function startContainers(account: Account, task: TaskRecord): void {
  const { description, taskDefinition } = task;
  if (description.desiredStatus === "STOPPED") return;
  setStatus(task, "PENDING");
  const why =
    unassumableRole(account, taskDefinition.description) ??
    unreachableService(account, task) ??
    unreadableSecret(account, task) ??
    unreadableFile(account, task) ??
    unavailableVolume(account, task) ??
    missingLogGroup(account, task);
  if (why !== undefined) return failToStart(account, task, why);
  const { executionRoleArn, taskRoleArn } = taskDefinition.description;
  for (const arn of [executionRoleArn, taskRoleArn])
    if (arn !== undefined) recordRoleUse(account, account.iam.roles.get(nameOf(arn).toLowerCase()));

  description.pullStartedAt = new Date(account.clock.now());
  const names = task.rollout?.connect && account.traffic.connect?.(task.rollout);
  if (names === undefined) return advance(account, task);
  names.then(
    (ports) => {
      task.connectPorts = ports;
      advance(account, task);
    },
    (error: unknown) => failToStart(account, task, String(error)),
  );
}

/**
 * On Fargate, a task's own network interface must lead to the registry and to CloudWatch Logs: over the internet, or
 * through endpoints of the VPC. On an instance, the agent pulls images and writes logs over the instance's.
 */
function unreachableService(account: Account, task: TaskRecord): string | undefined {
  if (task.description.launchType !== "FARGATE") return unreachableFromInstance(account, task);
  const reaches = (...services: string[]) => reachesServices(account, task.networkInterfaceId, services);
  const containers = task.taskDefinition.description.containerDefinitions ?? [];
  for (const { valueFrom = "" } of containers.flatMap(({ secrets = [] }) => secrets)) {
    const service = valueFrom.includes(":secretsmanager:") ? "secretsmanager" : "ssm";
    if (!reaches(service))
      return (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): " +
        `RequestError: send request failed caused by: Post "https://${service}.${account.region}.amazonaws.com/": dial tcp: i/o timeout`
      );
  }
  for (const { image = "", logConfiguration } of containers) {
    const isInEcr = /\.dkr\.ecr\./.test(image);
    if (isInEcr && !reaches("ecr.api", "ecr.dkr", "s3"))
      return (
        "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from " +
        "Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. " +
        `operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.${account.region}.amazonaws.com/": dial tcp 10.0.0.2:443: i/o timeout`
      );
    if (!isInEcr && !reaches("the internet")) {
      const registry = /^([^/]+[.:][^/]+)\//.exec(image)?.[1] ?? "registry-1.docker.io";
      return `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: failed to do request: Head "https://${registry}/v2/": dial tcp: i/o timeout`;
    }
    if (logConfiguration?.logDriver === "awslogs" && !reaches("logs"))
      return (
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 3 times: " +
        `failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post "https://logs.${account.region}.amazonaws.com/": dial tcp: i/o timeout : exit status 1`
      );
  }
  return undefined;
}

/** What the agent and Docker say of an instance that does not lead there; ECR's layers are in S3. */
function unreachableFromInstance(account: Account, task: TaskRecord): string | undefined {
  const instance = account.ec2.instances.get(instanceIdOf(account, task) ?? "");
  const reaches = (...services: string[]) => reachesServices(account, instance?.networkInterfaceId, services);
  const { region } = account;
  const containers = task.taskDefinition.description.containerDefinitions ?? [];
  for (const { image = "", logConfiguration } of containers) {
    if (/\.dkr\.ecr\./.test(image)) {
      if (!reaches("ecr.api", "ecr.dkr", "s3"))
        return `CannotPullECRContainerError: RequestError: send request failed caused by: Post "https://api.ecr.${region}.amazonaws.com/": dial tcp: i/o timeout`;
    } else if (!reaches("the internet")) {
      const registry = /^([^/]+[.:][^/]+)\//.exec(image)?.[1] ?? "registry-1.docker.io";
      return `CannotPullContainerError: Error response from daemon: Get "https://${registry}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`;
    }
    if (logConfiguration?.logDriver === "awslogs" && !reaches("logs"))
      return `CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post "https://logs.${region}.amazonaws.com/": dial tcp: i/o timeout`;
  }
  return undefined;
}

/** The instance that the task runs on; `undefined` on Fargate, and on one that is not of this account. */
const instanceIdOf = ({ ecs }: Account, { description }: TaskRecord): string | undefined => {
  const cluster = ecs.clusters.get(nameOf(description.clusterArn ?? ""));
  return cluster?.containerInstances.get(description.containerInstanceArn ?? "")?.instanceId;
};

function missingLogGroup(account: Account, { taskDefinition, rollout }: TaskRecord): string | undefined {
  const proxy = rollout?.connect?.configuration;
  for (const { logConfiguration } of [
    ...(taskDefinition.description.containerDefinitions ?? []),
    ...(proxy === undefined ? [] : [proxy]),
  ]) {
    const options = logConfiguration?.options ?? {};
    if (logConfiguration?.logDriver !== "awslogs" || options["awslogs-create-group"] === "true") continue;
    if (account.logs.groups.has(options["awslogs-group"] ?? "")) continue;
    return (
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
      "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
    );
  }
  return undefined;
}

/** Provisions a launched task, before its containers start. */
export const provision = (account: Account, task: TaskRecord): void => {
  if (task.networkInterfaceId === undefined) return startContainers(account, task);
  account.clock.schedule(durations.taskProvisioning, () => {
    for (const attachment of task.description.attachments ?? []) attachment.status = "ATTACHED";
    startContainers(account, task);
  });
};
