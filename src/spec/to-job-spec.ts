import { parseCluster } from "./cluster.js";
import type { JobSpec } from "./deployment-spec.js";
import { deriveName } from "./derive-name.js";
import { nameOfImage } from "./image.js";
import type { JobInput } from "./input.js";
import { parseJobSchedule } from "./job-schedule.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { parseTaskSpec } from "./parse-task.js";
import { frozenCopy } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** Returns the spec of a job's chain: validated, with all defaults, deeply frozen. Sends no requests. */
export function toJobSpec(input: JobInput, issues: Issues): JobSpec {
  const name = parseName(input, issues);
  const cluster = parseCluster(input.cluster, issues);
  const parsed = parseTaskSpec(input, { name, cluster, hasLoadBalancer: false, exec: false }, issues);
  const { tags, volumes } = parsed;
  const schedule = parseJobSchedule(input.schedule, issues);
  for (const [key, value] of Object.entries(tags)) {
    // Source: EventBridge Scheduler API reference, Tag. All other services accept an empty value.
    if (value === "" && schedule !== undefined)
      issues.add(`tags.${key}`, "must have a value, which the tags of EventBridge Scheduler require");
  }
  const ebs = volumes.find(({ type }) => type === "ebs");
  // Source: EventBridge Scheduler API reference, EcsParameters, which has no volume configurations.
  if (ebs !== undefined && schedule !== undefined)
    issues.add(
      `volume.${ebs.name}.ebs`,
      "is not supported with .schedule(…): EventBridge Scheduler starts no tasks with EBS volumes",
    );
  return frozenCopy({ name, ...parsed, cluster, schedule });
}

function parseName(input: JobInput, issues: Issues): string {
  if (input.name === undefined) return deriveName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "job");
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "job";
}
