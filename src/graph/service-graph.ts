import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { KeepOld } from "../bluegreen/keep-old.js";
import { created, ready, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { ImageState } from "../image/built-image.js";
import type { TaskImages } from "./task-images-graph.js";
import type { LoadBalancerState } from "../load-balancer/load-balancer.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import type { TargetGroupState } from "../load-balancer/target-group.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import { serviceKind } from "../service/ecs-service.js";
import { serviceInput } from "../service/service-input.js";
import type { ServiceState } from "../service/service-state.js";
import type { TaskDefinitionState } from "../service/task-definition/task-definition.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteSpec } from "../spec/route.js";
import { addBeforeRelease } from "./before-release-graph.js";
import type { DiscoveryServiceState } from "../discovery/discovery-service.js";
import type { NamespaceState } from "../discovery/namespace.js";
import type { ClusterRefs } from "./cluster-graph.js";
import type { ConnectRefs } from "./connect-graph.js";
import { addBalancerRole } from "./infrastructure-role-graph.js";
import { addRules } from "./listener-rules-graph.js";
import type { Balancer } from "./balancer.js";
import { addServiceScaling, type ScalingVariant } from "./scaling-graph.js";
import { addNetworkRoute, type NetworkRouteRefs } from "./network-route-graph.js";
import { addTargetGroup } from "./target-group-graph.js";
import { addTask } from "./task-resources.js";
import { assertSameVpc, balancersBehind, vpcsOf } from "./same-vpc.js";
import { assertTaskEgress } from "./task-egress.js";
import { networkRoutesOf } from "../spec/load-balancers-of.js";

interface RouteRefs {
  readonly targetGroup: Ref<TargetGroupState>;
  readonly rules: readonly Ref<ListenerRuleState>[];
}

/** The nodes whose states the results of a run report. */
export interface DeploymentRefs {
  readonly service: Ref<ServiceState>;
  readonly taskDefinition: Ref<TaskDefinitionState>;
  readonly loadBalancer: Ref<LoadBalancerState> | undefined;
  /** `undefined` if the chain's reference is used as it is. */
  readonly image: Ref<ImageState> | undefined;
  readonly targetGroup: Ref<TargetGroupState> | undefined;
  readonly rules: readonly Ref<ListenerRuleState>[];
  /** The target groups and rules of the routes to other containers and ports. */
  readonly further: readonly RouteRefs[];
  /** The listeners and the target groups of Network Load Balancers, in the order of the routes. */
  readonly network: readonly NetworkRouteRefs[];
  /** Only with Service Connect. */
  readonly namespace: Ref<NamespaceState> | undefined;
  /** The listener of the URL, if the chain does not describe the listeners. */
  readonly address: Balancer["address"];
}

/** The target groups of a route that several services share. */
interface RouteVariant {
  /** The names of the other target groups of the rule. */
  readonly standby?: readonly string[];
  /** The name of the target group to which a new rule forwards. @defaultValue the service's own */
  readonly serving?: string | undefined;
  /** True if a new rule forwards to the live main target group, because the live service does not have the route. */
  readonly servedByMain?: boolean;
}

/** Overrides for one variant when several services share a listener rule. */
export interface ServiceVariant extends RouteVariant {
  /** Of the further routes, in their order. */
  readonly further?: readonly RouteVariant[] | undefined;
  /** Set if AWS is to stop the old color after a while. */
  readonly keepOld?: KeepOld | undefined;
  /** Additional tags of the ECS service. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The number of tasks with which it starts, before its scaling takes over. */
  readonly count?: InitialCount | undefined;
  readonly scaling?: ScalingVariant;
}

interface InitialCount {
  readonly tasks: number;
  readonly rule: "exactly" | "at-least";
}

export interface ServiceInputs {
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly connect: ConnectRefs | undefined;
  /** The Cloud Map service with which its tasks are registered. */
  readonly registry: Ref<DiscoveryServiceState> | undefined;
  readonly balancer: Balancer | undefined;
  /** The load balancers of the further routes, in their order. */
  readonly furtherBalancers: readonly (Balancer | undefined)[];
  /** Those of the routes of Network Load Balancers, in their order. */
  readonly networkBalancers: readonly (Balancer | undefined)[];
  readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
  readonly images: TaskImages;
  readonly purpose: GraphPurpose;
  readonly variant: ServiceVariant;
}

/** Adds the service and what belongs to it alone: logs, roles, task definition, target group and rules. */
export async function addService(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
  inputs: ServiceInputs,
): Promise<DeploymentRefs> {
  const owner = ownerOf.deployment(spec.name);
  const { network, cluster, connect, balancer, taskSecurityGroup, images, purpose } = inputs;

  const { taskDefinition, infrastructureRole } = await addTask(graph, spec, owner, context, {
    exec: spec.service.exec,
    images,
    purpose,
  });
  const target = balancer && addRoute(graph, spec, balancer, network, inputs.variant);
  const further = (spec.furtherRoutes ?? []).flatMap((route, index) => {
    const behind = inputs.furtherBalancers[index];
    return behind === undefined
      ? []
      : [addRoute(graph, spec, behind, network, inputs.variant.further?.[index] ?? {}, route)];
  });
  const balancerRole = await addBalancerRole(graph, spec, owner, context);
  const networkRoutes = networkRoutesOf(spec).flatMap((route, index) => {
    const behind = inputs.networkBalancers[index];
    return behind === undefined ? [] : [addNetworkRoute(graph, spec, route, behind, network)];
  });
  const beforeRelease = addBeforeRelease(graph, spec, taskDefinition, context, {
    ...inputs,
    infrastructureRole,
  });
  // A destroy finds what was deployed, wherever that is.
  const behind =
    purpose === "deploy"
      ? balancersBehind(spec, [
          ...(spec.route ? [balancer] : []),
          ...inputs.furtherBalancers,
          ...inputs.networkBalancers,
        ])
      : [];
  const service = graph.add({
    kind: serviceKind,
    name: spec.service.name,
    scope: spec.cluster.name,
    owner,
    needs: {
      taskDefinition: created(taskDefinition),
      beforeRelease: created(beforeRelease),
      cluster: created(cluster.cluster),
      network: created(network),
      balancerVpcs: vpcsOf(behind),
      instances: cluster.instances,
      capacityProvider: ready(cluster.capacityProvider),
      taskSecurityGroup: created(taskSecurityGroup),
      infrastructureRole: created(infrastructureRole),
      balancerRole: created(balancerRole),
      namespace: created(connect?.namespace),
      registry: created(inputs.registry),
      connectGroup: created(connect?.securityGroup),
      connectRole: created(connect?.role),
      targetGroup: created(target?.targetGroup),
      furtherGroups: further.map((each) => created(each.targetGroup)),
      furtherRules: further.flatMap((each) => each.rules.map((rule) => created(rule))),
      rules: target?.rules.map((rule) => created(rule)),
      networkGroups: networkRoutes.map((each) => created(each.targetGroup)),
      alternateGroups: networkRoutes.flatMap((each) => created(each.alternate) ?? []),
      networkListeners: networkRoutes.map((each) => created(each.listener)),
    },
    desired: (known) => {
      assertSameVpc(graph, spec, network, behind, known);
      assertTaskEgress(spec, known.network, context);
      const input = serviceInput(spec, {
        taskDefinition: known.taskDefinition.arn,
        cluster: spec.cluster.name,
        capacityProvider: known.capacityProvider?.capacityProvider,
        targetGroupArn: known.targetGroup?.arn,
        furtherTargetGroups: known.furtherGroups.map(({ arn }) => arn),
        networkTargetGroups: known.networkGroups.map(({ arn }) => arn),
        alternateTargetGroups: known.alternateGroups.map(({ arn }) => arn),
        networkListeners: known.networkListeners.map(({ arn }) => arn),
        balancerRole: known.balancerRole?.arn,
        network: known.taskSecurityGroup && {
          subnetIds: known.network.subnetIds,
          isPublic: known.network.isPublic,
          securityGroupIds: [
            known.taskSecurityGroup.groupId,
            ...(known.connectGroup === undefined ? [] : [known.connectGroup.groupId]),
          ],
        },
        infrastructureRole: known.infrastructureRole?.arn,
        namespaceArn: known.namespace?.arn,
        registryArn: known.registry?.arn,
        connectRole: known.connectRole?.arn,
        region: context.region,
      });
      const { count, tags } = inputs.variant;
      return {
        ...input,
        ...(count && { desiredCount: count.tasks, countIsMeant: count.rule }),
        tags: { ...input.tags, ...tags },
      };
    },
  });
  graph.goal(service);
  const traffic = balancer &&
    target && { loadBalancer: balancer.loadBalancer, targetGroup: target.targetGroup };
  addServiceScaling(graph, spec, service, traffic, context, inputs.variant.scaling);
  if (balancer !== undefined) graph.goal(balancer.loadBalancer);
  for (const { loadBalancer } of networkRoutes) graph.goal(loadBalancer);
  return {
    service,
    taskDefinition,
    loadBalancer: balancer?.loadBalancer ?? networkRoutes[0]?.loadBalancer,
    image: images.get(spec.container.name),
    targetGroup: target?.targetGroup,
    rules: target?.rules ?? [],
    further,
    network: networkRoutes,
    address: balancer?.address,
    namespace: connect?.namespace,
  };
}

/** Adds the target groups, and the rules that forward each listener's requests to them. */
function addRoute(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  balancer: Balancer,
  network: Ref<NetworkState>,
  { standby, serving, servedByMain = false }: RouteVariant,
  route: RouteSpec = spec.route!,
) {
  const targetGroup = addTargetGroup(graph, spec, route.targetGroup, balancer, network, route);
  const others = (standby ?? []).map((name) => addTargetGroup(graph, spec, name, balancer, network, route));
  const servingIndex = [route.targetGroup, ...(standby ?? [])].indexOf(serving ?? "");
  const rules = addRules(
    graph,
    spec,
    balancer.listeners,
    {
      groups: [targetGroup, ...others],
      serving: Math.max(0, servingIndex),
      hasStandby: standby !== undefined,
      servedByMain,
    },
    route,
  );
  return { targetGroup, rules };
}
