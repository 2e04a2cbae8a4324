import type { AwsContext } from "../aws/context.js";
import { AwsError } from "../errors.js";
import { taskArns } from "../job/job-runs.js";
import type { LogSource } from "../service/tasks/log-reader.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

/** DescribeTasks takes a hundred; the revisions of a hundred tasks are those of all. */
const TASKS_READ = 100;

/**
 * The log group of the description, and those of the revisions whose tasks run: a description with another group may
 * not be deployed yet. A group that the caller may not read is left out.
 */
export async function logSources(
  spec: TaskSpec,
  from: number,
  filter: string | undefined,
  context: AwsContext,
): Promise<readonly LogSource[]> {
  const source = (group: string, prefix: string): LogSource => ({ group, streams: { prefix }, filter });
  const described = source(spec.logs.group, `${spec.logs.streamPrefix}/`);
  const known = new Set([`${spec.logs.group} ${spec.logs.streamPrefix}`]);
  const others: LogSource[] = [];
  for (const { group, prefix } of await runningGroups(spec, context)) {
    if (known.has(`${group} ${prefix}`)) continue;
    known.add(`${group} ${prefix}`);
    if (await isReadable(group, from, context)) others.push(source(group, `${prefix}/`));
  }
  return [described, ...others];
}

/** The groups and prefixes that the tasks write to which run now. */
async function runningGroups(
  spec: TaskSpec,
  context: AwsContext,
): Promise<{ readonly group: string; readonly prefix: string }[]> {
  const { ecs } = context.aws;
  const cluster = spec.cluster.name;
  try {
    const tasks = await taskArns({ cluster, family: spec.name }, "RUNNING", context);
    if (tasks.length === 0) return [];
    const described = await ecs.describeTasks({ cluster, tasks: tasks.slice(0, TASKS_READ) });
    const revisions = new Set(
      (described.tasks ?? []).flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []),
    );
    const definitions = await Promise.all(
      [...revisions].map((taskDefinition) => ecs.describeTaskDefinition({ taskDefinition })),
    );
    return definitions.flatMap(({ taskDefinition }) =>
      (taskDefinition?.containerDefinitions ?? []).flatMap(({ logConfiguration }) => {
        const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
        return group === undefined || prefix === undefined ? [] : [{ group, prefix }];
      }),
    );
  } catch (error) {
    // The described group can be read without these permissions.
    if (error instanceof AwsError && !context.signal.aborted) return [];
    throw error;
  }
}

async function isReadable(logGroupName: string, from: number, { aws, signal }: AwsContext): Promise<boolean> {
  try {
    await aws.logs.filterLogEvents({ logGroupName, startTime: Math.floor(from), limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof AwsError && !signal.aborted) return false;
    throw error;
  }
}
