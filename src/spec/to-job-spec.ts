import type { JobSpec } from "./deployment-spec.js";
import { deriveName } from "./derive-name.js";
import { frozenCopy } from "./frozen-copy.js";
import type { JobInput } from "./input.js";
import type { Issues } from "./issues.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { parseCluster } from "./validate/parse-cluster.js";
import { parseContainer } from "./validate/parse-container.js";
import { checkDependencies } from "./validate/parse-dependencies.js";
import { nameOfImage, parseImage } from "./validate/parse-image.js";
import { parseJobSchedule } from "./validate/parse-job-schedule.js";
import { parseLogs } from "./validate/parse-logs.js";
import { parseSidecars } from "./validate/parse-sidecars.js";
import { parseTags } from "./validate/parse-tags.js";
import { parseTaskRole } from "./validate/parse-task-role.js";

/** What a job's chain describes: validated, with its defaults, deeply frozen. Sends nothing. */
export function toJobSpec(input: JobInput, issues: Issues): JobSpec {
  const name = readName(input, issues);
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
  checkDependencies(container, sidecars, issues);
  const logs = parseLogs(input.logs, name, issues);
  const taskRole = parseTaskRole(input.taskRole, issues);
  const tags = parseTags(input.tags, "tags", issues);
  const schedule = parseJobSchedule(input.schedule, issues);
  return frozenCopy({ name, image, container, sidecars, cluster, logs, taskRole, tags, schedule });
}

function readName(input: JobInput, issues: Issues): string {
  if (input.name === undefined) return deriveName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "job");
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "job";
}
