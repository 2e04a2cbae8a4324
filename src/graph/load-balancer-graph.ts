import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { Claim, GraphPurpose } from "../engine/graph.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import type { RequestedCertificateState } from "../domains/requested-certificate.js";
import { certificateKind } from "../load-balancer/certificate.js";
import { namedLoadBalancer } from "../load-balancer/existing-listeners.js";
import {
  entranceGroupId,
  existingListenerKind,
  existingLoadBalancerKind,
  noListener,
  servingListeners,
} from "../load-balancer/existing-load-balancer.js";
import { listenerKind, listenerName, type ListenerState } from "../load-balancer/listener.js";
import { loadBalancerKind, type LoadBalancerState } from "../load-balancer/load-balancer.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupNames } from "../network/security-group-names.js";
import {
  securityGroupRuleKind,
  securityGroupRuleName,
  type SecurityGroupRuleState,
} from "../network/security-group-rule.js";
import { securityGroupKind } from "../network/security-group.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { addAnswerRules } from "./answer-rules-graph.js";
import type { CertificateSource, ListenerSpec } from "../spec/listeners.js";

export type Balancer = LoadBalancerRefs & {
  /** The security group that tasks accept traffic from. */
  readonly securityGroup: Ref<{ readonly groupId: string }>;
  /** The name of that security group: rules are known by the group that they really refer to. */
  readonly securityGroupName: string;
  readonly vpc: Ref<{ readonly vpcId: string }>;
  /** The VPC of a load balancer that the chain only names, and that exists. */
  readonly presentVpcId?: string | undefined;
  /** The listener of the URL that users get; `undefined` if the chain describes the listeners. */
  readonly address: Pick<ListenerSpec, "protocol" | "port" | "certificate"> | undefined;
};

/** Adds the load balancer; `undefined` if a destroy finds that it no longer exists. */
export async function addBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<NetworkState>,
  context: AwsContext,
  purpose: GraphPurpose,
  requested?: Ref<RequestedCertificateState>,
): Promise<Balancer | undefined> {
  if (spec.claim === "existing") return addExistingBalancer(graph, spec, context, purpose);
  const isOnlyNamed = spec.claim === "use-or-create" && purpose === "deploy";
  if (!isOnlyNamed) return addOwnBalancer(graph, spec, network, requested);
  const { listeners, isComplete, vpcId } = await namedLoadBalancer(spec, context);
  return listeners === undefined
    ? {
        ...addOwnBalancer(graph, isComplete ? { ...spec, allow: [] } : spec, network, requested),
        presentVpcId: vpcId,
      }
    : addExistingBalancer(graph, { name: spec.name, listeners }, context, purpose);
}

async function addExistingBalancer(
  graph: Graph<AwsContext>,
  spec: Pick<LoadBalancerSpec, "name"> & {
    readonly listeners: readonly Pick<ListenerSpec, "port" | "protocol" | "certificate">[];
  },
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Balancer | undefined> {
  const serving = spec.listeners.length > 0 ? spec.listeners : await servingListeners(spec.name, context);
  if (serving.length === 0 && purpose === "deploy") throw await noListener(spec.name, context);
  const loadBalancer = graph.add({
    kind: existingLoadBalancerKind,
    name: spec.name,
    // The owner of what quayside adds to it (rules, security group rules), not of the load balancer itself.
    owner: ownerOf.loadBalancer(spec.name),
    claim: "share",
    needs: {},
    desired: () => ({ name: spec.name, tags: {} }),
  });
  const listeners = serving.map(({ port, protocol }) => ({
    name: listenerName(spec.name, port),
    protocol,
    ref: graph.add({
      kind: existingListenerKind,
      name: listenerName(spec.name, port),
      owner: undefined,
      needs: { loadBalancer: created(loadBalancer) },
      desired: ({ loadBalancer: { arn } }) => ({
        loadBalancerArn: arn,
        loadBalancer: spec.name,
        port,
        tags: {},
      }),
    }),
  }));
  const address = serving.find(({ protocol }) => protocol === "https") ?? serving[0];
  const groupId = (await entranceGroupId(spec.name, context)) ?? "";
  const securityGroupName = (await securityGroupNames([groupId], context)).get(groupId) ?? groupId;
  return {
    loadBalancer,
    listeners,
    securityGroup: loadBalancer,
    securityGroupName,
    vpc: loadBalancer,
    address,
  };
}

/** Adds the load balancer, and a security group that allows only the configured addresses to reach its listeners. */
function addOwnBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<NetworkState>,
  requested?: Ref<RequestedCertificateState>,
): Balancer {
  const owner = ownerOf.loadBalancer(spec.name);
  const securityGroup = graph.add({
    kind: securityGroupKind,
    name: spec.securityGroup,
    owner,
    claim: balancerClaim(spec),
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({
      groupName: spec.securityGroup,
      description: `Load balancer ${spec.name}`,
      vpcId,
      tags: spec.tags,
    }),
  });
  const entrances = spec.listeners.flatMap(({ port }) =>
    spec.allow.map((cidr) =>
      graph.add({
        kind: securityGroupRuleKind,
        name: securityGroupRuleName(spec.securityGroup, port, port, cidr),
        owner,
        claim: "share",
        needs: { group: created(securityGroup) },
        desired: ({ group: { groupId } }) => ({
          groupId,
          protocol: "tcp" as const,
          fromPort: port,
          toPort: port,
          source: cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr },
          description: `Listener ${port} of ${spec.name}`,
          tags: spec.tags,
        }),
      }),
    ),
  );
  return {
    ...addLoadBalancer(graph, spec, network, { securityGroup, entrances, requested }),
    securityGroup,
    securityGroupName: spec.securityGroup,
    vpc: network,
    address: undefined,
  };
}

export interface LoadBalancerRefs {
  readonly loadBalancer: Ref<LoadBalancerState>;
  /** The listeners that forward to services. */
  readonly listeners: readonly ListenerRef[];
}

interface ListenerRef {
  readonly name: string;
  readonly protocol: ListenerSpec["protocol"];
  readonly ref: Ref<ListenerState>;
}

/** The security group of a load balancer, and the rules in it that admit clients. */
interface Entrance {
  readonly securityGroup: Ref<{ readonly groupId: string }>;
  readonly entrances: readonly Ref<SecurityGroupRuleState>[];
  /** The certificate that is requested for the domains of a route. */
  readonly requested?: Ref<RequestedCertificateState> | undefined;
}

/** Another chain may describe a load balancer that is only named here. */
const balancerClaim = ({ claim }: LoadBalancerSpec): Claim => (claim === "own" ? "own" : "use");

/** Adds the load balancer and its listeners, in the given network and behind the given security group. */
function addLoadBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<Pick<NetworkState, "vpcId" | "subnetIds">>,
  { securityGroup, entrances, requested }: Entrance,
): LoadBalancerRefs {
  const owner = ownerOf.loadBalancer(spec.name);
  const loadBalancer = graph.add({
    kind: loadBalancerKind,
    name: spec.name,
    owner,
    claim: balancerClaim(spec),
    needs: { network: created(network), securityGroup: created(securityGroup) },
    desired: ({ network: { vpcId, subnetIds }, securityGroup: { groupId } }) => ({
      name: spec.name,
      scheme: spec.scheme,
      vpcId,
      securityGroupIds: [groupId],
      subnetIds: [...subnetIds],
      attributes: spec.attributes,
      webAcl: spec.webAcl,
      tags: spec.tags,
    }),
  });
  const listeners = spec.listeners.map((listener) =>
    addListener(graph, spec, listener, { loadBalancer, entrances, requested }),
  );
  addAnswerRules(graph, spec, listeners);
  // A listener that only redirects has no rules.
  return {
    loadBalancer,
    listeners: listeners.filter((_, index) => spec.listeners[index]!.redirectTo === undefined),
  };
}

function addListener(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  { protocol, port, certificate: source, additionalCertificates, redirectTo }: ListenerSpec,
  {
    loadBalancer,
    entrances,
    requested,
  }: Pick<Entrance, "entrances" | "requested"> & { readonly loadBalancer: Ref<LoadBalancerState> },
): ListenerRef {
  const name = listenerName(spec.name, port);
  const addCertificate = (source: CertificateSource) =>
    graph.add({
      kind: certificateKind,
      name: source.from === "arn" ? source.arn : source.domain,
      owner: undefined,
      needs: {},
      desired: () => ({ source, tags: {} }),
    });
  const certificate = source && addCertificate(source);
  const isRequested = protocol === "https" && source === undefined;
  const ref = graph.add({
    kind: listenerKind,
    name,
    owner: ownerOf.loadBalancer(spec.name),
    claim: balancerClaim(spec),
    needs: {
      // AWS accepts listeners while the load balancer is still being provisioned.
      loadBalancer: created(loadBalancer),
      certificate: created(certificate),
      requested: isRequested ? ready(requested) : undefined,
      additional: additionalCertificates.map((one) => created(addCertificate(one))),
      // A load balancer with a listener is complete for deployments that only name it.
      entrances: entrances.map((rule) => created(rule)),
    },
    desired: (known) => ({
      loadBalancerArn: known.loadBalancer.arn,
      port,
      protocol: protocol === "https" ? ("HTTPS" as const) : ("HTTP" as const),
      certificateArn: known.certificate?.arn ?? known.requested?.arn,
      ...(isRequested && { anyCertificate: true as const }),
      ...(known.additional.length > 0 && {
        // Two domains can be those of one certificate.
        additionalCertificates: [...new Set(known.additional.map(({ arn }) => arn))].filter(
          (arn) => arn !== known.certificate?.arn,
        ),
      }),
      redirectTo,
      tags: spec.tags,
    }),
  });
  return { name, protocol, ref };
}
