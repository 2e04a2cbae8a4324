import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteTarget } from "../spec/route.js";

/** The ARNs of the target groups of a deployment's routes. */
export interface RouteTargetGroups {
  readonly targetGroupArn?: string | undefined;
  /** The target groups of further routes, in their order. */
  readonly furtherTargetGroups?: readonly string[] | undefined;
  /** Those of Network Load Balancers, in the order of the routes. */
  readonly networkTargetGroups?: readonly string[] | undefined;
  /** The second ones of ECS's blue/green deployments, in the same order. */
  readonly alternateTargetGroups?: readonly string[] | undefined;
  /** The ARNs of the listeners, in the same order. */
  readonly networkListeners?: readonly string[] | undefined;
  /** The ARN of the role with which ECS shifts the traffic of the listeners. */
  readonly balancerRole?: string | undefined;
}

/** The target groups that ECS registers the tasks with: those of the main route, of further ones, and of Network Load Balancers. */
export const serviceLoadBalancers = (
  { container: { name, port }, furtherRoutes = [], networkRoutes = [] }: DeploymentSpec,
  known: RouteTargetGroups,
): LoadBalancer[] => {
  const { targetGroupArn, furtherTargetGroups = [], networkTargetGroups = [] } = known;
  return [
    ...(targetGroupArn === undefined || port === undefined
      ? []
      : [
          { targetGroupArn, containerName: name, containerPort: port },
          ...furtherRoutes.map((route, index) => registered(route, furtherTargetGroups[index])),
        ]),
    ...networkRoutes.flatMap((route, index) => {
      const arn = networkTargetGroups[index];
      return arn === undefined ? [] : [{ ...registered(route, arn), ...shifted(known, index) }];
    }),
  ];
};

/** What ECS needs to shift the traffic of a listener. */
function shifted(
  { alternateTargetGroups = [], networkListeners = [], balancerRole }: RouteTargetGroups,
  index: number,
): Pick<LoadBalancer, "advancedConfiguration"> {
  const alternateTargetGroupArn = alternateTargetGroups[index];
  if (alternateTargetGroupArn === undefined || balancerRole === undefined) return {};
  const productionListenerRule = networkListeners[index];
  return {
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, roleArn: balancerRole },
  };
}

const registered = ({ container, port }: RouteTarget, targetGroupArn: string | undefined): LoadBalancer => ({
  targetGroupArn,
  containerName: container,
  containerPort: port,
});
