import { createContext } from "../aws/create-context.js";
import { QuaysideError } from "../errors.js";
import { followLogs, mergedLogs } from "../service/tasks/follow-logs.js";
import type { LogLine } from "../service/tasks/log-reader.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { logDriverOf } from "../spec/task/log-groups.js";
import { parseDuration } from "../spec/parsing/duration.js";
import type { TailOptions } from "../spec/operation-options.js";
import { logSources } from "./log-sources.js";
import { discoverDeployed } from "./named/discover.js";
import type { Configured } from "./results.js";
import type { Named } from "./with-deployment.js";

export type { LogLine };

const DEFAULT_SINCE = "10m";

type TaskToTail = Pick<Configured, "cloud" | "overrides"> & { readonly spec: TaskSpec };

/** Yields the log lines of all tasks' containers, merged by time. Changes nothing. */
export async function* tail(
  described: TaskToTail | Named,
  options: TailOptions = {},
): AsyncGenerator<LogLine, void, void> {
  const { since = DEFAULT_SINCE, follow = false, filter, signal = new AbortController().signal } = options;
  if (signal.aborted) return;
  const context = await createContext(described.cloud, {
    signal,
    emit: () => {},
    overrides: "named" in described ? {} : described.overrides,
  });
  const begin =
    since instanceof Date ? since.getTime() : context.awsTime() - (parseDuration(since) ?? 0) * 1000;
  // CloudWatch Logs counts from 1970.
  const from = Math.max(0, begin);
  try {
    const spec = "named" in described ? await discoverDeployed(described.named, context) : described.spec;
    const sources = await logSources(spec, from, filter, context);
    if (sources.length === 0) throw logsElsewhere(spec);
    if (follow) return yield* followLogs(sources, from, context);
    let isMissing = false;
    let hasLines = sources.length > 1;
    for await (const line of mergedLogs(sources, from, context)) {
      if (line === undefined) isMissing = true;
      else {
        hasLines = true;
        yield line;
      }
    }
    if (isMissing && !hasLines) throw noLogs(spec);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const logsElsewhere = ({ name, logs, container }: TaskSpec): QuaysideError =>
  new QuaysideError(
    "logs-not-in-cloudwatch",
    `The logs of ${name} are not in CloudWatch Logs of this region: its log driver is ${logDriverOf(container, logs)?.driver ?? "none"}`,
    { fix: "Read them where the driver sends them to, or log to CloudWatch: .logs(group)." },
  );

const noLogs = ({ name, logs }: TaskSpec): QuaysideError =>
  new QuaysideError("not-deployed", `${name} has no logs: log group ${logs.group} does not exist`, {
    fix: "Deploy it first, or set the log group that it writes to: .logs(group).",
  });
