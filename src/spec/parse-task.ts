import type { ClusterSpec } from "./cluster.js";
import { parseContainer } from "./container.js";
import { checkDependencies, withUnknownHealthCheck } from "./dependencies.js";
import type { TaskSpec } from "./deployment-spec.js";
import { parseImage } from "./image.js";
import type { TaskInput } from "./input.js";
import { parseLogs } from "./logs.js";
import type { Issues } from "./parsing/issues.js";
import { reportTooManySecrets } from "./secrets-size.js";
import { parseSidecars } from "./sidecars.js";
import { parseIam } from "./iam.js";
import { parseTags } from "./tags.js";
import { reportTaskDefinitionSize } from "./task/task-definition-size.js";
import { reportLimits } from "./task/container-limits.js";
import { routerSidecar } from "./task/log-router.js";
import { parseTask, withContainerSize } from "./task/task-options.js";
import { parseVolumes } from "./task/volumes.js";
import { parseTaskRole } from "./task-role.js";

export interface TaskSituation {
  readonly name: string;
  readonly cluster: ClusterSpec;
  readonly hasLoadBalancer: boolean;
  /** True if ECS Exec is enabled. */
  readonly exec: boolean;
}

/** Parses what deployments and jobs have in common: the task. */
export function parseTaskSpec(
  input: TaskInput,
  { name, cluster, hasLoadBalancer, exec }: TaskSituation,
  issues: Issues,
): Omit<TaskSpec, "name" | "cluster"> {
  const capacity = cluster.capacity.type;
  const image = parseImage(input.image, name, issues);
  const described = parseTask(input.task, capacity, issues);
  const volumes = parseVolumes(input.volumes, capacity, issues);
  const container = parseContainer(
    input.container,
    { deployment: name, capacity, hasLoadBalancer, dockerfile: input.image?.dockerfile, task: described },
    issues,
  );
  const task = withContainerSize(described, container, capacity);
  reportPlatform("image", image.build?.platform, task.architecture, issues);
  const logs = parseLogs(input.logs, name, issues);
  const sidecars = parseSidecars(
    [...input.sidecars, ...routerSidecar(logs.router, issues)],
    { main: container, capacity, task, deployment: name },
    issues,
  );
  for (const { name: sidecar, image } of sidecars)
    reportPlatform(`sidecar.${sidecar}.build`, image.build?.platform, task.architecture, issues);
  checkDependencies(withUnknownHealthCheck(container, input.image), sidecars, issues);
  reportTooManySecrets([container, ...sidecars], issues);
  const containers = [
    { path: "container", container },
    ...sidecars.map((sidecar) => ({ path: `sidecar.${sidecar.name}`, container: sidecar })),
  ];
  reportTaskDefinitionSize(containers, issues);
  reportLimits(containers, { capacity, task, volumes, logs, exec }, issues);
  const taskRole = parseTaskRole(input.taskRole, issues);
  const tags = parseTags(input.tags, "tags", issues);
  const iam = parseIam(input.iam, "iam", issues);
  return { image, container, sidecars, task, volumes, logs, taskRole, tags, ...(iam && { iam }) };
}

function reportPlatform(
  path: string,
  platform: string | undefined,
  architecture: "x86_64" | "arm64" | undefined,
  issues: Issues,
): void {
  if (platform === undefined || architecture === undefined) return;
  if (platform.split(",").includes(architecture === "arm64" ? "linux/arm64" : "linux/amd64")) return;
  issues.add(`${path}.platform`, `must match .task({ architecture: "${architecture}" }); got "${platform}"`);
}
