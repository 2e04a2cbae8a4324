import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import type { Overrides } from "../aws/overrides.js";
import { ownerOf } from "../aws/owner.js";
import type { Plan } from "../engine/plan.js";
import { jobGraph } from "../graph/job-graph.js";
import { jobRuns, type JobRun } from "../job/job-runs.js";
import { stopTasks } from "../job/stop-tasks.js";
import { jobStatusToText } from "../report/job-status-text.js";
import { retireRevisions } from "../service/task-definition/retire-revisions.js";
import type { JobSpec } from "../spec/deployment-spec.js";
import { scheduleGroupName, scheduleName } from "../spec/derived-names.js";
import { applyPlan, stateOf } from "./apply-plan.js";
import { destroyGraph } from "./destroy-graph.js";
import { createPlan, edgesOf } from "./plan/create-plan.js";
import { planGraph, type PlannedGraph } from "./plan/plan-graph.js";
import { logStreamsOf } from "../spec/task/log-streams.js";
import { scopeOf } from "./plan/plan-scope.js";
import type { Destroyed, DestroyOptions, OperationOptions } from "./results.js";
import { descriptionWarnings } from "./warnings/description-warnings.js";
import { movingWarnings } from "./warnings/moving-warnings.js";
import { planWarnings } from "./warnings/plan-warnings.js";
import { withContext } from "./with-context.js";

export type { JobRun };

export interface ConfiguredJob {
  readonly spec: JobSpec;
  readonly overrides: Overrides;
  /** The overrides of the cluster, by owner. */
  readonly sharedOverrides: ReadonlyMap<string, Overrides>;
  readonly cloud: Cloud;
}

export interface JobDeployed {
  readonly job: string;
  readonly cluster: string;
  readonly changes: Plan["changes"];
  /** The ARN of the revision that its next tasks run. */
  readonly taskDefinition: string;
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface JobStatus {
  readonly job: string;
  readonly cluster: string;
  /** `undefined` if the job has no schedule, or is not deployed. */
  readonly schedule:
    { readonly expression: string; readonly timezone: string; readonly enabled: boolean } | undefined;
  /**
   * Running and stopped tasks, newest first. The result is known for those that stopped in the last hour,
   * which is how long ECS keeps them; up to fifty older ones are listed without it.
   */
  readonly runs: readonly JobRun[];
  /** The status as text for a terminal. */
  toString(): string;
}

export function planJob(described: ConfiguredJob, options: OperationOptions = {}): Promise<Plan> {
  return withContext(described, options, async (context) => {
    const { graph } = await jobGraph(described.spec, context, "deploy");
    const planned = await planGraph(graph, ownedBy(described.spec), options, context);
    const { changes } = planned;
    const warnings = [...planWarnings(changes), ...warningsOf(described.spec, planned, context)];
    return createPlan(changes, edgesOf(graph), warnings, await scopeOf(context));
  });
}

/** Creates what the job's tasks need, and its schedule. Starts no task. */
export function deployJob(described: ConfiguredJob, options: OperationOptions = {}): Promise<JobDeployed> {
  const { spec, cloud } = described;
  return withContext(described, options, async (context) => {
    const { graph, task } = await jobGraph(spec, context, "deploy");
    const prepared = await planGraph(graph, ownedBy(spec), options, context);
    const states = await applyPlan({ ...prepared, warnings: warningsOf(spec, prepared, context) }, context);
    if (prepared.changes.some(({ resource, action }) => resource === "task-definition" && action !== "none"))
      await retireRevisions({ ...revisionsKept(spec), serviceNames: [] }, context);
    return {
      job: spec.name,
      cluster: spec.cluster.name,
      changes: prepared.changes,
      taskDefinition: stateOf(states, task.taskDefinition)!.arn,
      duration: Math.round(cloud.clock.now() - context.startedAt),
    };
  });
}

export function jobStatus(described: ConfiguredJob, options: OperationOptions = {}): Promise<JobStatus> {
  const { name, cluster, container, logs } = described.spec;
  return withContext(described, options, async (context) => {
    const streams = logStreamsOf(container, logs, context.region);
    const [schedule, runs] = await Promise.all([
      scheduleOf(name, context),
      jobRuns({ cluster: cluster.name, family: name, container: container.name, logs: streams }, context),
    ]);
    const status: JobStatus = { job: name, cluster: cluster.name, schedule, runs };
    Object.defineProperty(status, "toString", { value: () => jobStatusToText(status) });
    return status;
  });
}

export function destroyJob(described: ConfiguredJob, options: DestroyOptions = {}): Promise<Destroyed> {
  const { spec } = described;
  return withContext(described, options, async (context) => {
    await stopTasks(
      { cluster: spec.cluster.name, family: spec.name, owner: ownerOf.job(spec.name) },
      context,
    );
    const { graph } = await jobGraph(spec, context, "destroy");
    return destroyGraph(graph, context);
  });
}

const warningsOf = (spec: JobSpec, planned: PlannedGraph, context: AwsContext): readonly string[] => [
  ...descriptionWarnings(spec, context),
  ...movingWarnings(planned).map(({ message }) => message),
];

/** The number that a deployment keeps by default. */
const KEPT_REVISIONS = 10;

const revisionsKept = (spec: JobSpec) => ({
  family: spec.name,
  owner: ownerOf.job(spec.name),
  keep: KEPT_REVISIONS,
  clusterName: spec.cluster.name,
});

const ownedBy = (spec: JobSpec) => ({ owners: [ownerOf.job(spec.name)], balancers: [] });

async function scheduleOf(job: string, { aws }: AwsContext): Promise<JobStatus["schedule"]> {
  const found = await ignoreNotFound(
    aws.scheduler.getSchedule({ GroupName: scheduleGroupName(job), Name: scheduleName(job) }),
  );
  if (found?.ScheduleExpression === undefined) return undefined;
  return {
    expression: found.ScheduleExpression,
    timezone: found.ScheduleExpressionTimezone ?? "UTC",
    enabled: found.State !== "DISABLED",
  };
}
