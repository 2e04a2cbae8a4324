import type { ContainerSpec } from "../container.js";
import type { LogsSpec } from "../logs.js";
import { logDriverOf, routerOutput } from "./log-groups.js";

/** Where the lines of one container are: in the streams `{prefix}{task id}` of a log group. */
export interface LogStreams {
  readonly group: string;
  readonly prefix: string;
}

/**
 * The streams of a container in this region; `undefined` if its lines are elsewhere, or in streams that are not
 * named after the task. Sources: ECS Developer Guide, "awslogs-stream-prefix"; Fluent Bit's manual, "Amazon CloudWatch".
 */
export function logStreamsOf(
  container: Pick<ContainerSpec, "name" | "logs" | "firelens">,
  logs: LogsSpec,
  region: string,
): LogStreams | undefined {
  const driver = logDriverOf(container, logs);
  if (driver === undefined) return undefined;
  const { options } = driver;
  if ((options["awslogs-region"] ?? options.region ?? region) !== region) return undefined;
  if (driver.driver === "awslogs") {
    const given = options["awslogs-group"];
    const prefix = given === undefined ? logs.streamPrefix : options["awslogs-stream-prefix"];
    // Without a prefix, Docker's id is the stream's name.
    return prefix === undefined
      ? undefined
      : { group: given ?? logs.group, prefix: `${prefix}/${container.name}/` };
  }
  const group = options.log_group_name;
  const isNamed = options.log_stream_name !== undefined || options.log_stream_template !== undefined;
  if (group === undefined || isNamed || !/^cloudwatch(?:_logs)?$/.test(routerOutput(driver)?.name ?? ""))
    return undefined;
  // FireLens's tag is the stream's name.
  return { group, prefix: `${options.log_stream_prefix ?? ""}${container.name}-firelens-` };
}
