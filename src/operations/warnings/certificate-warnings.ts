import { certificateNodeName, type CertificateState } from "../../load-balancer/certificate.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { ListenerSpec } from "../../spec/listeners.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/** The warnings for domains that no certificate of their listener is for, if the chain names the certificates: clients refuse these. */
export function certificateWarnings(
  { route, networkRoutes = [] }: Pick<DeploymentSpec, "route" | "networkRoutes">,
  planned: Pick<PlannedGraph, "observations">,
): readonly string[] {
  return [
    ...(route === undefined || route.loadBalancer.claim === "existing"
      ? []
      : route.loadBalancer.listeners
    ).flatMap((listener) =>
      uncovered(listener, `${route!.loadBalancer.name}:${listener.port}`, route!.domains, planned),
    ),
    ...networkRoutes.flatMap(({ listener, loadBalancer, domains }) =>
      uncovered(listener, `${loadBalancer.name}:${listener.port}`, domains, planned),
    ),
  ];
}

function uncovered(
  { certificate, additionalCertificates }: Pick<ListenerSpec, "certificate" | "additionalCertificates">,
  listener: string,
  domains: readonly string[] = [],
  { observations }: Pick<PlannedGraph, "observations">,
): readonly string[] {
  if (certificate === undefined) return [];
  const names = [certificate, ...additionalCertificates].map(
    (source) =>
      (
        observations.get(`certificate/${certificateNodeName(source)}`)?.observed?.state as
          CertificateState | undefined
      )?.names,
  );
  // The names of a certificate in IAM are not known.
  if (names.includes(undefined)) return [];
  const known = names.flatMap((each) => each ?? []);
  return domains
    .filter((domain) => !known.some((name) => covers(name, domain)))
    .map(
      (domain) =>
        `listener ${listener} has no certificate for ${domain}, only for ${[...new Set(known)].join(", ")}: clients refuse https://${domain}. Name a certificate that has the domain as well, or none: then ACM issues one`,
    );
}

/** A wildcard stands for one label: `*.example.com` is for `talk.example.com`, and not for `a.talk.example.com`. */
const covers = (name: string, domain: string): boolean =>
  name === domain ||
  (name.startsWith("*.") &&
    !domain.startsWith("*.") &&
    name.slice(2) === domain.slice(domain.indexOf(".") + 1));
