import type { ContainerSpec } from "../container.js";
import type { LogsSpec } from "../logs.js";
import type { LogDriverSpec } from "./log-driver.js";

type Logging = Pick<ContainerSpec, "logs" | "firelens">;

/** The log driver of a container; `undefined` for none. A router logs to CloudWatch itself. */
export function logDriverOf(container: Logging, logs: LogsSpec): LogDriverSpec | undefined {
  if (container.logs !== undefined) return container.logs === false ? undefined : container.logs;
  if (container.firelens === undefined || logs.driver.driver !== "awsfirelens") return logs.driver;
  return { driver: "awslogs", options: {}, secretOptions: {} };
}

export interface LogGroupUse {
  readonly group: string;
  /** `undefined`: the deployment's region. */
  readonly region: string | undefined;
  /** True if the chain describes the group, not only a container's driver. */
  readonly isOwn: boolean;
  /** True if the driver or the router creates the group. */
  readonly creates: boolean;
  /** Who writes to it: the task's host, or the router with the task role. */
  readonly writer: "agent" | "router";
}

/** The names of the outputs with which Fluent Bit writes to CloudWatch Logs. */
const CLOUDWATCH = ["cloudwatch", "cloudwatch_logs"];

/** The log groups that the containers write to. */
export function logGroupUses(containers: readonly Logging[], logs: LogsSpec): readonly LogGroupUse[] {
  const uses = containers.flatMap((container) => {
    const driver = logDriverOf(container, logs);
    return driver === undefined ? [] : (logGroupUse(driver, logs) ?? []);
  });
  return [...new Map(uses.map((use) => [`${use.region} ${use.group} ${use.writer}`, use])).values()];
}

function logGroupUse({ driver, options }: LogDriverSpec, logs: LogsSpec): LogGroupUse | undefined {
  if (driver === "awslogs") {
    const given = options["awslogs-group"];
    return {
      group: given ?? logs.group,
      region: options["awslogs-region"],
      isOwn: given === undefined || given === logs.group,
      creates: options["awslogs-create-group"] === "true",
      writer: "agent",
    };
  }
  const output = routerOutput({ driver, options });
  if (output?.name === undefined || !CLOUDWATCH.includes(output.name)) return undefined;
  const group = options.log_group_name;
  // A name with a variable or a template is another one for each record.
  if (group === undefined || /[$({]/.test(group)) return undefined;
  return {
    group,
    region: options.region,
    isOwn: group === logs.group,
    creates: /^(?:true|on)$/i.test(options.auto_create_group ?? ""),
    writer: "router",
  };
}

/** The output of the router that a container's logs go to. */
export function routerOutput({
  driver,
  options,
}: Pick<LogDriverSpec, "driver" | "options">): { readonly name: string | undefined } | undefined {
  if (driver !== "awsfirelens") return undefined;
  return { name: options.Name ?? options.name ?? options["@type"] };
}
