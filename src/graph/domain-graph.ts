import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { dnsRecordKind } from "../domains/dns-record.js";
import { hostedZoneKind, type HostedZoneState } from "../domains/hosted-zone.js";
import { listenerCertificateKind } from "../domains/listener-certificate.js";
import {
  certificateName,
  requestedCertificateKind,
  type RequestedCertificateState,
} from "../domains/requested-certificate.js";
import { validationRecordKind } from "../domains/validation-record.js";
import { created, ready, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import { UNKNOWN } from "../engine/kind.js";
import type { ServiceState } from "../service/service-state.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteSpec } from "../spec/route.js";
import type { Balancer, ListenerRef } from "./balancer.js";

/** True if a listener of the load balancer has the certificates that are requested for the routes' domains. */
export const requestsCertificate = ({ route }: Pick<DeploymentSpec, "route">): boolean =>
  (route?.domains?.length ?? 0) > 0 &&
  route!.loadBalancer.claim !== "existing" &&
  route!.loadBalancer.listeners.some(
    ({ protocol, certificate }) => protocol === "https" && certificate === undefined,
  );

/** Adds the certificate for the domains of a route, and the records that validate it. */
export function addRequestedCertificate(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  names: readonly string[],
): Ref<RequestedCertificateState> {
  const owner = ownerOf.deployment(spec.name);
  const certificate = graph.add({
    kind: requestedCertificateKind,
    name: certificateName(names),
    owner,
    needs: {},
    desired: () => ({ names, hasRecords: true as const, tags: spec.tags }),
  });
  for (const domain of names) {
    // A wildcard has the record of the domain that it is for.
    const isSame = domain.startsWith("*.") && names.includes(domain.slice(2));
    if (isSame) continue;
    const zone = addZone(graph, domain);
    const record = graph.add({
      kind: validationRecordKind,
      name: domain,
      owner,
      claim: "share",
      needs: { zone: created(zone), certificate: created(certificate) },
      desired: ({ zone: { zoneId }, certificate: { records } }) => ({
        domain,
        zoneId,
        name: records[domain]?.name ?? UNKNOWN,
        value: records[domain]?.value ?? UNKNOWN,
        isNoted: true as const,
        tags: spec.tags,
      }),
    });
    graph.goal(record);
  }
  return certificate;
}

const addZone = (graph: Graph<AwsContext>, domain: string): Ref<HostedZoneState> =>
  graph.add({
    kind: hostedZoneKind,
    name: domain,
    owner: undefined,
    needs: {},
    desired: () => ({ domain, tags: {} }),
  });

/** Adds a requested certificate to those of a listener. */
export function addListenerCertificate(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { name, ref }: Pick<ListenerRef, "name" | "ref">,
  certificate: Ref<RequestedCertificateState>,
  domains: readonly string[],
): void {
  graph.goal(
    graph.add({
      kind: listenerCertificateKind,
      name: `${name}/${certificateName(domains)}`,
      owner: ownerOf.deployment(spec.name),
      needs: { listener: created(ref), certificate: ready(certificate) },
      desired: ({ listener, certificate: { arn } }) => ({
        listenerArn: listener.arn,
        certificateArn: arn,
        tags: {},
      }),
    }),
  );
}

/** What leads the requests for a route's domains to the service, once it is healthy. */
export function addDomains(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  { domains = [], loadBalancer }: Pick<RouteSpec, "domains" | "loadBalancer">,
  balancer: Balancer,
  service: Ref<ServiceState>,
  certificate: Ref<RequestedCertificateState> | undefined,
  purpose: GraphPurpose,
): void {
  const owner = ownerOf.deployment(spec.name);
  if (certificate !== undefined) {
    for (const listener of balancer.listeners)
      if (listener.protocol === "https") addListenerCertificate(graph, spec, listener, certificate, domains);
  }
  for (const domain of domains) {
    const zone = graph.add({
      kind: hostedZoneKind,
      name: loadBalancer.scheme === "internal" ? `${domain} (internal)` : domain,
      owner: undefined,
      needs: { vpc: loadBalancer.scheme === "internal" ? created(balancer.vpc) : undefined },
      desired: ({ vpc }) => ({ domain, vpcId: vpc?.vpcId, tags: {} }),
    });
    const record = graph.add({
      kind: dnsRecordKind,
      name: domain,
      owner,
      needs: {
        zone: created(zone),
        loadBalancer: created(balancer.loadBalancer),
        // A domain that moves leads to another load balancer once the service behind it is healthy.
        service: purpose === "deploy" ? ready(service) : created(service),
      },
      desired: ({ zone: { zoneId }, loadBalancer: { dnsName, zoneId: targetZoneId } }) => ({
        domain,
        zoneId,
        target: dnsName.toLowerCase(),
        targetZoneId,
        types: "A AAAA" as const,
        tags: spec.tags,
      }),
    });
    graph.goal(record);
  }
}
