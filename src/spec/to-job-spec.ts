import { parseCluster } from "./cluster.js";
import { parseContainer } from "./container.js";
import { checkDependencies, withUnknownHealthCheck } from "./dependencies.js";
import type { JobSpec } from "./deployment-spec.js";
import { deriveName } from "./derive-name.js";
import { nameOfImage, parseImage } from "./image.js";
import type { JobInput } from "./input.js";
import { parseJobSchedule } from "./job-schedule.js";
import { parseLogs } from "./logs.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { frozenCopy } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { reportTooManySecrets } from "./secrets-size.js";
import { parseSidecars } from "./sidecars.js";
import { parseTags } from "./tags.js";
import { parseTaskRole } from "./task-role.js";

/** Returns the spec of a job's chain: validated, with all defaults, deeply frozen. Sends no requests. */
export function toJobSpec(input: JobInput, issues: Issues): JobSpec {
  const name = parseName(input, issues);
  const image = parseImage(input.image, name, issues);
  const cluster = parseCluster(input.cluster, issues);
  const container = parseContainer(
    input.container,
    {
      deployment: name,
      capacity: cluster.capacity.type,
      hasLoadBalancer: false,
      dockerfile: input.image?.dockerfile,
    },
    issues,
  );
  const sidecars = parseSidecars(
    input.sidecars,
    { main: container, capacity: cluster.capacity.type },
    issues,
  );
  checkDependencies(withUnknownHealthCheck(container, input.image), sidecars, issues);
  reportTooManySecrets([container, ...sidecars], issues);
  const logs = parseLogs(input.logs, name, issues);
  const taskRole = parseTaskRole(input.taskRole, issues);
  const tags = parseTags(input.tags, "tags", issues);
  const schedule = parseJobSchedule(input.schedule, issues);
  for (const [key, value] of Object.entries(tags)) {
    // Source: EventBridge Scheduler API reference, Tag. All other services accept an empty value.
    if (value === "" && schedule !== undefined)
      issues.add(`tags.${key}`, "must have a value, which the tags of EventBridge Scheduler require");
  }
  return frozenCopy({ name, image, container, sidecars, cluster, logs, taskRole, tags, schedule });
}

function parseName(input: JobInput, issues: Issues): string {
  if (input.name === undefined) return deriveName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "job");
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "job";
}
