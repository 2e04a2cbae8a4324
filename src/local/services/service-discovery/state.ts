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
  readonly type: "HTTP";
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
  readonly dnsConfig: CreateServiceCommandInput["DnsConfig"];
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

interface DiscoveryInstance {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NamespaceOperation {
  readonly id: string;
  readonly type: "CREATE_NAMESPACE" | "DELETE_NAMESPACE" | "REGISTER_INSTANCE" | "DEREGISTER_INSTANCE";
  readonly targets: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  updatedAt: Date;
  status: "SUBMITTED" | "PENDING" | "SUCCESS" | "FAIL";
  errorCode?: string;
  errorMessage?: string;
}
