import type { AwsContext } from "../aws/context.js";
import { AwsError } from "../errors.js";
import { taskArns } from "../job/job-runs.js";
import type { LogSource } from "../service/tasks/log-reader.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { logDriverOf } from "../spec/task/log-groups.js";

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
  const places = describedPlaces(spec, context);
  const known = new Set(places.map(({ group, prefix }) => `${group} ${prefix}`));
  const others: LogSource[] = [];
  for (const { group, prefix } of await runningGroups(spec, context)) {
    if (known.has(`${group} ${prefix}`)) continue;
    known.add(`${group} ${prefix}`);
    if (await isReadable(group, from, context)) others.push(source(group, prefix));
  }
  return [...places.map(({ group, prefix }) => source(group, prefix)), ...others];
}

interface LogPlace {
  readonly group: string;
  /** The beginning of the streams' names. */
  readonly prefix: string;
}

/** The groups in this region that the described containers write to, each once. */
function describedPlaces(
  { container, sidecars, logs }: TaskSpec,
  { region }: AwsContext,
): readonly LogPlace[] {
  const places = [container, ...sidecars].flatMap((each) => {
    const driver = logDriverOf(each, logs);
    if (driver === undefined) return [];
    const isDefault = driver.driver === "awslogs" && driver.options["awslogs-group"] === undefined;
    return isDefault
      ? [{ group: logs.group, prefix: `${logs.streamPrefix}/` }]
      : (placeOf(driver.driver, driver.options, region) ?? []);
  });
  return [...new Map(places.map((place) => [`${place.group} ${place.prefix}`, place])).values()];
}

/** Where a container with these options of its log driver writes to; `undefined` if it cannot be read here. */
function placeOf(
  driver: string | undefined,
  options: Readonly<Record<string, string>>,
  region: string,
): LogPlace | undefined {
  if ((options["awslogs-region"] ?? options.region ?? region) !== region) return undefined;
  if (driver === "awsfirelens") {
    const { Name, log_group_name: group, log_stream_prefix: prefix = "" } = options;
    return group !== undefined && /^cloudwatch(?:_logs)?$/.test(Name ?? "") ? { group, prefix } : undefined;
  }
  const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = options;
  return group === undefined || prefix === undefined ? undefined : { group, prefix: `${prefix}/` };
}

/** The groups and prefixes that the tasks write to which run now. */
async function runningGroups(spec: TaskSpec, context: AwsContext): Promise<LogPlace[]> {
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
      (taskDefinition?.containerDefinitions ?? []).flatMap(
        ({ logConfiguration: log }) => placeOf(log?.logDriver, log?.options ?? {}, context.region) ?? [],
      ),
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
