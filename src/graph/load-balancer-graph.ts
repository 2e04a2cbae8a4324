import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { Claim, GraphPurpose } from "../engine/graph.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import type { RequestedCertificateState } from "../domains/requested-certificate.js";
import { certificateKind, certificateNodeName, type CertificateState } from "../load-balancer/certificate.js";
import { namedLoadBalancer } from "../load-balancer/existing-listeners.js";
import { listenerKind } from "../load-balancer/listener.js";
import { listenerName } from "../load-balancer/owned-listeners.js";
import { loadBalancerKind, type LoadBalancerState } from "../load-balancer/load-balancer.js";
import type { NetworkState } from "../network/network-state.js";
import {
  securityGroupRuleKind,
  securityGroupRuleName,
  type SecurityGroupRuleState,
} from "../network/security-group-rule.js";
import { addressesIn } from "../load-balancer/static-addresses.js";
import { assertWebAclInRegion } from "../load-balancer/web-acl.js";
import { securityGroupKind } from "../network/security-group.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { addAnswerRules } from "./answer-rules-graph.js";
import { transportOf, type CertificateSource, type ListenerSpec } from "../spec/listeners.js";
import type { Balancer, ListenerRef, LoadBalancerRefs } from "./balancer.js";
import { addExistingBalancer, addExistingNetworkBalancer } from "./existing-load-balancer-graph.js";

/** Adds the load balancer; `undefined` if a destroy finds that it no longer exists. */
export async function addBalancer(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  network: Ref<NetworkState>,
  context: AwsContext,
  purpose: GraphPurpose,
  requested?: Ref<RequestedCertificateState>,
): Promise<Balancer | undefined> {
  if (purpose === "deploy") assertWebAclInRegion(spec, context);
  if (spec.claim === "existing")
    return spec.type === "network"
      ? addExistingNetworkBalancer(graph, spec, context, purpose)
      : addExistingBalancer(graph, spec, context, purpose);
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
  const entrances = spec.listeners.flatMap(({ port, protocol }) =>
    spec.allow.map((cidr) =>
      graph.add({
        kind: securityGroupRuleKind,
        name: securityGroupRuleName(spec.securityGroup, port, port, cidr, transportOf(protocol)),
        owner,
        claim: "share",
        needs: { group: created(securityGroup) },
        desired: ({ group: { groupId } }) => ({
          groupId,
          protocol: transportOf(protocol),
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
    entrances,
    address: undefined,
  };
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
      type: spec.type,
      scheme: spec.scheme,
      vpcId,
      securityGroupIds: [groupId],
      subnetIds: [...subnetIds],
      attributes: spec.attributes,
      webAcl: spec.webAcl,
      addresses: spec.addresses && addressesIn(subnetIds, spec.addresses),
      tags: spec.tags,
    }),
  });
  // The listeners of a Network Load Balancer are the deployments'.
  if (spec.type === "network") return { loadBalancer, listeners: [] };
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
  const certificate = source && addCertificate(graph, source);
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
      additional: additionalCertificates.map((one) => created(addCertificate(graph, one))),
      // A load balancer with a listener is complete for deployments that only name it.
      entrances: entrances.map((rule) => created(rule)),
    },
    desired: (known) => ({
      loadBalancerArn: known.loadBalancer.arn,
      port,
      protocol: protocol === "https" ? ("HTTPS" as const) : ("HTTP" as const),
      ...certificatesOf(known, isRequested),
      redirectTo,
      tags: spec.tags,
    }),
  });
  return { name, protocol, ref };
}

/** Looks a named certificate up. */
export const addCertificate = (graph: Graph<AwsContext>, source: CertificateSource): Ref<CertificateState> =>
  graph.add({
    kind: certificateKind,
    name: certificateNodeName(source),
    owner: undefined,
    needs: {},
    desired: () => ({ source, tags: {} }),
  });

/** The certificates of a listener, by its needs. */
export const certificatesOf = (
  known: {
    readonly certificate: CertificateState | undefined;
    readonly requested: CertificateState | undefined;
    readonly additional: readonly CertificateState[];
  },
  isRequested: boolean,
) => ({
  certificateArn: known.certificate?.arn ?? known.requested?.arn,
  ...(isRequested && { anyCertificate: true as const }),
  ...(known.additional.length > 0 && {
    // Two domains can be those of one certificate.
    additionalCertificates: [...new Set(known.additional.map(({ arn }) => arn))].filter(
      (arn) => arn !== known.certificate?.arn,
    ),
  }),
});
