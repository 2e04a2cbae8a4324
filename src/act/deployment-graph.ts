import type { AwsContext } from "../aws/context.js";
import { addCluster } from "../cluster/add-cluster.js";
import { networkKind } from "../cluster/network.js";
import { Graph } from "../engine/graph.js";
import type { BuildContext } from "../docker/build-context.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { addImage } from "../image/add-image.js";
import { addBalancer, addTaskSecurityGroup, openTasksTo } from "./balancer-nodes.js";
import { deploymentOwner } from "./deployment-owner.js";
import { addService, type DeploymentRefs, type ServiceRole } from "./service-nodes.js";

/** Everything that a deployment describes, and what needs what. */
export async function deploymentGraph(
  spec: DeploymentSpec,
  context: AwsContext,
  purpose: "deploy" | "destroy" = "deploy",
  { sources, role = {} }: { readonly sources?: BuildContext | undefined; readonly role?: ServiceRole } = {},
): Promise<{ graph: Graph<AwsContext>; refs: DeploymentRefs }> {
  const graph = new Graph<AwsContext>();
  const { capacity } = spec.cluster;
  const network = graph.add({
    kind: networkKind,
    name: "default",
    owner: undefined,
    needs: {},
    desired: () => {
      // What is to go needs no room to stand in.
      if (purpose === "destroy") return { zones: 0, tags: {} };
      // A load balancer stands in two zones at least.
      const zones = spec.route === undefined ? 1 : 2;
      return { zones, ...(capacity.type === "ec2" && { instanceType: capacity.instanceType }), tags: {} };
    },
  });
  const cluster = await addCluster(graph, spec.cluster, network, context);
  const balancer = spec.route && addBalancer(graph, spec.route.loadBalancer, network);
  const taskSecurityGroup =
    capacity.type === "fargate"
      ? addTaskSecurityGroup(graph, spec, deploymentOwner(spec), network)
      : undefined;
  if (balancer !== undefined) openTasksTo(graph, spec, balancer.securityGroup, cluster, taskSecurityGroup);
  const image = addImage(graph, spec.image, context, {
    deployment: spec.name,
    owner: deploymentOwner(spec),
    tags: spec.tags,
    architecture: cluster.architecture,
    purpose,
    sources,
  });
  const refs = addService(graph, spec, context, {
    network,
    cluster,
    balancer,
    taskSecurityGroup,
    image,
    role,
  });
  return { graph, refs };
}
