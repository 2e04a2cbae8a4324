import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import {
  discoveryServiceKind,
  discoveryServiceName,
  type DiscoveryServiceState,
} from "../discovery/discovery-service.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import {
  securityGroupRuleKind,
  securityGroupRuleName,
  type RuleSource,
} from "../network/security-group-rule.js";
import type { SecurityGroupState } from "../network/security-group.js";
import { vpcAddressesKind } from "../network/vpc-addresses.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { DiscoveryClient, ServiceDiscoverySpec } from "../spec/service-discovery.js";
import type { ClusterRefs } from "./cluster-graph.js";
import { addNamespace, ownerInInstances } from "./namespace-graph.js";

interface Inputs {
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
  readonly dnsNamespaces: ReadonlySet<string>;
}

/** Adds the Cloud Map service with which ECS registers the tasks, its namespace, and what lets clients reach them. */
export function addServiceDiscovery(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  inputs: Inputs,
): Ref<DiscoveryServiceState> | undefined {
  const { serviceDiscovery } = spec;
  if (serviceDiscovery === undefined) return undefined;
  const { namespace: namespaceName, as: serviceName, records, ttl } = serviceDiscovery;
  const namespace = addNamespace(graph, namespaceName, inputs.network, inputs.dnsNamespaces);
  const service = graph.add({
    kind: discoveryServiceKind,
    name: discoveryServiceName({ serviceName, namespaceName }),
    owner: ownerOf.deployment(spec.name),
    needs: { namespace: created(namespace) },
    desired: ({ namespace: { id } }) => ({
      serviceName,
      namespaceName,
      namespaceId: id,
      records,
      ttl,
      tags: spec.tags,
    }),
  });
  admitClients(graph, spec, serviceDiscovery, inputs);
  return service;
}

/** Ports of instances that the kernel, or ECS, chooses for containers. Source: ECS API reference, PortMapping. */
const DYNAMIC_PORTS = [32_768, 65_535] as const;

/**
 * Admits the clients to the tasks: with network interfaces of their own at the container's port, on instances at the port
 * of the instance.
 */
function admitClients(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  discovery: ServiceDiscoverySpec,
  { network, cluster, taskSecurityGroup }: Inputs,
): void {
  const group = taskSecurityGroup ?? cluster.instanceSecurityGroup;
  if (group === undefined) return;
  const [fromPort, toPort] = portsOf(spec, discovery);
  const hasInterface = taskSecurityGroup !== undefined;
  const owner = hasInterface
    ? ownerOf.deployment(spec.name)
    : ownerInInstances(spec.cluster, discovery.namespace);
  const description = `To ${discovery.as}.${discovery.namespace}`;
  const groupName = group.id.slice(group.id.indexOf("/") + 1);
  const open = (text: string, sourceOf: (cidr: string | undefined) => RuleSource, addresses?: Addresses) =>
    graph.goal(
      graph.add({
        kind: securityGroupRuleKind,
        name: securityGroupRuleName(groupName, fromPort, toPort, text),
        owner,
        // Others may open the same ports to the same clients.
        claim: "share",
        severalOwners: true,
        needs: { group: created(group), addresses: addresses && created(addresses) },
        desired: ({ group: { groupId }, addresses: known }) => ({
          groupId,
          protocol: "tcp" as const,
          fromPort,
          toPort,
          source: sourceOf(known?.cidr),
          description: hasInterface ? description : `To private DNS names of tasks`,
          tags: hasInterface ? spec.tags : {},
        }),
      }),
    );
  if (discovery.allow !== undefined)
    return discovery.allow.forEach((client) => open(textOf(client), () => client));
  const own = spec.cluster.network?.own;
  if (own !== undefined) return open(own.cidr, () => ({ cidrIpv4: own.cidr }));
  const addresses = graph.add({
    kind: vpcAddressesKind,
    name: network.id.slice(network.id.indexOf("/") + 1),
    owner: undefined,
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({ vpcId, tags: {} }),
  });
  return open("the VPC", (cidr) => ({ cidrIpv4: cidr ?? "" }), addresses);
}

type Addresses = Ref<{ readonly cidr: string }>;

function portsOf(spec: DeploymentSpec, { container, port }: ServiceDiscoverySpec): readonly [number, number] {
  if (spec.task.networkMode === "awsvpc" || spec.task.networkMode === "host") return [port, port];
  const mapped = [spec.container, ...spec.sidecars]
    .find(({ name }) => name === container)
    ?.ports.find((each) => each.port === port)?.hostPort;
  return mapped === undefined || mapped === 0 ? DYNAMIC_PORTS : [mapped, mapped];
}

const textOf = (client: DiscoveryClient): string => Object.values(client)[0] as string;
