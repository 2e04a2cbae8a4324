import type * as Ecs from "@aws-sdk/client-ecs";
import type { Operation } from "../operation.js";

export interface EcsApi {
  createCluster: Operation<Ecs.CreateClusterCommandInput, Ecs.CreateClusterCommandOutput>;
  describeClusters: Operation<Ecs.DescribeClustersCommandInput, Ecs.DescribeClustersCommandOutput>;
  listClusters: Operation<Ecs.ListClustersCommandInput, Ecs.ListClustersCommandOutput>;
  putClusterCapacityProviders: Operation<
    Ecs.PutClusterCapacityProvidersCommandInput,
    Ecs.PutClusterCapacityProvidersCommandOutput
  >;
  updateCluster: Operation<Ecs.UpdateClusterCommandInput, Ecs.UpdateClusterCommandOutput>;
  updateClusterSettings: Operation<
    Ecs.UpdateClusterSettingsCommandInput,
    Ecs.UpdateClusterSettingsCommandOutput
  >;
  deleteCluster: Operation<Ecs.DeleteClusterCommandInput, Ecs.DeleteClusterCommandOutput>;
  createCapacityProvider: Operation<
    Ecs.CreateCapacityProviderCommandInput,
    Ecs.CreateCapacityProviderCommandOutput
  >;
  describeCapacityProviders: Operation<
    Ecs.DescribeCapacityProvidersCommandInput,
    Ecs.DescribeCapacityProvidersCommandOutput
  >;
  updateCapacityProvider: Operation<
    Ecs.UpdateCapacityProviderCommandInput,
    Ecs.UpdateCapacityProviderCommandOutput
  >;
  deleteCapacityProvider: Operation<
    Ecs.DeleteCapacityProviderCommandInput,
    Ecs.DeleteCapacityProviderCommandOutput
  >;
  registerContainerInstance: Operation<
    Ecs.RegisterContainerInstanceCommandInput,
    Ecs.RegisterContainerInstanceCommandOutput
  >;
  listContainerInstances: Operation<
    Ecs.ListContainerInstancesCommandInput,
    Ecs.ListContainerInstancesCommandOutput
  >;
  describeContainerInstances: Operation<
    Ecs.DescribeContainerInstancesCommandInput,
    Ecs.DescribeContainerInstancesCommandOutput
  >;
  deregisterContainerInstance: Operation<
    Ecs.DeregisterContainerInstanceCommandInput,
    Ecs.DeregisterContainerInstanceCommandOutput
  >;
  registerTaskDefinition: Operation<
    Ecs.RegisterTaskDefinitionCommandInput,
    Ecs.RegisterTaskDefinitionCommandOutput
  >;
  describeTaskDefinition: Operation<
    Ecs.DescribeTaskDefinitionCommandInput,
    Ecs.DescribeTaskDefinitionCommandOutput
  >;
  listTaskDefinitions: Operation<Ecs.ListTaskDefinitionsCommandInput, Ecs.ListTaskDefinitionsCommandOutput>;
  deregisterTaskDefinition: Operation<
    Ecs.DeregisterTaskDefinitionCommandInput,
    Ecs.DeregisterTaskDefinitionCommandOutput
  >;
  deleteTaskDefinitions: Operation<
    Ecs.DeleteTaskDefinitionsCommandInput,
    Ecs.DeleteTaskDefinitionsCommandOutput
  >;
  createService: Operation<Ecs.CreateServiceCommandInput, Ecs.CreateServiceCommandOutput>;
  describeServices: Operation<Ecs.DescribeServicesCommandInput, Ecs.DescribeServicesCommandOutput>;
  listServicesByNamespace: Operation<
    Ecs.ListServicesByNamespaceCommandInput,
    Ecs.ListServicesByNamespaceCommandOutput
  >;
  listServices: Operation<Ecs.ListServicesCommandInput, Ecs.ListServicesCommandOutput>;
  updateService: Operation<Ecs.UpdateServiceCommandInput, Ecs.UpdateServiceCommandOutput>;
  deleteService: Operation<Ecs.DeleteServiceCommandInput, Ecs.DeleteServiceCommandOutput>;
  listServiceDeployments: Operation<
    Ecs.ListServiceDeploymentsCommandInput,
    Ecs.ListServiceDeploymentsCommandOutput
  >;
  describeServiceDeployments: Operation<
    Ecs.DescribeServiceDeploymentsCommandInput,
    Ecs.DescribeServiceDeploymentsCommandOutput
  >;
  stopServiceDeployment: Operation<
    Ecs.StopServiceDeploymentCommandInput,
    Ecs.StopServiceDeploymentCommandOutput
  >;
  describeServiceRevisions: Operation<
    Ecs.DescribeServiceRevisionsCommandInput,
    Ecs.DescribeServiceRevisionsCommandOutput
  >;
  runTask: Operation<Ecs.RunTaskCommandInput, Ecs.RunTaskCommandOutput>;
  executeCommand: Operation<Ecs.ExecuteCommandCommandInput, Ecs.ExecuteCommandCommandOutput>;
  listTasks: Operation<Ecs.ListTasksCommandInput, Ecs.ListTasksCommandOutput>;
  describeTasks: Operation<Ecs.DescribeTasksCommandInput, Ecs.DescribeTasksCommandOutput>;
  stopTask: Operation<Ecs.StopTaskCommandInput, Ecs.StopTaskCommandOutput>;
  tagResource: Operation<Ecs.TagResourceCommandInput, Ecs.TagResourceCommandOutput>;
  untagResource: Operation<Ecs.UntagResourceCommandInput, Ecs.UntagResourceCommandOutput>;
}
