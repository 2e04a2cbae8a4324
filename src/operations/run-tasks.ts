import { taskId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { apply, cannotReplace } from "../engine/apply.js";
import { observe } from "../engine/observe.js";
import { endedBy } from "../engine/outcome.js";
import { planSteps } from "../engine/steps.js";
import { AbortedError, TimeoutError } from "../errors.js";
import { taskGraph } from "../graph/task-graph.js";
import { createServiceLinkedRoles } from "../iam/service-linked-roles.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { TaskDefinitionState } from "../service/task-definition/task-definition.js";
import { awaitTasks, type TaskOutcome } from "../service/tasks/await-tasks.js";
import { logStreamsOf, type LogStreams } from "../spec/task/log-streams.js";
import { startTasks, type TasksToRun } from "../service/tasks/start-tasks.js";
import { taskLaunch } from "../service/tasks/task-launch.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import type { TaskOptions } from "../spec/operation-options.js";
import type { PlacementSpec } from "../spec/placement.js";
import { createdKinds, stateOf } from "./apply-plan.js";
import type { Configured, OperationOptions } from "./results.js";
import { withContext } from "./with-context.js";

export type { TaskOutcome };

export type RunOptions = OperationOptions & TaskOptions;

export interface RunResult {
  /** The tasks in no particular order; without `wait` in the order in which they were started. */
  readonly tasks: readonly TaskOutcome[];
}

/** The owner of the tasks, and the settings that come from its service. */
interface TaskOwner {
  readonly owner: string;
  readonly exec: boolean;
  readonly placement?: PlacementSpec | undefined;
}

type Runnable = Pick<Configured, "cloud" | "overrides"> & { readonly spec: TaskSpec };

/** Runs one-off tasks. Everything that they need is first created or updated, as a deploy does it. */
export function runTasks(
  described: Runnable,
  { owner, exec, placement }: TaskOwner,
  options: RunOptions = {},
): Promise<RunResult> {
  const { spec } = described;
  return withContext({ ...described, remembers: false }, options, async (context) => {
    const refs = await taskGraph(spec, owner, context, { exec, purpose: "deploy" });
    const steps = planSteps(await observe(refs.graph, context), options.adopt ?? false);
    const replaced = steps.filter(({ action }) => action === "replace");
    if (replaced.length > 0) throw cannotReplace(replaced.map(({ change }) => change));
    const before = createServiceLinkedRoles(createdKinds(steps.map(({ change }) => change)), context);
    const { states, narrow } = await apply(refs.graph, steps, context, { before });
    await narrow();
    const tasks = tasksToRun(spec, options, {
      placement,
      taskDefinition: stateOf(states, refs.task.taskDefinition)!,
      network: stateOf(states, refs.network)!,
      capacityProvider: stateOf(states, refs.cluster.capacityProvider)?.capacityProvider,
      taskSecurityGroup: stateOf(states, refs.taskSecurityGroup),
      infrastructureRole: stateOf(states, refs.task.infrastructureRole)?.arn,
      logs: logStreamsOf(spec.container, spec.logs, context.region),
    });
    return { tasks: await runToEnd(tasks, options.wait ?? true, context) };
  });
}

async function runToEnd(
  tasks: TasksToRun,
  wait: boolean,
  context: AwsContext,
): Promise<readonly TaskOutcome[]> {
  const started: string[] = [];
  try {
    const onStarted = (some: readonly string[]) => void started.push(...some.map(taskId));
    const arns = await startTasks(tasks, context, onStarted);
    if (wait) return await awaitTasks(arns, tasks, context, onStarted);
    return started.map((task) => ({
      task,
      exitCode: undefined,
      reason: undefined,
      diagnosis: undefined,
      logs: [],
    }));
  } catch (error) {
    throw context.signal.aborted && started.length > 0
      ? tasksMayStillRun(tasks, started, context.signal.reason)
      : error;
  }
}

/** The error for a run that ended after its tasks were started: they were not stopped. */
function tasksMayStillRun(
  { name, cluster }: TasksToRun,
  started: readonly string[],
  reason: unknown,
): AbortedError | TimeoutError {
  const ended = endedBy(reason);
  const ErrorClass = ended instanceof TimeoutError ? TimeoutError : AbortedError;
  const subject = started.length === 1 ? "the task" : `the ${started.length} tasks`;
  return new ErrorClass(
    `${ended.message}; ${subject} of ${name} that it started in ${cluster} may still be running`,
    {
      facts: { ...ended.facts, started },
      fix: "Running it again starts new tasks. tail() shows their log lines; ECS's StopTask stops them.",
      cause: reason,
    },
  );
}

function tasksToRun(
  spec: TaskSpec,
  { command, environment = {}, count = 1 }: TaskOptions,
  known: {
    readonly placement: PlacementSpec | undefined;
    readonly taskDefinition: TaskDefinitionState;
    readonly network: NetworkState;
    readonly taskSecurityGroup: SecurityGroupState | undefined;
    readonly capacityProvider: string | undefined;
    readonly infrastructureRole: string | undefined;
    readonly logs: LogStreams | undefined;
  },
): TasksToRun {
  const { taskDefinition, network, taskSecurityGroup } = known;
  return {
    name: spec.name,
    cluster: spec.cluster.name,
    taskDefinition: taskDefinition.arn,
    launch: taskLaunch(spec, {
      network: taskSecurityGroup && {
        subnetIds: network.subnetIds,
        securityGroupIds: [taskSecurityGroup.groupId],
        isPublic: network.isPublic,
      },
      placement: known.placement,
      capacityProvider: known.capacityProvider,
      infrastructureRole: known.infrastructureRole,
    }),
    container: spec.container.name,
    command,
    environment: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, String(value)]),
    ),
    count,
    startedBy: "quayside/run",
    logs: known.logs,
  };
}
