import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, ready, type GraphPurpose } from "../engine/graph.js";
import { runPolicy } from "../job/run-policy.js";
import { scheduleGroupKind } from "../job/schedule-group.js";
import { isPast } from "../scaling/resolve-at.js";
import { scheduleKind } from "../job/schedule.js";
import { taskLaunch } from "../service/tasks/task-launch.js";
import type { JobSpec } from "../spec/deployment-spec.js";
import type { JobScheduleSpec } from "../spec/job-schedule.js";
import { scheduleGroupName, scheduleName, scheduleRoleName } from "../spec/derived-names.js";
import { addRole, sourceAccountOf } from "./iam-role-graph.js";
import { taskGraph, type TaskGraph } from "./task-graph.js";
import { assertTaskEgress } from "./task-egress.js";

/** Everything that a job's tasks need, and its schedule if it has one. */
export async function jobGraph(
  spec: JobSpec,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<TaskGraph> {
  const refs = await taskGraph(spec, ownerOf.job(spec.name), context, { exec: false, purpose });
  const { schedule } = spec;
  // EventBridge Scheduler refuses times in the past; what has taken place needs no schedule any more.
  const isOver = schedule !== undefined && isPast(schedule.expression, schedule.timezone, context);
  if (schedule !== undefined && (purpose === "destroy" || !isOver))
    await addSchedule(spec, schedule, refs, context, purpose);
  return refs;
}

async function addSchedule(
  spec: JobSpec,
  schedule: JobScheduleSpec,
  { graph, cluster, network, task, taskSecurityGroup }: TaskGraph,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<void> {
  const owner = ownerOf.job(spec.name);
  const { tags } = spec;
  const { executionRole, taskRole } = task;
  const role = await addRole(graph, spec, owner, context, {
    roleName: (region) => scheduleRoleName(spec.name, region),
    service: "scheduler.amazonaws.com",
    sourceAccount: await sourceAccountOf(context, purpose),
    description: `Runs the tasks of ${spec.name}`,
    needs: {
      cluster: created(cluster.cluster),
      taskDefinition: created(task.taskDefinition),
      executionRole: created(executionRole),
      taskRole: created(taskRole),
    },
    policies: (known) => {
      const existingTaskRole = spec.taskRole?.from === "arn" ? spec.taskRole.arn : undefined;
      const run = runPolicy({
        taskDefinition: known.taskDefinition.arn,
        clusterArn: known.cluster.arn,
        passedRoles: [
          known.executionRole?.arn ?? spec.task.executionRole,
          known.taskRole?.arn,
          existingTaskRole,
        ].flatMap((arn) => arn ?? []),
      });
      return { inline: { run } };
    },
  });
  const groupName = scheduleGroupName(spec.name);
  const group = graph.add({
    kind: scheduleGroupKind,
    name: groupName,
    owner,
    needs: {},
    desired: () => ({ groupName, tags }),
  });
  const name = scheduleName(spec.name);
  graph.add({
    kind: scheduleKind,
    name,
    owner,
    needs: {
      group: created(group),
      role: created(role),
      cluster: created(cluster.cluster),
      taskDefinition: created(task.taskDefinition),
      network: created(network),
      capacityProvider: ready(cluster.capacityProvider),
      taskSecurityGroup: created(taskSecurityGroup),
    },
    desired: (known) => {
      assertTaskEgress(spec, known.network, context);
      const { launchType, capacityProviderStrategy } = taskLaunch(spec, {
        network: undefined,
        capacityProvider: known.capacityProvider?.capacityProvider,
      });
      return {
        groupName,
        name,
        ...schedule,
        clusterArn: known.cluster.arn,
        roleArn: known.role.arn,
        taskDefinition: known.taskDefinition.arn,
        launchType: launchType as "EC2" | "FARGATE" | undefined,
        capacityProviders: capacityProviderStrategy?.map((item) => ({
          capacityProvider: item.capacityProvider ?? "",
          weight: item.weight ?? 0,
          ...(item.base !== undefined && { base: item.base }),
        })),
        subnetIds: known.taskSecurityGroup === undefined ? [] : known.network.subnetIds,
        securityGroupIds: known.taskSecurityGroup === undefined ? [] : [known.taskSecurityGroup.groupId],
        // As for the tasks of run() and of services: only a route to an internet gateway uses the address.
        publicIp:
          known.taskSecurityGroup && spec.cluster.capacity.type === "fargate" && known.network.isPublic,
        tags,
      };
    },
  });
}
