import type { LogConfiguration } from "@aws-sdk/client-ecs";
import { clientException, invalidParameter } from "../service-errors.js";
import type { TaskFacts } from "./task-facts.js";

const drivers = ["json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"];
const fargateDrivers = ["awslogs", "splunk", "awsfirelens"];

const awslogsOptions = [
  "awslogs-create-group",
  "awslogs-region",
  "awslogs-endpoint",
  "awslogs-group",
  "awslogs-stream-prefix",
  "awslogs-datetime-format",
  "awslogs-multiline-pattern",
  "awslogs-force-flush-interval-seconds",
  "mode",
  "max-buffer-size",
];

export function checkLogConfiguration(container: string, log: LogConfiguration, task: TaskFacts): void {
  const driver = log.logDriver;
  if (driver === undefined || !drivers.includes(driver)) {
    throw invalidParameter(`Invalid log driver '${String(driver)}' for container '${container}'.`);
  }
  if (task.forFargate && !fargateDrivers.includes(driver)) {
    throw clientException(
      `Log driver ${driver} is not supported on Fargate. Use one of ${fargateDrivers.join(", ")}.`,
    );
  }
  if ((log.secretOptions ?? []).length > 0 && task.executionRoleArn === undefined)
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  for (const { name, valueFrom } of log.secretOptions ?? []) {
    if (!name || !valueFrom)
      throw clientException(`A secret option of container '${container}' needs a name and a valueFrom.`);
    if (log.options?.[name] !== undefined)
      throw clientException(`The log option '${name}' of container '${container}' is also a secret option.`);
  }
  if (driver !== "awslogs") return;
  const options = log.options ?? {};
  const required = ["awslogs-group", "awslogs-region", ...(task.forFargate ? ["awslogs-stream-prefix"] : [])];
  const missing = required.filter((name) => !options[name]);
  if (missing.length > 0) throw clientException(`Log driver awslogs requires options: ${missing.join(", ")}`);
  const unknown = Object.keys(options).filter((name) => !awslogsOptions.includes(name));
  if (unknown.length > 0)
    throw clientException(`Log driver awslogs disallows options: ${unknown.join(", ")}`);
  if (options["mode"] !== undefined && options["mode"] !== "blocking" && options["mode"] !== "non-blocking") {
    throw clientException("Log option 'mode' must be blocking or non-blocking.");
  }
  if (task.forFargate && task.executionRoleArn === undefined) {
    throw clientException(
      "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    );
  }
}
