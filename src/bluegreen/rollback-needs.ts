import { taskDefinitionId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { missingDependencies } from "../service/task-definition/missing-dependencies.js";
import { colorHealth, isHealthy, type ColorSubject } from "./color-health.js";
import type { BlueGreenDeployment } from "./colors.js";

/**
 * Emits a warning if a rollback to `from` would fail, before `from` loses traffic. It does not stop the
 * release: the new version may be the fix for an unhealthy live one.
 *
 * @param previous - the last problem, which is not reported again
 * @returns the present problem
 */
export async function warnIfNotRollbackable(
  spec: BlueGreenDeployment,
  from: ColorSubject,
  context: AwsContext,
  previous?: string,
): Promise<string | undefined> {
  const problem = await rollbackProblem(from, context);
  if (problem !== undefined && problem !== previous) {
    const message = `a rollback of ${spec.name} would fail: ${problem}`;
    context.emit({ type: "warning", at: context.clock.now(), message });
  }
  return problem;
}

/** The reason why a rollback would fail. It needs the old tasks, and everything to start new ones if one of them stops. */
async function rollbackProblem(from: ColorSubject, context: AwsContext): Promise<string | undefined> {
  const health = await colorHealth(from, context);
  if (health === undefined) return `service ${from.serviceName} no longer exists`;
  if (!isHealthy(health)) {
    return `${health.healthy} of ${health.desired} tasks of service ${from.serviceName} are healthy`;
  }
  const { taskDefinition } = health;
  const id = taskDefinitionId(taskDefinition);
  const [described, lost] = await Promise.all([
    context.aws.ecs.describeTaskDefinition({ taskDefinition }),
    missingDependencies(taskDefinition, context),
  ]);
  if (described.taskDefinition?.status !== "ACTIVE") return `task definition ${id} is no longer active`;
  if (lost.length === 0) return undefined;
  return `${id} needs resources that no longer exist: ${lost.map(({ need, name }) => `${need} ${name}`).join(", ")}`;
}
