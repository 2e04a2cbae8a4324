import type { World } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { nameOf } from "../arn.js";
import type { TaskRecord } from "../state.js";
import { advance, failToStart } from "./task-containers.js";
import { setStatus } from "./task-stop.js";

/** PENDING: what has to be there is looked for, then the image is pulled and the container started. */
function startContainers(world: World, task: TaskRecord): void {
  const { description, taskDefinition } = task;
  if (description.desiredStatus === "STOPPED") return;
  setStatus(task, "PENDING");
  const wait = roleDelay(world, taskDefinition.description.executionRoleArn);
  if (wait !== undefined && wait > 0) {
    world.clock.schedule(wait, () => startContainers(world, task));
    return;
  }
  const why =
    wait === undefined
      ? roleGone(taskDefinition.description.executionRoleArn)
      : (missingSecret(world, task) ?? missingLogGroup(world, task));
  if (why !== undefined) return failToStart(world, task, why);

  description.pullStartedAt = new Date(world.clock.now());
  advance(world, task);
}

/** How long until the execution role can be assumed, in milliseconds; `undefined` when there is no such role. */
function roleDelay(world: World, arn: string | undefined): number | undefined {
  if (arn === undefined) return 0;
  const role = world.iam.roles.get(nameOf(arn).toLowerCase());
  return role === undefined ? undefined : Math.max(0, role.usableAt - world.clock.now());
}

const roleGone = (arn: string | undefined): string =>
  `ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`;

/** Only where somebody has said which secrets there are. */
function missingSecret(world: World, { taskDefinition }: TaskRecord): string | undefined {
  const wanted = (taskDefinition.description.containerDefinitions ?? []).flatMap(
    ({ secrets = [] }) => secrets,
  );
  const lost = wanted.find(({ valueFrom = "" }) => world.secrets?.has(valueFrom) === false);
  if (lost === undefined) return undefined;
  const why = lost.valueFrom?.includes(":secretsmanager:")
    ? "secrets manager: failed to retrieve secret from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."
    : `ssm parameters: invalid ssm parameters: ${lost.valueFrom}`;
  return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ${why}`;
}

function missingLogGroup(world: World, { taskDefinition }: TaskRecord): string | undefined {
  for (const { logConfiguration } of taskDefinition.description.containerDefinitions ?? []) {
    const options = logConfiguration?.options ?? {};
    if (logConfiguration?.logDriver !== "awslogs" || options["awslogs-create-group"] === "true") continue;
    if (world.logs.groups.has(options["awslogs-group"] ?? "")) continue;
    return (
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
      "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
    );
  }
  return undefined;
}

/** What a launched task goes through before its containers start. */
export const provision = (world: World, task: TaskRecord): void => {
  if (task.networkInterfaceId === undefined) return startContainers(world, task);
  world.clock.schedule(durations.taskProvisioning, () => {
    for (const attachment of task.description.attachments ?? []) attachment.status = "ATTACHED";
    startContainers(world, task);
  });
};
