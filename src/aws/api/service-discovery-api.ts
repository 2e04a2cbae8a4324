import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { Operation } from "../operation.js";

/** AWS Cloud Map. */
export interface ServiceDiscoveryApi {
  createHttpNamespace: Operation<
    ServiceDiscovery.CreateHttpNamespaceCommandInput,
    ServiceDiscovery.CreateHttpNamespaceCommandOutput
  >;
  createPrivateDnsNamespace: Operation<
    ServiceDiscovery.CreatePrivateDnsNamespaceCommandInput,
    ServiceDiscovery.CreatePrivateDnsNamespaceCommandOutput
  >;
  createService: Operation<
    ServiceDiscovery.CreateServiceCommandInput,
    ServiceDiscovery.CreateServiceCommandOutput
  >;
  deleteService: Operation<
    ServiceDiscovery.DeleteServiceCommandInput,
    ServiceDiscovery.DeleteServiceCommandOutput
  >;
  deregisterInstance: Operation<
    ServiceDiscovery.DeregisterInstanceCommandInput,
    ServiceDiscovery.DeregisterInstanceCommandOutput
  >;
  getService: Operation<ServiceDiscovery.GetServiceCommandInput, ServiceDiscovery.GetServiceCommandOutput>;
  listInstances: Operation<
    ServiceDiscovery.ListInstancesCommandInput,
    ServiceDiscovery.ListInstancesCommandOutput
  >;
  updateService: Operation<
    ServiceDiscovery.UpdateServiceCommandInput,
    ServiceDiscovery.UpdateServiceCommandOutput
  >;
  deleteNamespace: Operation<
    ServiceDiscovery.DeleteNamespaceCommandInput,
    ServiceDiscovery.DeleteNamespaceCommandOutput
  >;
  getOperation: Operation<
    ServiceDiscovery.GetOperationCommandInput,
    ServiceDiscovery.GetOperationCommandOutput
  >;
  listNamespaces: Operation<
    ServiceDiscovery.ListNamespacesCommandInput,
    ServiceDiscovery.ListNamespacesCommandOutput
  >;
  listServices: Operation<
    ServiceDiscovery.ListServicesCommandInput,
    ServiceDiscovery.ListServicesCommandOutput
  >;
  listTagsForResource: Operation<
    ServiceDiscovery.ListTagsForResourceCommandInput,
    ServiceDiscovery.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<ServiceDiscovery.TagResourceCommandInput, ServiceDiscovery.TagResourceCommandOutput>;
}
