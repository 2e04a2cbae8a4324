import type { JobSpec } from "./deployment-spec.js";
import { fitName } from "./derive-name.js";
import { frozenCopy } from "./frozen-copy.js";
import type { JobInput } from "./input.js";
import type { Issues } from "./issues.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { readCluster } from "./validate/parse-cluster.js";
import { readContainer } from "./validate/parse-container.js";
import { checkDependencies } from "./validate/parse-dependencies.js";
import { nameOfImage, readImage } from "./validate/parse-image.js";
import { readJobSchedule } from "./validate/parse-job-schedule.js";
import { readLogs } from "./validate/parse-logs.js";
import { readSidecars } from "./validate/parse-sidecars.js";
import { readTags } from "./validate/parse-tags.js";
import { readTaskRole } from "./validate/parse-task-role.js";

/** What a job's chain describes: validated, with its defaults, deeply frozen. Sends nothing. */
export function toJobSpec(input: JobInput, issues: Issues): JobSpec {
  const name = readName(input, issues);
  const image = readImage(input.image, name, issues);
  const cluster = readCluster(input.cluster, issues);
  const container = readContainer(
    input.container,
    {
      deployment: name,
      capacity: cluster.capacity.type,
      hasLoadBalancer: false,
      dockerfile: input.image?.dockerfile,
    },
    issues,
  );
  const sidecars = readSidecars(input.sidecars, { main: container, capacity: cluster.capacity.type }, issues);
  checkDependencies(container, sidecars, issues);
  const logs = readLogs(input.logs, name, issues);
  const taskRole = readTaskRole(input.taskRole, issues);
  const tags = readTags(input.tags, "tags", issues);
  const schedule = readJobSchedule(input.schedule, issues);
  return frozenCopy({ name, image, container, sidecars, cluster, logs, taskRole, tags, schedule });
}

function readName(input: JobInput, issues: Issues): string {
  if (input.name === undefined) return fitName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "job");
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "job";
}
