import { taskId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import type { ClusterCapacityProviderState } from "../cluster/cluster-capacity-provider.js";
import { apply, cannotReplace } from "../engine/apply.js";
import { observe } from "../engine/observe.js";
import { endedBy } from "../engine/outcome.js";
import { planSteps } from "../engine/steps.js";
import { AbortedError, TimeoutError } from "../errors.js";
import { taskGraph } from "../graph/task-graph.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { TaskDefinitionState } from "../service/task-definition/task-definition.js";
import { awaitTasks, type TaskOutcome } from "../service/tasks/await-tasks.js";
import { startTasks, type TasksToRun } from "../service/tasks/start-tasks.js";
import { taskLaunch } from "../service/tasks/task-launch.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import type { PlacementSpec } from "../spec/placement.js";
import type { TaskOptions } from "../spec/operation-options.js";
import type { Configured, OperationOptions } from "./results.js";
import { withContext } from "./with-context.js";

export type { TaskOutcome };

export type RunOptions = OperationOptions & TaskOptions;

export interface RunResult {
  /** In no particular order; without `wait` as they were started. */
  readonly tasks: readonly TaskOutcome[];
}

/** Whose tasks they are, and what its service says of them. */
interface RunsFor {
  readonly owner: string;
  readonly exec: boolean;
  readonly placement?: PlacementSpec | undefined;
}

type Runnable = Pick<Configured, "cloud" | "overrides"> & { readonly spec: TaskSpec };

/** Runs tasks once: what they need and is not there is made first, by the deploy's own way. */
export function runTasks(
  described: Runnable,
  { owner, exec, placement }: RunsFor,
  options: RunOptions = {},
): Promise<RunResult> {
  const { spec } = described;
  return withContext(described, options, async (context) => {
    const refs = await taskGraph(spec, owner, context, { exec, purpose: "deploy" });
    const steps = planSteps(await observe(refs.graph, context), options.adopt ?? false);
    const replaced = steps.filter(({ action }) => action === "replace");
    if (replaced.length > 0) throw cannotReplace(replaced.map(({ change }) => change));
    const states = await apply(refs.graph, steps, context);
    const wish = wishOf(spec, options, {
      placement,
      taskDefinition: states.get(refs.task.taskDefinition.id) as TaskDefinitionState,
      network: states.get(refs.network.id) as NetworkState,
      capacityProvider:
        refs.cluster.capacityProvider &&
        (states.get(refs.cluster.capacityProvider.id) as ClusterCapacityProviderState).capacityProvider,
      taskSecurityGroup:
        refs.taskSecurityGroup && (states.get(refs.taskSecurityGroup.id) as SecurityGroupState),
    });
    return { tasks: await runToEnd(wish, options.wait ?? true, context) };
  });
}

async function runToEnd(
  wish: TasksToRun,
  wait: boolean,
  context: AwsContext,
): Promise<readonly TaskOutcome[]> {
  const started: string[] = [];
  try {
    const arns = await startTasks(wish, context, (some) => void started.push(...some.map(taskId)));
    if (wait) return await awaitTasks(arns, wish, context);
    return started.map((task) => ({
      task,
      exitCode: undefined,
      reason: undefined,
      diagnosis: undefined,
      logs: [],
    }));
  } catch (error) {
    throw context.signal.aborted && started.length > 0
      ? goingOn(wish, started, context.signal.reason)
      : error;
  }
}

/** Nobody waits for them any more, and nobody has stopped them. */
function goingOn(
  { name, cluster }: TasksToRun,
  started: readonly string[],
  reason: unknown,
): AbortedError | TimeoutError {
  const ended = endedBy(reason);
  const ErrorOfItsKind = ended instanceof TimeoutError ? TimeoutError : AbortedError;
  const those = started.length === 1 ? "the task" : `the ${started.length} tasks`;
  return new ErrorOfItsKind(
    `${ended.message}; ${those} of ${name} that it had started in ${cluster} may still run`,
    {
      facts: { ...ended.facts, started },
      fix: "Running it again starts others. tail() shows their lines; ECS's StopTask stops them.",
      cause: reason,
    },
  );
}

function wishOf(
  spec: TaskSpec,
  { command, environment = {}, count = 1 }: TaskOptions,
  known: {
    readonly placement: PlacementSpec | undefined;
    readonly taskDefinition: TaskDefinitionState;
    readonly network: NetworkState;
    readonly taskSecurityGroup: SecurityGroupState | undefined;
    readonly capacityProvider: string | undefined;
  },
): TasksToRun {
  const { taskDefinition, network, taskSecurityGroup } = known;
  return {
    name: spec.name,
    cluster: spec.cluster.name,
    taskDefinition: taskDefinition.arn,
    launch: taskLaunch(
      spec.cluster,
      taskSecurityGroup && {
        subnetIds: network.subnetIds,
        securityGroupIds: [taskSecurityGroup.groupId],
        isPublic: network.isPublic,
      },
      known.placement,
      known.capacityProvider,
    ),
    container: spec.container.name,
    command,
    environment: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, String(value)]),
    ),
    count,
    startedBy: "quayside/run",
    logs: spec.logs,
  };
}
