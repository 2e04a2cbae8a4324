import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { NamespaceState } from "../discovery/namespace.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupRuleKind, securityGroupRuleName } from "../network/security-group-rule.js";
import { securityGroupKind, type SecurityGroupState } from "../network/security-group.js";
import { connectNamesKind } from "../service/connect-names.js";
import type { ServiceState } from "../service/service-state.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { connectRoleName, connectSecurityGroupName } from "../spec/derived-names.js";
import { hasOwnInterface } from "../spec/task/task-options.js";
import type { ClusterRefs } from "./cluster-graph.js";
import { addNamespace, ownerInInstances } from "./namespace-graph.js";
import { addRole } from "./iam-role-graph.js";

/** The nodes of a service's Service Connect namespace that the service needs. */
export interface ConnectRefs {
  readonly namespace: Ref<NamespaceState>;
  /** The group of all tasks of the namespace; only for tasks with network interfaces of their own. */
  readonly securityGroup: Ref<SecurityGroupState> | undefined;
  /** The role with which ECS gets certificates; only if quayside manages it. */
  readonly role: Ref<IamRoleState> | undefined;
}

interface ConnectInputs {
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  /** The namespaces that need DNS names, too. */
  readonly dnsNamespaces: ReadonlySet<string>;
}

const ALL_PORTS = [1, 65_535] as const;

/**
 * Adds the namespace of a service, which its members share like a cluster, and what lets their tasks reach each other:
 * a security group of their network interfaces, and on instances rules between it and the instances' group.
 */
export async function addConnect(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
  { network, cluster, dnsNamespaces }: ConnectInputs,
): Promise<ConnectRefs | undefined> {
  const { connect } = spec;
  if (connect === undefined) return undefined;
  const owner = ownerOf.namespace(connect.namespace);
  const namespace = addNamespace(graph, connect.namespace, network, dnsNamespaces);
  const groupName = connectSecurityGroupName(connect.namespace, spec.cluster.network?.vpc);
  const group = graph.add({
    kind: securityGroupKind,
    name: groupName,
    owner,
    needs: { network: created(network), namespace: created(namespace) },
    desired: ({ network: { vpcId } }) => ({
      groupName,
      description: `Service Connect in ${connect.namespace}`,
      vpcId,
      tags: {},
    }),
  });
  const open = (
    to: Ref<{ readonly groupId: string }>,
    from: Ref<{ readonly groupId: string }>,
    ruleOwner = owner,
  ): void => {
    graph.goal(
      graph.add({
        kind: securityGroupRuleKind,
        name: securityGroupRuleName(nameOf(to), ...ALL_PORTS, nameOf(from)),
        owner: ruleOwner,
        claim: "share",
        severalOwners: true,
        needs: { group: created(to), source: created(from) },
        desired: ({ group: { groupId }, source }) => ({
          groupId,
          protocol: "tcp" as const,
          fromPort: ALL_PORTS[0],
          toPort: ALL_PORTS[1],
          source: { sourceGroupId: source.groupId },
          description: ruleOwner === owner ? `Service Connect in ${connect.namespace}` : "Service Connect",
          tags: {},
        }),
      }),
    );
  };
  open(group, group);
  const instances = hasOwnInterface(spec) ? undefined : cluster.instanceSecurityGroup;
  if (instances !== undefined) {
    // Several namespaces may need it.
    open(instances, instances, ownerInInstances(spec.cluster, connect.namespace));
    open(instances, group);
    open(group, instances);
  }
  return {
    namespace,
    securityGroup: hasOwnInterface(spec) ? group : undefined,
    role: await addConnectRole(graph, spec, context),
  };
}

const nameOf = ({ id }: Ref<unknown>): string => id.slice(id.indexOf("/") + 1);

/** Source: ECS Developer Guide, "Amazon ECS infrastructure IAM role": Service Connect TLS. */
async function addConnectRole(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
): Promise<Ref<IamRoleState> | undefined> {
  const encrypted = (spec.connect?.endpoints ?? []).flatMap(({ tls }) => tls ?? []);
  if (!encrypted.some(({ role }) => role === undefined)) return undefined;
  const keys = [...new Set(encrypted.flatMap(({ kmsKey }) => kmsKey ?? []))];
  return addRole(graph, spec, ownerOf.deployment(spec.name), context, {
    roleName: (region) => connectRoleName(spec.name, region),
    service: "ecs.amazonaws.com",
    description: `Service Connect role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed: [
        `arn:${context.partition}:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity`,
      ],
      inline: keys.length === 0 ? {} : { key: keyPolicy(keys) },
    }),
  });
}

/** To encrypt private keys with a key of the user's. Source: ECS Developer Guide, "Encrypt Amazon ECS Service Connect traffic". */
const keyPolicy = (keys: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["kms:GenerateDataKey*", "kms:Decrypt", "kms:Encrypt"], Resource: keys },
  ],
});

/** A service of a graph, and its namespace. */
export interface ConnectedService {
  readonly spec: DeploymentSpec;
  readonly service: Ref<ServiceState>;
  readonly namespace: Ref<NamespaceState> | undefined;
}

/**
 * Adds what each service knows of the names of its namespace. All services of the graph have got theirs before, in
 * whatever order; those whose deployment began earlier start another one.
 */
export function addConnectNames(
  graph: Graph<AwsContext>,
  all: readonly ConnectedService[],
  purpose: GraphPurpose,
): void {
  if (purpose !== "deploy") return;
  for (const { spec, service, namespace } of all) {
    if (namespace === undefined) continue;
    const others = all.filter((each) => each.namespace?.id === namespace.id);
    const own = spec.connect!.endpoints.map(({ as }) => as);
    const expected = others
      .flatMap((each) => each.spec.connect!.endpoints.map(({ as }) => as))
      .filter((name) => !own.includes(name));
    graph.goal(
      graph.add({
        kind: connectNamesKind,
        name: spec.service.name,
        scope: spec.cluster.name,
        owner: ownerOf.deployment(spec.name),
        needs: {
          namespace: created(namespace),
          service: created(service),
          others: others.map((each) => created(each.service)),
        },
        desired: ({ namespace: { id }, service: { deploymentId } }) => ({
          cluster: spec.cluster.name,
          serviceName: spec.service.name,
          namespaceId: id,
          namespaceName: spec.connect!.namespace,
          own,
          expected: [...new Set(expected)].sort(),
          knows: "all names" as const,
          deployment: deploymentId,
          tags: {},
        }),
      }),
    );
  }
}
