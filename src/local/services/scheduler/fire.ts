import type { EcsParameters } from "@aws-sdk/client-scheduler";
import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { EcsPort } from "../../../aws/ports.js";
import type { World } from "../../kernel/world.js";
import type { Schedule } from "./state.js";

/** One invocation: RunTask in the name of the target's role, which must allow it. */
export async function fire(world: World, ecs: EcsPort, schedule: Schedule): Promise<void> {
  const at = new Date(world.clock.now());
  const error = await invoke(world, ecs, schedule).then(
    () => undefined,
    (refused: unknown) => (refused instanceof Error ? refused.message : String(refused)),
  );
  schedule.invocations.push({ at, error });
}

async function invoke(world: World, ecs: EcsPort, { input, name }: Schedule): Promise<void> {
  const { Arn = "", RoleArn = "", EcsParameters: parameters, Input } = input.Target ?? {};
  if (Arn.endsWith(":aws-sdk:ecs:updateService")) return updateService(world, ecs, RoleArn, Input);
  if (parameters === undefined) return;
  mayRun(world, RoleArn, parameters);
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

/** `ecs:RunTask` on this very task definition, and `iam:PassRole` for its roles. */
function mayRun(world: World, roleArn: string, { TaskDefinitionArn: definition = "" }: EcsParameters): void {
  const allows = permissionsOf(world, roleArn);
  if (!allows("ecs:RunTask", definition))
    throw new Error(`not authorized to perform: ecs:RunTask on resource: ${definition}`);
  const family = /task-definition\/([^:]+)/.exec(definition)?.[1] ?? "";
  const revision = world.ecs.families
    .get(family)
    ?.revisions.find(({ description }) => description.taskDefinitionArn === definition);
  for (const passed of [revision?.description.taskRoleArn, revision?.description.executionRoleArn]) {
    if (passed !== undefined && !allows("iam:PassRole", passed))
      throw new Error(`not authorized to perform: iam:PassRole on resource: ${passed}`);
  }
}

/** A universal target: the input is the request itself, with its members' names in Pascal case. */
async function updateService(world: World, ecs: EcsPort, roleArn: string, text = "{}"): Promise<void> {
  const { Cluster, Service, DesiredCount } = JSON.parse(text) as Record<string, unknown>;
  const arn = `arn:${world.partition}:ecs:${world.region}:${world.accountId}:service/${String(Cluster)}/${String(Service)}`;
  if (!permissionsOf(world, roleArn)("ecs:UpdateService", arn))
    throw new Error(`not authorized to perform: ecs:UpdateService on resource: ${arn}`);
  await ecs.updateService({
    cluster: Cluster as string,
    service: Service as string,
    desiredCount: DesiredCount as number,
  });
}

/** What the role's own policies allow. */
function permissionsOf(world: World, roleArn: string): (action: string, resource: string) => boolean {
  const role = world.iam.roles.get(roleArn.slice(roleArn.lastIndexOf("/") + 1).toLowerCase());
  if (role === undefined) throw new Error("The role of the target does not exist.");
  const statements = [...role.inline.values()].flatMap(
    (document) => (JSON.parse(document) as { Statement: Statement[] }).Statement,
  );
  return (action, resource) =>
    statements.some(
      ({ Action, Resource }) =>
        [Action].flat().includes(action) && [Resource].flat().some((pattern) => covers(pattern, resource)),
    );
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const covers = (pattern: string, resource: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(resource);
