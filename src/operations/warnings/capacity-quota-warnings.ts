import type { AwsContext } from "../../aws/context.js";
import { describeAttached } from "../../cluster/cluster-capacity-provider.js";
import type { InstanceBoundsDesired } from "../../cluster/instance-bounds.js";
import type { InstanceTypeState } from "../../cluster/instance-type.js";
import type { LaunchTemplateDesired } from "../../cluster/launch-template.js";
import type { Node } from "../../engine/graph.js";
import type { Step } from "../../engine/steps.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * AWS's default quotas; an account can have higher ones.
 * Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (targets),
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html (services),
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html (vCPUs).
 */
const QUOTAS = Object.freeze({ targetsOfGroup: 1000, targetsOfBalancer: 1000, services: 5000 });

/** The vCPUs of Standard instances that a new account may run; of the other families, it may run none. */
const STANDARD_VCPUS = 5;

/** Prefix of an instance type -> its quota's name; all others are Standard. */
const FAMILIES: Readonly<Record<string, string>> = Object.freeze({
  dl: "DL",
  f: "F",
  g: "G and VT",
  gr: "G and VT",
  hpc: "HPC",
  inf: "Inf",
  p: "P",
  trn: "Trn",
  u: "High Memory",
  vt: "G and VT",
  x: "X",
});
const STANDARD = "Standard (A, C, D, H, I, M, R, T, Z)";

/** The warnings for more targets, services of a cluster or vCPUs than AWS's quotas allow, as far as a plan adds to them. */
export async function capacityQuotaWarnings(
  planned: PlannedGraph,
  context: AwsContext,
): Promise<readonly string[]> {
  return [
    ...targetWarnings(planned),
    ...(await serviceWarnings(planned, context)),
    ...instanceWarnings(planned),
  ];
}

const desiredOf = <Desired>({ observations }: PlannedGraph, { id }: { readonly id: string }): Desired =>
  observations.get(id)!.desired as unknown as Desired;

/** The most tasks that a service can have: those of its scaling, or the described ones. */
function mostTasks(planned: PlannedGraph, { name, scope, id }: Node<AwsContext>): number {
  const target = planned.graph.node(`scalable-target/${scope}/${name}`);
  if (target !== undefined) return desiredOf<ScalableTargetDesired>(planned, target).max;
  return desiredOf<ServiceDesired>(planned, { id }).desiredCount ?? 1;
}

/** What a node needs of one kind, by its names: `alb:80/talk`. */
const namesOfNeeds = ({ needs }: Node<AwsContext>, kind: string): readonly string[] =>
  needs.flatMap(([, { ref }]) => (ref.id.startsWith(`${kind}/`) ? [ref.id.slice(kind.length + 1)] : []));

function targetWarnings(planned: PlannedGraph): string[] {
  const { graph, steps } = planned;
  const changed = new Set(steps.flatMap(({ node, action }) => (action === "none" ? [] : [node.id])));
  const ofBalancer = new Map<string, { targets: number; grows: boolean }>();
  const warnings: string[] = [];
  for (const node of graph.nodes.filter(({ kind }) => kind.kind === "service")) {
    const groups = new Set(namesOfNeeds(node, "target-group"));
    if (groups.size === 0) continue;
    const tasks = mostTasks(planned, node);
    const grows = changed.has(node.id) || changed.has(`scalable-target/${node.scope}/${node.name}`);
    if (grows && tasks > QUOTAS.targetsOfGroup)
      warnings.push(
        `service ${node.name} can have ${tasks} tasks, and AWS allows ${QUOTAS.targetsOfGroup} targets of a target group unless the account's quota is higher: the last ${tasks - QUOTAS.targetsOfGroup} get no requests. Describe several services, or request a higher quota for targets per target group`,
      );
    for (const balancer of new Set(namesOfNeeds(node, "listener-rule").map((rule) => rule.split(":")[0]!))) {
      const known = ofBalancer.get(balancer) ?? { targets: 0, grows: false };
      ofBalancer.set(balancer, { targets: known.targets + tasks, grows: known.grows || grows });
    }
  }
  for (const [balancer, { targets, grows }] of ofBalancer)
    if (grows && targets > QUOTAS.targetsOfBalancer)
      warnings.push(
        `load-balancer ${balancer} can have ${targets} targets, which are the tasks of the services behind it, and AWS allows ${QUOTAS.targetsOfBalancer} unless the account's quota is higher: the last ${targets - QUOTAS.targetsOfBalancer} get no requests. Describe ${Math.ceil(targets / QUOTAS.targetsOfBalancer)} load balancers, or request a higher quota for targets per Application Load Balancer`,
      );
  return warnings;
}

async function serviceWarnings(planned: PlannedGraph, context: AwsContext): Promise<string[]> {
  const created = new Map<string, number>();
  for (const { node, action } of planned.steps)
    if (node.kind.kind === "service" && action === "create" && node.scope !== undefined)
      created.set(node.scope, (created.get(node.scope) ?? 0) + 1);
  const warnings = await Promise.all(
    [...created].map(async ([cluster, count]) => {
      const isNew = planned.observations.get(`cluster/${cluster}`)?.observed === undefined;
      const present = isNew ? 0 : ((await describeAttached(cluster, context))?.activeServicesCount ?? 0);
      const removed = planned.removals.filter(
        ({ kind, scope }) => kind.kind === "service" && scope === cluster,
      );
      const services = present + count - removed.length;
      return services <= QUOTAS.services
        ? []
        : [
            `cluster ${cluster} would have ${services} services, and AWS allows ${QUOTAS.services} unless the account's quota is higher: creating the last ${services - QUOTAS.services} fails. Describe ${Math.ceil(services / QUOTAS.services)} clusters, or request a higher quota for services per cluster`,
          ];
    }),
  );
  return warnings.flat();
}

/** For instances that a new group starts at once: later, the account has shown what it may run. */
function instanceWarnings(planned: PlannedGraph): string[] {
  return planned.steps.flatMap((step) => {
    const { node, action } = step;
    const bounds = planned.graph.node(`instance-bounds/${node.name}`);
    if (node.kind.kind !== "auto-scaling-group" || action !== "create" || bounds === undefined) return [];
    const { min } = desiredOf<InstanceBoundsDesired>(planned, bounds);
    const type = smallestType(planned, step);
    if (type === undefined || min === 0) return [];
    const vcpus = min * type.vcpus;
    const family = FAMILIES[/^[a-z]+/.exec(type.name)?.[0] ?? ""];
    const allowed = family === undefined ? STANDARD_VCPUS : 0;
    if (vcpus <= allowed) return [];
    const quota = isSpot(planned, step)
      ? `All ${family ?? STANDARD} Spot Instance Requests`
      : `Running On-Demand ${family ?? STANDARD} instances`;
    return [
      `auto-scaling-group ${node.name} starts ${min} instances with ${vcpus} vCPUs (${type.name}), and AWS allows ${allowed === 0 ? "none" : allowed} in a new account: they do not start unless the account's quota "${quota}" is higher. Look it up in Service Quotas, or describe smaller instances`,
    ];
  });
}

const below = (
  { graph }: PlannedGraph,
  { needs }: Node<AwsContext>,
  kind: string,
): readonly Node<AwsContext>[] =>
  needs.flatMap(([, { ref }]) => {
    const needed = graph.node(ref.id);
    return needed?.kind.kind === kind ? [needed] : [];
  });

const isSpot = (planned: PlannedGraph, { node }: Step<AwsContext>): boolean =>
  below(planned, node, "launch-template").some(
    (template) => desiredOf<LaunchTemplateDesired>(planned, template).spot,
  );

interface NamedType {
  readonly name: string;
  readonly vcpus: number;
}

/** Of the types that the group may launch, the one with the fewest vCPUs; `undefined` if AWS did not say. */
function smallestType(planned: PlannedGraph, { node }: Step<AwsContext>): NamedType | undefined {
  const types = below(planned, node, "launch-template")
    .flatMap((template) => below(planned, template, "ami"))
    .flatMap((ami) => below(planned, ami, "instance-type"))
    .map(({ id, name }): NamedType => {
      const { vcpus = 0 } = (planned.observations.get(id)?.observed?.state ??
        {}) as Partial<InstanceTypeState>;
      return { name, vcpus };
    })
    .filter(({ vcpus }) => vcpus > 0);
  return types.sort((one, other) => one.vcpus - other.vcpus)[0];
}
