import { parseBeforeRelease } from "./before-release.js";
import { parseBlueGreen } from "./blue-green.js";
import { parseCluster } from "./cluster.js";
import { parseConnect } from "./connect.js";
import type { DeploymentSpec } from "./deployment-spec.js";
import { parseEcsBlueGreen } from "./ecs-blue-green.js";
import { deriveName } from "./derive-name.js";
import { nameOfImage } from "./image.js";
import type { DeploymentInput } from "./input.js";
import { DEPLOYMENT_NAME, nameProblem } from "./names.js";
import { parseTaskSpec } from "./parse-task.js";
import { parseFurtherRoutes, routesOf } from "./further-routes.js";
import { loadBalancersOf } from "./load-balancers-of.js";
import { parseNetworkRoutes, withAlternate } from "./network-route.js";
import { frozenCopy } from "./parsing/frozen-copy.js";
import { Issues } from "./parsing/issues.js";
import { checkScaledRolling } from "./rolling.js";
import { parseRoute } from "./route.js";
import { reportNetworkConflicts } from "./network-conflicts.js";
import { parseServiceScaling } from "./scaling/autoscale.js";
import { parseServiceDiscovery, reportDiscoveryConflicts } from "./service-discovery.js";
import { parseService } from "./service.js";

/**
 * Returns the spec of a deployment's chain: validated, with all defaults, deeply frozen. Sends no requests.
 *
 * @param issues - collects the issues; without it, one error reports all of them
 * @throws SpecError
 */
export function toSpec(input: DeploymentInput, issues?: Issues): DeploymentSpec {
  const found = issues ?? new Issues();
  const spec = parseDeployment(input, found);
  if (issues === undefined) found.throwIfAny(subjectOf(input));
  return frozenCopy(spec);
}

/** The name of the deployment in messages. */
export function subjectOf(input: DeploymentInput): string {
  const name = input.name ?? nameOfImage(input.image);
  return typeof name === "string" && name !== "" && name.length <= 64 ? `Deployment ${name}` : "Deployment";
}

/** Parses every part, even after an issue, so that one error reports all issues. */
function parseDeployment(input: DeploymentInput, issues: Issues): DeploymentSpec {
  const name = parseName(input, issues);
  // What a task may have depends on where it runs; what it lacks is said first, as a chain begins with it.
  const placing = new Issues();
  const cluster = parseCluster(input.cluster, placing);
  const capacity = cluster.capacity.type;
  const hasLoadBalancer = input.route !== undefined;
  const route = parseRoute(input.route, { deployment: name, capacity }, placing);
  const service = parseService(
    input.service,
    {
      deployment: name,
      hasLoadBalancer: hasLoadBalancer || (input.networkRoutes?.length ?? 0) > 0,
      capacity,
    },
    placing,
  );
  const { desired } = service;
  const scaling = parseServiceScaling(input.autoscale, { hasLoadBalancer, desired }, placing);
  checkScaledRolling(service, scaling, placing);
  const parsed = parseTaskSpec(input, { name, cluster, hasLoadBalancer, exec: service.exec }, issues);
  const { container: mainContainer, sidecars: others } = parsed;
  const { connect, container, sidecars } = parseConnect(
    input.connect,
    {
      deployment: name,
      cluster: cluster.name,
      capacity,
      networkMode: parsed.task.networkMode,
      container: mainContainer,
      sidecars: others,
      logsToGroup: parsed.logs.driver.driver === "awslogs",
      routeProtocol: route?.protocol,
    },
    issues,
  );
  const serviceDiscovery = parseServiceDiscovery(
    input.serviceDiscovery,
    {
      deployment: name,
      cluster: cluster.name,
      networkMode: parsed.task.networkMode,
      container: mainContainer,
      sidecars: others,
    },
    issues,
  );
  reportDiscoveryConflicts({ serviceDiscovery, connect }, input.blueGreen !== undefined, issues);
  const furtherRoutes = parseFurtherRoutes(
    input,
    { deployment: name, capacity, container: mainContainer, sidecars: others, route },
    issues,
  );
  const networkRoutes = parseNetworkRoutes(
    input.networkRoutes,
    {
      deployment: name,
      capacity,
      container: mainContainer,
      sidecars: others,
      others: routesOf({ route, ...(furtherRoutes && { furtherRoutes }) }).map((each) => each.loadBalancer),
    },
    issues,
  );
  const { image, task, volumes, logs, taskRole, tags } = parsed;
  issues.addAll(placing);
  const isBehindNlb = input.networkRoutes !== undefined && input.networkRoutes.length > 0;
  const isByEcs = !hasLoadBalancer && (isBehindNlb || (connect?.endpoints.length ?? 0) > 0);
  const ecsBlueGreen =
    isByEcs && input.blueGreen !== undefined
      ? parseEcsBlueGreen(input.blueGreen, isBehindNlb ? "listeners" : "name", issues)
      : undefined;
  const blueGreen =
    isByEcs || isBehindNlb
      ? undefined
      : parseBlueGreen(input.blueGreen, { deployment: name, route, tags }, issues);
  if (input.blueGreen !== undefined && hasLoadBalancer && isBehindNlb)
    issues.add(
      "blueGreen",
      "is not supported with .behindAlb(...) and .behindNlb(...) together: behind an Application Load Balancer a release has two services, and a listener of a Network Load Balancer leads to one, whose traffic ECS shifts. " +
        "Make two deployments of them, or remove .blueGreen(...)",
    );
  if (blueGreen !== undefined && (connect?.endpoints.length ?? 0) > 0)
    issues.add(
      "connect.as",
      "is not supported with blueGreen behind a load balancer: a name in Service Connect is unique, and the two colors are two services. " +
        "Remove as and port, so that the service is a client; or remove .behindAlb(...), and ECS itself shifts the traffic of the name; " +
        "or let others call the load balancer, at a domain in a private hosted zone if it is internal",
    );
  const beforeRelease = parseBeforeRelease(input.beforeRelease, container.name, issues);
  const spec: DeploymentSpec = {
    name,
    image,
    container,
    sidecars,
    task,
    volumes,
    service: ecsBlueGreen === undefined ? service : { ...service, ecsBlueGreen },
    cluster,
    route,
    ...(furtherRoutes && { furtherRoutes }),
    ...(networkRoutes && {
      networkRoutes: ecsBlueGreen === undefined ? networkRoutes : networkRoutes.map(withAlternate),
    }),
    ...(connect && { connect }),
    ...(serviceDiscovery && { serviceDiscovery }),
    logs,
    blueGreen,
    scaling,
    tags,
    beforeRelease,
    taskRole,
    ...(parsed.iam && { iam: parsed.iam }),
  };
  reportSharedSecurityGroup(spec, issues);
  reportHealthCheckPort(spec, issues);
  reportNetworkConflicts(spec, issues);
  return spec;
}

function parseName(input: DeploymentInput, issues: Issues): string {
  if (input.name === undefined) {
    // An invalid image is already reported as an issue of its own.
    return deriveName(DEPLOYMENT_NAME, nameOfImage(input.image) ?? "deployment");
  }
  const problem = nameProblem(DEPLOYMENT_NAME, input.name);
  if (problem === undefined) return input.name as string;
  issues.add("name", problem);
  return "deployment";
}

/** Instances accept traffic from the load balancer's group. A shared group would accept all traffic. */
function reportSharedSecurityGroup(spec: DeploymentSpec, issues: Issues): void {
  const { capacity } = spec.cluster;
  if (capacity.type !== "ec2") return;
  // EC2 compares these names case-insensitively.
  const shared = loadBalancersOf(spec).find(
    ({ securityGroup }) => securityGroup.toLowerCase() === capacity.securityGroup.toLowerCase(),
  );
  if (shared === undefined) return;
  const name = shared.securityGroup;
  issues.add(
    "loadBalancer.securityGroup",
    `must not be the instances' security group, ${name}: the instances accept traffic from the load balancer only`,
  );
}

/** The load balancer checks a port that some container of the task has, and whose number on the target is known. */
function reportHealthCheckPort({ route, container, sidecars, task }: DeploymentSpec, issues: Issues): void {
  const port = route?.healthCheck.port;
  if (port === undefined) return;
  const tcp = [container, ...sidecars].flatMap(({ ports }) =>
    ports.filter(({ protocol }) => protocol === "tcp"),
  );
  const isBridge = task.networkMode === "bridge";
  if (tcp.some((each) => (isBridge ? each.hostPort === port : has(each.port, port)))) return;
  issues.add(
    "behindAlb.healthCheck.port",
    isBridge
      ? `must be a fixed port of the instance in the network mode bridge, where ECS chooses the ports of the others: .container({ ports: [{ port: ${port}, hostPort: ${port} }] })`
      : `must be a TCP port of a container: .container({ ports: [{ port: ${port} }] })`,
  );
}

/** True if the port is the number, or in the range `8000-8010`. */
function has(port: number | string, wanted: number): boolean {
  const [first, last = first] = String(port).split("-").map(Number);
  return wanted >= first! && wanted <= last!;
}
