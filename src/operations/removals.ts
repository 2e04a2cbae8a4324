import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { waitUntilSettled } from "../aws/unsettled-changes.js";
import type { Graph } from "../engine/graph.js";
import { findElsewhere, findLeftovers, findOrphans, withoutObserved } from "../engine/leftovers.js";
import type { Observations } from "../engine/observe.js";
import { pendingDeletions } from "../engine/owners-in-use.js";
import type { Removal } from "../engine/removal.js";
import { isForeign } from "../engine/steps.js";
import { ENDPOINT_KINDS, INSTANCE_SCALING_KINDS, KINDS, NETWORK_KINDS } from "../graph/resource-kinds.js";
import { natGatewayKind } from "../network/own/nat-gateway.js";
import { vpcKind } from "../network/own/vpc.js";
import { securityGroupRuleName } from "../network/security-group-rule.js";
import { requestedCertificateKind } from "../domains/requested-certificate.js";
import { validationRecordKind, type ValidationRecordState } from "../domains/validation-record.js";
import { certificateKind, type CertificateState } from "../load-balancer/certificate.js";
import { listenersOf } from "../load-balancer/elb-pages.js";
import { findLoadBalancer } from "../load-balancer/existing-load-balancer.js";
import { listenerName } from "../load-balancer/owned-listeners.js";
import { noteServicesIn } from "../service/note-services.js";
import { clustersLeft, placesLeft } from "./places.js";
import { targetsService } from "../scaling/targets-service.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";

/** The scope of a deploy: whose resources it deletes if the graph does not contain them. */
export interface DescribedOwners {
  readonly owners: readonly string[];
  readonly balancers: readonly LoadBalancerSpec[];
  /** Load balancers that have been replaced: they are deleted with their last users. */
  readonly replaced?: readonly LoadBalancerSpec[];
  /** IDs of the resources that are kept although the graph does not contain them: those of the other color. */
  readonly kept?: ReadonlySet<string> | undefined;
}

type Removals = Removal<AwsContext>[];

/**
 * The resources that a deploy deletes at its end: the owners' leftovers, the orphans that these leave, and,
 * of the clusters and load balancers that the chain describes, the scaling and the entrances that it no
 * longer contains.
 */
export async function removalsOfDeploy(
  { owners, balancers, replaced = [], kept = new Set() }: DescribedOwners,
  graph: Graph<AwsContext>,
  observing: Promise<Observations<AwsContext>>,
  context: AwsContext,
): Promise<Removals> {
  // Only the chain that describes a load balancer knows what it no longer contains.
  const described = balancers.filter(({ claim }) => claim === "own");
  const clusters = graph.nodes.flatMap(({ kind, claim, owner }) =>
    kind.kind === "cluster" && claim === "own" && owner !== undefined ? [owner] : [],
  );
  const shared = [...clusters, ...described.map(({ name }) => ownerOf.loadBalancer(name))];
  const ofShared = Promise.all([
    findLeftovers(INSTANCE_SCALING_KINDS, clusters, graph, context),
    findElsewhere(KINDS, shared, graph, context, observing),
    Promise.all(described.map((balancer) => entrancesOf(balancer, graph, context))),
    networkLeftovers(graph, observing, context),
  ]);
  // Awaited below, unless what comes before fails.
  ofShared.catch(() => {});
  let found = await findLeftovers(KINDS, owners, graph, context, observing);
  // The tagging API may not know yet what was deployed to a cluster that is left now.
  const clustersLeftNow = clustersLeft(await observing).flatMap(({ clusters }) => clusters);
  if (clustersLeftNow.length > 0) {
    await Promise.all(clustersLeftNow.map((cluster) => noteServicesIn(cluster, context)));
    found = await findLeftovers(KINDS, owners, graph, context, observing);
  }
  const own = found.filter(
    (removal) =>
      !(kept.has(removal.id) && isInPlace(removal, graph)) && !scalesKeptService(removal, kept, graph),
  );
  const [orphans, [scaling, elsewhere, entrances, ofNetworks]] = await Promise.all([
    findOrphans(KINDS, own, graph, context, [
      ...replaced.map(({ name }) => ownerOf.loadBalancer(name)),
      ...placesLeft(await observing),
    ]),
    ofShared,
  ]);
  const unused = await Promise.all(
    described.map((balancer, index) => unusedEntrances(balancer, entrances[index]!, own, context)),
  );
  const named = namedCertificates(await observing);
  return [
    ...own.filter((removal) => !isNamed(removal, named)),
    ...orphans,
    ...scaling,
    ...elsewhere,
    ...ofNetworks,
    ...unused.flat(),
  ];
}

/** A plan, as far as it is about what is deleted. */
interface PlannedRemovals {
  readonly graph: Graph<AwsContext>;
  readonly observations: Observations<AwsContext>;
  readonly removals: Readonly<Removals>;
}

/**
 * What is left of the clusters and load balancers that the deployments have left, where the plan has found nothing to
 * delete: another process may have created it a moment before, and been interrupted.
 */
export async function orphansShownLate(
  { graph, observations, removals }: PlannedRemovals,
  context: AwsContext,
): Promise<Removals> {
  const places = placesLeft(observations).filter((place) => !removals.some(({ owner }) => owner === place));
  if (places.length === 0) return [];
  await waitUntilSettled(context);
  return findOrphans(KINDS, [], graph, context, places);
}

/** The certificates that the chain names: one of them may have been requested for a domain before. */
const namedCertificates = (observations: Observations<AwsContext>): ReadonlySet<string> =>
  new Set(
    [...observations.values()].flatMap(({ node, observed }) =>
      node.kind.kind === certificateKind.kind && observed !== undefined
        ? [(observed.state as CertificateState).arn]
        : [],
    ),
  );

/** True for such a certificate, and for the record by which AWS renews it. */
const isNamed = ({ kind: { kind }, state }: Removal<AwsContext>, named: ReadonlySet<string>): boolean =>
  (kind === requestedCertificateKind.kind && named.has((state as CertificateState).arn)) ||
  (kind === validationRecordKind.kind &&
    (state as ValidationRecordState).certificates.some((arn) => named.has(arn)));

/** The parts of the described networks that their descriptions no longer contain: a NAT gateway, the subnets of a zone. */
async function networkLeftovers(
  graph: Graph<AwsContext>,
  observing: Promise<Observations<AwsContext>>,
  context: AwsContext,
): Promise<Removals> {
  const networks = graph.nodes.filter(({ kind }) => kind.kind === vpcKind.kind);
  const owners = networks.flatMap(({ owner }) => owner ?? []);
  const hasNat = (owner: string) =>
    graph.nodes.some(({ kind, owner: other }) => kind.kind === natGatewayKind.kind && other === owner);
  const [parts, endpoints] = await Promise.all([
    findLeftovers(NETWORK_KINDS, owners, graph, context, observing),
    findLeftovers(ENDPOINT_KINDS, owners.filter(hasNat), graph, context, observing),
  ]);
  return [...parts, ...endpoints];
}

/** False if it is in another cluster than what the chain describes of its kind: a move leaves both colors there. */
const isInPlace = ({ kind, owner, scope }: Removal<AwsContext>, { nodes }: Graph<AwsContext>): boolean =>
  scope === undefined ||
  nodes.some((node) => node.kind === kind && node.owner === owner && node.scope === scope);

/** True if the resource scales a service that is kept although the graph does not contain it. */
const scalesKeptService = (
  removal: Removal<AwsContext>,
  kept: ReadonlySet<string>,
  graph: Graph<AwsContext>,
): boolean => {
  const clusters = graph.nodes.flatMap(({ kind, owner, scope }) =>
    kind.kind === "service" && owner === removal.owner ? (scope ?? []) : [],
  );
  return [...kept].some((id) => {
    if (!id.startsWith("service/") || graph.node(id) !== undefined) return false;
    const service = id.slice("service/".length);
    return clusters.some((cluster) => targetsService(removal, { cluster, service }));
  });
};

/**
 * The resources that a destroy deletes beside those in the graph: everything else of the same owners, and
 * the orphans that these leave. Ignores clusters that quayside does not own, even with a matching name.
 */
export async function removalsOfDestroy(
  graph: Graph<AwsContext>,
  observations: Observations<AwsContext>,
  context: AwsContext,
): Promise<Removals> {
  const owners = new Set(graph.nodes.flatMap(({ owner }) => owner ?? []));
  const existing = [...observations.values()].filter(({ observed }) => observed !== undefined);
  const isOthers = (owner: string) => {
    const owned = existing.filter(({ node }) => node.owner === owner);
    // A deployment that only uses a resource deletes nothing of its owner, even if quayside manages it.
    const isOnlyUsed = owned.some(({ node }) => node.kind.create === undefined);
    return isOnlyUsed || (owned.length > 0 && owned.every(isForeign));
  };
  const ours = [...owners].filter((owner) => !isOthers(owner));
  const found = await findLeftovers(KINDS, ours, graph, context, Promise.resolve(observations));
  const leftovers = withoutObserved(found, observations);
  const orphans = await findOrphans(KINDS, leftovers, graph, context, placesLeft(observations));
  return [...leftovers, ...orphans];
}

/** The listeners of a load balancer, its own answers and the rules of its security group that the chain no longer contains. */
function entrancesOf(
  { name }: LoadBalancerSpec,
  graph: Graph<AwsContext>,
  context: AwsContext,
): Promise<Removals> {
  const kinds = KINDS.filter(({ kind }) => ENTRANCES.includes(kind));
  return findLeftovers(kinds, [ownerOf.loadBalancer(name)], graph, context);
}

const ENTRANCES = ["listener", "listener-rule", "security-group-rule"];

/** The listeners without users and the answers that the chain no longer contains, and the security group rules of addresses or ports that are no longer allowed. */
async function unusedEntrances(
  balancer: LoadBalancerSpec,
  found: Removals,
  removals: Removals,
  context: AwsContext,
): Promise<Removals> {
  if (balancer.type === "network") return unusedNetworkEntrances(balancer, found, removals, context);
  const unused = await Promise.all(
    found
      .filter(({ kind }) => kind.kind === "listener")
      .map(async (listener) => {
        const users = await listener.kind.usedBy!(listener, pendingDeletions(removals), context);
        return users.length === 0 ? [listener] : [];
      }),
  );
  const listeners = unused.flat();
  const portOf = ({ name }: { readonly name: string }) => Number(name.split(":").at(-1));
  const ports = [...balancer.listeners.map(({ port }) => port), ...listeners.map(portOf)];
  // Only rules of its own security group: those in the instances' groups belong to the services there.
  const entrances = ports.map((port) => securityGroupRuleName(balancer.securityGroup, port, port, ""));
  const rules = found.filter(
    ({ kind, name }) =>
      kind.kind === "security-group-rule" && entrances.some((entrance) => name.startsWith(entrance)),
  );
  const answers = found.filter(({ kind }) => kind.kind === "listener-rule");
  return [...listeners, ...answers, ...rules];
}

/** The same of a Network Load Balancer, whose listeners are the deployments': the rules of ports that none of them has. */
async function unusedNetworkEntrances(
  balancer: LoadBalancerSpec,
  found: Removals,
  removals: Removals,
  context: AwsContext,
): Promise<Removals> {
  const arn = (await findLoadBalancer(balancer.name, context))?.LoadBalancerArn;
  const pending = pendingDeletions(removals);
  const listeners = arn === undefined ? [] : await listenersOf(arn, context);
  const described = new Set(balancer.listeners.map(({ port }) => port));
  const ofOthers = listeners
    .map(({ Port = 0 }) => Port)
    .filter((port) => !described.has(port) && !pending.has("listener", listenerName(balancer.name, port)));
  const entrance = (name: string): number | undefined => {
    if (!name.startsWith(`${balancer.securityGroup}: `)) return undefined;
    const [, port] = /: (?:tcp|udp) (\d+) from /.exec(name.slice(balancer.securityGroup.length)) ?? [];
    return port === undefined ? undefined : Number(port);
  };
  return found.filter(({ kind, name }) => {
    const port = kind.kind === "security-group-rule" ? entrance(name) : undefined;
    return port !== undefined && !ofOthers.includes(port);
  });
}
