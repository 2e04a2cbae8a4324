import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { EcsParameters } from "@aws-sdk/client-scheduler";
import type { EcsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { permissionsOf } from "./role-permissions.js";
import type { Schedule } from "./state.js";
import { callUniversal } from "./universal-target.js";
import { appendBounded, RECORDED } from "../../core/append-bounded.js";

/** Invokes a schedule's target once: RunTask, with the permissions of the target's role. */
export async function invokeTarget(account: Account, ecs: EcsApi, schedule: Schedule): Promise<void> {
  const at = new Date(account.clock.now());
  const error = await invoke(account, ecs, schedule).then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  appendBounded(schedule.invocations, { at, error }, RECORDED.invocations);
}

async function invoke(account: Account, ecs: EcsApi, { input, name }: Schedule): Promise<void> {
  const { Arn = "", RoleArn = "", EcsParameters: parameters, Input } = input.Target ?? {};
  if (Arn.includes(":aws-sdk:"))
    return callUniversal(account, ecs, { arn: Arn, roleArn: RoleArn, input: Input });
  if (parameters === undefined) return;
  assertMayRun(account, RoleArn, parameters);
  const overrides = Input === undefined ? undefined : (JSON.parse(Input) as RunTaskCommandInput["overrides"]);
  const { failures = [] } = await ecs.runTask({
    cluster: Arn,
    taskDefinition: parameters.TaskDefinitionArn,
    count: parameters.TaskCount,
    launchType: parameters.LaunchType,
    capacityProviderStrategy: parameters.CapacityProviderStrategy?.map((item) => ({
      capacityProvider: item.capacityProvider,
      weight: item.weight,
      base: item.base,
    })),
    networkConfiguration: networkOf(parameters),
    placementStrategy: parameters.PlacementStrategy?.map(({ type, field }) => ({ type, field })),
    propagateTags: parameters.PropagateTags,
    group: parameters.Group,
    startedBy: `chronos-schedule/${name}`,
    enableExecuteCommand: parameters.EnableExecuteCommand,
    overrides,
  });
  if (failures[0] !== undefined) throw new Error(failures[0].reason);
}

function networkOf({
  NetworkConfiguration: network,
}: EcsParameters): RunTaskCommandInput["networkConfiguration"] {
  const awsvpc = network?.awsvpcConfiguration;
  if (awsvpc === undefined) return undefined;
  return {
    awsvpcConfiguration: {
      subnets: awsvpc.Subnets,
      securityGroups: awsvpc.SecurityGroups,
      assignPublicIp: awsvpc.AssignPublicIp,
    },
  };
}

/** Needs `ecs:RunTask` on this very task definition, and `iam:PassRole` for its roles. */
function assertMayRun(
  account: Account,
  roleArn: string,
  { TaskDefinitionArn: definition = "" }: EcsParameters,
): void {
  const allows = permissionsOf(account, roleArn);
  if (!allows("ecs:RunTask", definition))
    throw new Error(`not authorized to perform: ecs:RunTask on resource: ${definition}`);
  const family = /task-definition\/([^:]+)/.exec(definition)?.[1] ?? "";
  const revision = account.ecs.families
    .get(family)
    ?.revisions.find(({ description }) => description.taskDefinitionArn === definition);
  for (const passed of [revision?.description.taskRoleArn, revision?.description.executionRoleArn]) {
    if (passed !== undefined && !allows("iam:PassRole", passed))
      throw new Error(`not authorized to perform: iam:PassRole on resource: ${passed}`);
  }
}
