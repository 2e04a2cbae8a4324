import type { ServiceConnectConfiguration, ServiceConnectService, TaskDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { ServiceError } from "../../../core/service-error.js";
import { checkPassedRoles } from "../../iam/passed-roles.js";
import { namespaceByName, servicesIn } from "../../service-discovery/lookups.js";
import type { Namespace } from "../../service-discovery/state.js";
import { invalidParameter } from "../service-errors.js";
import type { ConnectEndpoint } from "../state.js";
import { aliasesIn } from "./connect-names.js";

const NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
const DNS_NAME = /^[a-z0-9_.][a-z0-9_.-]{0,126}$/;
const AUTHORITY = /^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/.+$/;

/** The endpoint that a configuration describes, before Cloud Map has a service for it. */
type DescribedEndpoint = Omit<ConnectEndpoint, "serviceId">;

export interface CheckedConnect {
  readonly namespace: Namespace;
  readonly endpoints: readonly DescribedEndpoint[];
}

/**
 * Checks a Service Connect configuration as CreateService and UpdateService do; `undefined` if it is off.
 * Source: ECS API reference, ServiceConnectConfiguration; ECS Developer Guide, "Service Connect".
 *
 * @param serviceArn - the service that has, or gets, the names
 */
export function checkConnect(
  account: Account,
  serviceArn: string,
  configuration: ServiceConnectConfiguration | undefined,
  definition: TaskDefinition,
): CheckedConnect | undefined {
  if (configuration === undefined) return undefined;
  if (configuration.enabled === undefined)
    throw invalidParameter("ServiceConnectConfiguration enabled can not be blank.");
  if (!configuration.enabled) return undefined;
  const { services = [] } = configuration;
  const namespace = findNamespace(account, configuration.namespace);
  const { networkMode = "bridge" } = definition;
  if (networkMode !== "awsvpc" && networkMode !== "bridge")
    throw invalidParameter(
      `Service Connect does not support the network mode '${networkMode}' of the task definition.`,
    );
  const endpoints = services.map((service) => readEndpoint(service, namespace, definition));
  for (const endpoint of endpoints) refuseTaken(account, serviceArn, namespace, endpoint);
  for (const { tls } of services) checkTls(account, tls);
  return { namespace, endpoints };
}

function findNamespace(account: Account, nameOrArn: string | undefined): Namespace {
  if (nameOrArn === undefined || nameOrArn === "")
    throw invalidParameter(
      "Service Connect namespace can not be blank: the cluster has no default namespace.",
    );
  const found = nameOrArn.startsWith("arn:")
    ? [...account.serviceDiscovery.namespaces.values()].find(
        ({ arn, isPending }) => arn === nameOrArn && !isPending,
      )
    : namespaceByName(account, nameOrArn);
  if (found === undefined)
    throw new ServiceError("NamespaceNotFoundException", "The specified namespace wasn't found.");
  return found;
}

function readEndpoint(
  service: ServiceConnectService,
  namespace: Namespace,
  { containerDefinitions = [] }: TaskDefinition,
): DescribedEndpoint {
  const { portName, clientAliases = [], timeout } = service;
  const mapped = containerDefinitions.flatMap(({ name = "", portMappings = [] }) =>
    portMappings.filter(({ name: own }) => own === portName).map((port) => ({ container: name, port })),
  )[0];
  if (portName === undefined || mapped?.port.containerPort === undefined)
    throw invalidParameter(
      `portName(s) [${portName ?? ""}] does not refer to any named PortMapping in the task definition.`,
    );
  const discoveryName = service.discoveryName ?? portName;
  if (!NAME.test(discoveryName))
    throw invalidParameter(`The discoveryName '${discoveryName}' of Service Connect is not valid.`);
  if (clientAliases.length > 1)
    throw invalidParameter("A Service Connect service can have at most 1 client alias.");
  const [alias] = clientAliases;
  if (alias?.port === undefined || alias.port < 1 || alias.port > 65_535)
    throw invalidParameter("A Service Connect service needs a client alias with a port from 1 to 65535.");
  const dnsName = alias.dnsName ?? `${discoveryName}.${namespace.name}`;
  if (!DNS_NAME.test(dnsName))
    throw invalidParameter(`The dnsName '${dnsName}' of the client alias is not valid.`);
  const appProtocol = mapped.port.appProtocol ?? "tcp";
  if (timeout?.perRequestTimeoutSeconds !== undefined && appProtocol === "tcp")
    throw invalidParameter("perRequestTimeoutSeconds is not supported if the appProtocol is TCP.");
  return {
    discoveryName,
    containerName: mapped.container,
    containerPort: service.ingressPortOverride ?? mapped.port.containerPort,
    appProtocol,
    // The default of HTTP, HTTP/2 and gRPC.
    requestTimeout: timeout?.perRequestTimeoutSeconds ?? (appProtocol === "tcp" ? 0 : 15),
    alias: { dnsName, port: alias.port },
  };
}

/** Names and aliases are unique in a namespace: a second ECS service does not get them. */
function refuseTaken(
  account: Account,
  serviceArn: string,
  namespace: Namespace,
  { discoveryName, alias }: DescribedEndpoint,
): void {
  const named = servicesIn(account, namespace.id).find(({ name }) => name === discoveryName);
  // Terraform, CloudFormation and Copilot meet these words (aws/copilot-cli#4313).
  if (named !== undefined && (named.ecsService !== serviceArn || named.isReleased === true))
    throw invalidParameter(`SC service is already used by ${namespace.arn}`);
  const taken = aliasesIn(account, namespace.id).find(
    (each) => each.dnsName === alias.dnsName && each.port === alias.port && each.serviceArn !== serviceArn,
  );
  if (taken !== undefined)
    throw invalidParameter(
      `The client alias ${alias.dnsName}:${alias.port} is already used in ${namespace.arn}`,
    );
}

function checkTls(account: Account, tls: ServiceConnectService["tls"]): void {
  if (tls === undefined) return;
  const authority = tls.issuerCertificateAuthority?.awsPcaAuthorityArn;
  if (authority === undefined || !AUTHORITY.test(authority))
    throw invalidParameter("Service Connect TLS needs the ARN of an AWS Private CA certificate authority.");
  if (tls.roleArn === undefined)
    throw invalidParameter("Service Connect TLS needs the roleArn of an infrastructure role.");
  checkPassedRoles(account, [tls.roleArn]);
}
