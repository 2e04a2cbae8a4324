import type { CreateServiceCommandInput } from "@aws-sdk/client-servicediscovery";

/** AWS Cloud Map. Keys are IDs. */
export interface ServiceDiscoveryState {
  readonly namespaces: Map<string, Namespace>;
  readonly services: Map<string, DiscoveryService>;
  readonly operations: Map<string, NamespaceOperation>;
}

export const emptyServiceDiscovery = (): ServiceDiscoveryState => ({
  namespaces: new Map(),
  services: new Map(),
  operations: new Map(),
});

export interface Namespace {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: "HTTP" | "DNS_PRIVATE";
  /** The name for DiscoverInstances: with a suffix if another namespace of the account has the name already. */
  readonly httpName: string;
  /** The VPC in which its names resolve; only with DNS names. */
  readonly vpcId?: string | undefined;
  /** The ID of its private hosted zone in Route 53, once that is created. */
  hostedZoneId?: string | undefined;
  readonly description: string | undefined;
  readonly creatorRequestId: string | undefined;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  /** True until the operation that creates it has succeeded: nothing finds it yet. */
  isPending: boolean;
}

export interface DiscoveryService {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespaceId: string;
  readonly description: string | undefined;
  readonly creatorRequestId: string | undefined;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  /** Its TTL can change, and nothing else. */
  dnsConfig: CreateServiceCommandInput["DnsConfig"];
  readonly healthCheckCustomConfig: CreateServiceCommandInput["HealthCheckCustomConfig"];
  /** The ARN of the ECS service that it was created for, with Service Connect. */
  readonly ecsService?: string | undefined;
  /** True once that service no longer has it: it is deleted soon, and nobody gets it until then. */
  isReleased?: boolean;
  /** Keyed by instance ID. */
  readonly instances: Map<string, DiscoveryInstance>;
  /** Increases with every registration and deregistration. */
  revision: number;
}

export interface DiscoveryInstance {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As its custom health check has it. */
  health: "HEALTHY" | "UNHEALTHY";
  /** True once it is being deregistered: it is no longer found, and still counted for a moment. */
  isLeaving: boolean;
}

export interface NamespaceOperation {
  readonly id: string;
  readonly type:
    "CREATE_NAMESPACE" | "DELETE_NAMESPACE" | "UPDATE_SERVICE" | "REGISTER_INSTANCE" | "DEREGISTER_INSTANCE";
  readonly targets: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  updatedAt: Date;
  status: "SUBMITTED" | "PENDING" | "SUCCESS" | "FAIL";
  errorCode?: string;
  errorMessage?: string;
}
