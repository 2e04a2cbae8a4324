import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import type { TaskRecord } from "../state.js";

/**
 * The role whose credentials a task's containers find, and the name of its session: the task role with the task's
 * id. Without one, a task on an instance finds the instance's, as its metadata service answers it; on Fargate none.
 * Source: ECS Developer Guide, "Amazon ECS task IAM role".
 */
export function roleOfTask(
  account: Account,
  { description, taskDefinition }: TaskRecord,
): { readonly arn: string; readonly session: string } | undefined {
  const taskRole = description.overrides?.taskRoleArn ?? taskDefinition.description.taskRoleArn;
  if (taskRole !== undefined) return { arn: taskRole, session: nameOf(description.taskArn ?? "") };
  const container = account.ecs.clusters
    .get(nameOf(description.clusterArn ?? ""))
    ?.containerInstances.get(description.containerInstanceArn ?? "");
  const instance = account.ec2.instances.get(container?.instanceId ?? "");
  const profile = account.iam.instanceProfiles.get(instance?.profileName?.toLowerCase() ?? "");
  const role = account.iam.roles.get(profile?.roleName?.toLowerCase() ?? "");
  return instance && role && { arn: role.arn, session: instance.id };
}
