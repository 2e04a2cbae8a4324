import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { Graph } from "../engine/graph.js";
import { findLeftovers, findUnusedShared } from "../engine/leftovers.js";
import type { Observations } from "../engine/observe.js";
import { leavingOf, type Removal } from "../engine/remove.js";
import { isForeign } from "../engine/steps.js";
import { INSTANCE_SCALING_KINDS, KINDS } from "../graph/resource-kinds.js";
import { securityGroupRuleName } from "../network/security-group-rule.js";
import { targetsService } from "../scaling/targets-service.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";

export interface DescribedOwners {
  /** Whose everything is that is not in the graph. */
  readonly owners: readonly string[];
  readonly balancers: readonly LoadBalancerSpec[];
  /** Load balancers that others have taken the place of: they go with their last users. */
  readonly replaced?: readonly LoadBalancerSpec[];
  /** Ids of what stays although it is not described: the other color. */
  readonly kept?: ReadonlySet<string> | undefined;
}

type Removals = Removal<AwsContext>[];

/**
 * What a deploy removes once what replaces it works: what the owners have and no longer describe,
 * what they were the last users of, what scaled their clusters, and ways into the load balancers that are
 * no longer described.
 */
export async function leftoversOfDeploy(
  { owners, balancers, replaced = [], kept = new Set() }: DescribedOwners,
  graph: Graph<AwsContext>,
  context: AwsContext,
): Promise<Removals> {
  const found = await findLeftovers(KINDS, owners, graph, context);
  const own = found.filter((removal) => !kept.has(removal.id) && !scalesKept(removal, kept, graph));
  // Only who describes one can say what it no longer has.
  const described = balancers.filter(({ claim }) => claim === "own");
  const clusters = graph.nodes.flatMap(({ kind, claim, owner }) =>
    kind.kind === "cluster" && claim === "own" && owner !== undefined ? [owner] : [],
  );
  const [abandoned, scaling, ...closed] = await Promise.all([
    findUnusedShared(
      KINDS,
      own,
      graph,
      context,
      replaced.map(({ name }) => ownerOf.loadBalancer(name)),
    ),
    findLeftovers(INSTANCE_SCALING_KINDS, clusters, graph, context),
    ...described.map((balancer) => closedEntrances(balancer, graph, own, context)),
  ]);
  return [...own, ...abandoned, ...scaling, ...closed.flat()];
}

/** What scales a service that stays although it is not described goes on scaling it. */
const scalesKept = (
  removal: Removal<AwsContext>,
  kept: ReadonlySet<string>,
  graph: Graph<AwsContext>,
): boolean =>
  [...kept].some((id) => {
    if (!id.startsWith("service/") || graph.node(id) !== undefined) return false;
    return targetsService(removal, id.slice("service/".length));
  });

/**
 * What a destroy removes beside what is described: everything of the same owners, whatever describes it
 * now. A cluster that is somebody else's is nobody's of ours, whatever its name.
 */
export async function leftoversOfDestroy(
  graph: Graph<AwsContext>,
  observations: Observations<AwsContext>,
  context: AwsContext,
): Promise<Removals> {
  const owners = new Set(graph.nodes.flatMap(({ owner }) => owner ?? []));
  const there = [...observations.values()].filter(({ observed }) => observed !== undefined);
  const isTheirs = (owner: string) => {
    const its = there.filter(({ node }) => node.owner === owner);
    // Who only uses one takes nothing of it away, also where it is quayside's.
    const isOnlyUsed = its.some(({ node }) => node.kind.create === undefined);
    return isOnlyUsed || (its.length > 0 && its.every(isForeign));
  };
  const ours = [...owners].filter((owner) => !isTheirs(owner));
  const leftovers = await findLeftovers(KINDS, ours, graph, context);
  return [...leftovers, ...(await findUnusedShared(KINDS, leftovers, graph, context))];
}

/** Listeners that nobody uses, and rules that let addresses in which are no longer allowed. Others' listeners stay open. */
async function closedEntrances(
  balancer: LoadBalancerSpec,
  graph: Graph<AwsContext>,
  leaving: Removals,
  context: AwsContext,
): Promise<Removals> {
  const kinds = KINDS.filter(({ kind }) => kind === "listener" || kind === "security-group-rule");
  const found = await findLeftovers(kinds, [ownerOf.loadBalancer(balancer.name)], graph, context);
  const unused = await Promise.all(
    found
      .filter(({ kind }) => kind.kind === "listener")
      .map(async (listener) => {
        const users = await listener.kind.usedBy!(listener, leavingOf(leaving), context);
        return users.length === 0 ? [listener] : [];
      }),
  );
  const listeners = unused.flat();
  const portOf = ({ name }: { readonly name: string }) => Number(name.split(":").at(-1));
  const ports = [...balancer.listeners.map(({ port }) => port), ...listeners.map(portOf)];
  // Rules of its own group only: those in the instances' groups are for the services that run there.
  const entrances = ports.map((port) => securityGroupRuleName(balancer.securityGroup, port, port, ""));
  const rules = found.filter(
    ({ kind, name }) =>
      kind.kind === "security-group-rule" && entrances.some((entrance) => name.startsWith(entrance)),
  );
  return [...listeners, ...rules];
}
