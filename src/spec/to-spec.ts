import type { DeploymentSpec } from "./deployment-spec.js";
import { fitName } from "./derive-name.js";
import { frozenCopy } from "./frozen-copy.js";
import type { DeploymentInput } from "./input.js";
import { Issues } from "./issues.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { readServiceScaling } from "./validate/parse-autoscale.js";
import { readBeforeRelease } from "./validate/parse-before-release.js";
import { readBlueGreen } from "./validate/parse-blue-green.js";
import { readCluster } from "./validate/parse-cluster.js";
import { readContainer } from "./validate/parse-container.js";
import { checkDependencies } from "./validate/parse-dependencies.js";
import { nameOfImage, readImage } from "./validate/parse-image.js";
import { readLogs } from "./validate/parse-logs.js";
import { readRoute } from "./validate/parse-route.js";
import { readService } from "./validate/parse-service.js";
import { readSidecars } from "./validate/parse-sidecars.js";
import { readTags } from "./validate/parse-tags.js";
import { readTaskRole } from "./validate/parse-task-role.js";

/**
 * What a chain describes: validated, with its defaults, deeply frozen. Sends nothing.
 *
 * @param issues - collects what is wrong; without it everything wrong is thrown as one error
 * @throws SpecError
 */
export function toSpec(input: DeploymentInput, issues?: Issues): DeploymentSpec {
  const found = issues ?? new Issues();
  const spec = readDeployment(input, found);
  if (issues === undefined) found.throwIfAny(subjectOf(input));
  return frozenCopy(spec);
}

/** How messages name the deployment. */
export function subjectOf(input: DeploymentInput): string {
  const name = input.name ?? nameOfImage(input.image);
  return typeof name === "string" && name !== "" && name.length <= 64 ? `Deployment ${name}` : "Deployment";
}

/** Every part is read even when another one is wrong: what is wrong shall be said at once. */
function readDeployment(input: DeploymentInput, issues: Issues): DeploymentSpec {
  const name = readName(input, issues);
  const image = readImage(input.image, name, issues);
  const cluster = readCluster(input.cluster, issues);
  const capacity = cluster.capacity.type;
  const route = readRoute(input.route, { deployment: name, capacity }, issues);
  const hasLoadBalancer = input.route !== undefined;
  const container = readContainer(
    input.container,
    { deployment: name, capacity, hasLoadBalancer, dockerfile: input.image?.dockerfile },
    issues,
  );
  const service = readService(input.service, { deployment: name, hasLoadBalancer, capacity }, issues);
  const { desired } = service;
  const scaling = readServiceScaling(input.autoscale, { hasLoadBalancer, desired }, issues);
  const sidecars = readSidecars(input.sidecars, { main: container, capacity }, issues);
  checkDependencies(container, sidecars, issues);
  const logs = readLogs(input.logs, name, issues);
  const taskRole = readTaskRole(input.taskRole, issues);
  const tags = readTags(input.tags, "tags", issues);
  const blueGreen = readBlueGreen(input.blueGreen, { route, tags }, issues);
  const beforeRelease = readBeforeRelease(input.beforeRelease, issues);
  const spec: DeploymentSpec = {
    name,
    image,
    container,
    sidecars,
    service,
    cluster,
    route,
    logs,
    blueGreen,
    scaling,
    tags,
    beforeRelease,
    taskRole,
  };
  reportSharedSecurityGroup(spec, issues);
  return spec;
}

function readName(input: DeploymentInput, issues: Issues): string {
  if (input.name === undefined) {
    // An image that names nothing is reported itself.
    return fitName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "deployment");
  }
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "deployment";
}

/** The instances accept what the load balancer's group sends; one group for both would accept everybody. */
function reportSharedSecurityGroup({ cluster, route }: DeploymentSpec, issues: Issues): void {
  if (route === undefined || cluster.capacity.type !== "ec2") return;
  const name = route.loadBalancer.securityGroup;
  // EC2 compares these names without case.
  if (name.toLowerCase() !== cluster.capacity.securityGroup.toLowerCase()) return;
  issues.add(
    "loadBalancer.securityGroup",
    `must not be the instances' own group, ${name}: they accept the load balancer only`,
  );
}
