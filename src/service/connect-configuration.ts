import type { Service, ServiceConnectConfiguration, ServiceConnectService } from "@aws-sdk/client-ecs";
import type { ConnectEndpointSpec } from "../spec/connect.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { isLikeDeep } from "./is-like-deep.js";
import type { ServiceDesired } from "./service-desired.js";

interface Known {
  readonly namespaceArn?: string | undefined;
  readonly connectRole?: string | undefined;
  readonly region?: string | undefined;
}

/** How the service is in its Service Connect namespace; `undefined` if it is in none. */
export function connectConfiguration(
  { connect, logs }: Pick<DeploymentSpec, "connect" | "logs">,
  known: Known,
): ServiceConnectConfiguration | undefined {
  if (connect === undefined) return undefined;
  return {
    enabled: true,
    namespace: known.namespaceArn,
    ...(connect.endpoints.length > 0 && {
      services: connect.endpoints.map((endpoint) => endpointOf(endpoint, known)),
    }),
    ...(connect.logs && {
      logConfiguration: {
        logDriver: "awslogs" as const,
        options: {
          "awslogs-group": logs.group,
          "awslogs-region": known.region ?? "",
          "awslogs-stream-prefix": logs.streamPrefix,
        },
      },
    }),
    ...(connect.accessLogs !== undefined && {
      accessLogConfiguration: { format: connect.accessLogs === "json" ? "JSON" : "TEXT" },
    }),
  };
}

const endpointOf = (endpoint: ConnectEndpointSpec, { connectRole }: Known): ServiceConnectService => ({
  portName: endpoint.portName,
  discoveryName: endpoint.as,
  clientAliases: [{ port: endpoint.port, dnsName: endpoint.as }],
  ...(endpoint.ingressPort !== undefined && { ingressPortOverride: endpoint.ingressPort }),
  ...((endpoint.requestTimeout !== undefined || endpoint.idleTimeout !== undefined) && {
    timeout: {
      ...(endpoint.idleTimeout !== undefined && { idleTimeoutSeconds: endpoint.idleTimeout }),
      ...(endpoint.requestTimeout !== undefined && { perRequestTimeoutSeconds: endpoint.requestTimeout }),
    },
  }),
  ...(endpoint.tls !== undefined && {
    tls: {
      issuerCertificateAuthority: { awsPcaAuthorityArn: endpoint.tls.certificateAuthority },
      ...(endpoint.tls.kmsKey !== undefined && { kmsKey: endpoint.tls.kmsKey }),
      roleArn: endpoint.tls.role ?? connectRole,
    },
  }),
});

/**
 * The configuration of the newest deployment, as described where it has what was sent: ECS may add members. Left out if
 * the endpoint knows none, or if it is off and not described.
 */
export function reportedConnect(
  { deployments = [] }: Service,
  { serviceConnectConfiguration: described }: ServiceDesired,
): unknown {
  const reported = deployments.find(({ status }) => status === "PRIMARY")?.serviceConnectConfiguration;
  if (reported === undefined) return undefined;
  if (reported.enabled !== true && described === undefined) return undefined;
  return described !== undefined && isLikeDeep(described, reported) && sameNames(described, reported)
    ? described
    : reported;
}

/** True if ECS has no name that is not described. */
const sameNames = (
  { services: described = [] }: ServiceConnectConfiguration,
  { services: reported = [] }: ServiceConnectConfiguration,
): boolean => described.length === reported.length;
