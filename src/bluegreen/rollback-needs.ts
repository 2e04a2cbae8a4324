import { taskDefinitionId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { missingDependencies } from "../service/task-definition/missing-dependencies.js";
import { colorHealth, isHealthy, type ColorSubject } from "./color-health.js";
import type { BlueGreenDeployment } from "./colors.js";

/**
 * Says what would stand in the way of going back to `from`, before it loses requests. Not an obstacle to
 * that: what is live may be the very thing that the new version heals.
 *
 * @param said - what was said last: it is not said once more
 * @returns what is said now
 */
export async function warnIfNotRollbackable(
  spec: BlueGreenDeployment,
  from: ColorSubject,
  context: AwsContext,
  said?: string,
): Promise<string | undefined> {
  const problem = await rollbackProblem(from, context);
  if (problem !== undefined && problem !== said) {
    const message = `${spec.name} could not go back from here: ${problem}`;
    context.emit({ type: "warning", at: context.clock.now(), message });
  }
  return problem;
}

/** A rollback needs the old tasks; and what others are started from, should one of them end. */
async function rollbackProblem(from: ColorSubject, context: AwsContext): Promise<string | undefined> {
  const health = await colorHealth(from, context);
  if (health === undefined) return `service ${from.serviceName} is gone`;
  if (!isHealthy(health)) {
    return `${health.healthy} of ${health.desired} tasks of service ${from.serviceName} are healthy`;
  }
  const { taskDefinition } = health;
  const id = taskDefinitionId(taskDefinition);
  const [described, lost] = await Promise.all([
    context.aws.ecs.describeTaskDefinition({ taskDefinition }),
    missingDependencies(taskDefinition, context),
  ]);
  if (described.taskDefinition?.status !== "ACTIVE") return `${id} is not active any more`;
  if (lost.length === 0) return undefined;
  return `what ${id} needs is gone: ${lost.map(({ need, name }) => `${need} ${name}`).join(", ")}`;
}
