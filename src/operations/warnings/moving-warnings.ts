import { clusterName } from "../../aws/arn.js";
import { parseOwner } from "../../aws/owner.js";
import type { ScheduleDesired } from "../../job/schedule.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

type Planned = Pick<PlannedGraph, "observations" | "removals">;

interface Scoped {
  readonly owner?: string | undefined;
  /** A service's cluster. */
  readonly scope?: string | undefined;
}

/** What a user would miss first; everything else is in the plan. */
const NAMED = ["service", "load-balancer", "auto-scaling-group", "cluster"];

/** The warnings for deployments and jobs that leave the cluster in which they are now. */
export function movingWarnings(planned: Planned): OwnedWarning[] {
  return [...movingServices(planned), ...movingSchedules(planned)];
}

export interface OwnedWarning {
  readonly message: string;
  /** The owner of what moves. */
  readonly owner: string | undefined;
}

/**
 * The warning for a deployment that moves to another cluster: its service there is deleted. A user who wanted one
 * in each cluster learns so before it goes.
 */
function movingServices({ observations, removals }: Planned): OwnedWarning[] {
  const services = [...observations.values()].flatMap(({ node }) =>
    node.kind.kind === "service" ? [node] : [],
  );
  const owners = [...new Set(services.flatMap(({ owner }) => owner ?? []))];
  return owners.flatMap((owner) => {
    const clustersOf = (all: readonly Scoped[]) =>
      new Set(all.flatMap(({ owner: of, scope }) => (of === owner ? (scope ?? []) : [])));
    const described = clustersOf(services);
    const left = [...clustersOf(removals.filter(({ kind }) => kind.kind === "service"))].filter(
      (cluster) => !described.has(cluster),
    );
    if (left.length === 0) return [];
    const name = parseOwner(owner)?.name;
    const message = `deployment ${name} moves from cluster ${left.join(", ")} to cluster ${[...described].join(", ")}: once it works there, ${deleted(removals, owner)}. To keep both, use a different name for one of them: new Deployment("${name}-${[...described][0]}")`;
    return [{ message, owner }];
  });
}

/** The warning for a job whose schedule moves to another cluster: its plan shows only another ARN. */
function movingSchedules({ observations, removals }: Planned): OwnedWarning[] {
  return [...observations.values()].flatMap(({ node, desired, observed }) => {
    if (node.kind.kind !== "schedule" || observed === undefined) return [];
    const before = clusterName((observed.current as Partial<ScheduleDesired>).clusterArn);
    const cluster = [...observations.values()].find((each) => each.node.kind.kind === "cluster")?.node.name;
    const after = cluster ?? clusterName((desired as ScheduleDesired).clusterArn);
    if (before === "" || before === after) return [];
    const name = parseOwner(node.owner)?.name;
    const orphans = removals.some(({ kind }) => NAMED.includes(kind.kind))
      ? `, and ${deleted(removals, node.owner)}`
      : "";
    const message = `the schedule of job ${name} moves from cluster ${before} to cluster ${after}: its tasks start only there from then on${orphans}. To keep both, use a different name for one of them: new Job("${name}-${after}")`;
    return [{ message, owner: node.owner }];
  });
}

/** `service staging/talk and cluster staging are deleted` */
function deleted(removals: Planned["removals"], owner: string | undefined): string {
  const isOfOthers = (other: string): boolean => other !== owner && /^(?:deployment|job)\//.test(other);
  const names = NAMED.flatMap((kind) =>
    removals
      .filter((each) => each.kind.kind === kind && !isOfOthers(each.owner))
      .map(({ name }) => `${kind} ${name}`),
  );
  const all = [names.slice(0, -1).join(", "), names.at(-1)!].filter((part) => part !== "").join(" and ");
  return `${all} ${names.length === 1 ? "is" : "are"} deleted`;
}
