import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteTarget } from "../spec/route.js";
import type { ServiceDependencies } from "./service-fields.js";

/** The target groups that ECS registers the tasks with: those of the main route, of further ones, and of Network Load Balancers. */
export const serviceLoadBalancers = (
  { container: { name, port }, furtherRoutes = [], networkRoutes = [] }: DeploymentSpec,
  { targetGroupArn, furtherTargetGroups = [], networkTargetGroups = [] }: ServiceDependencies,
): LoadBalancer[] => [
  ...(targetGroupArn === undefined || port === undefined
    ? []
    : [
        { targetGroupArn, containerName: name, containerPort: port },
        ...furtherRoutes.map((route, index) => registered(route, furtherTargetGroups[index])),
      ]),
  ...networkRoutes.flatMap((route, index) => {
    const arn = networkTargetGroups[index];
    return arn === undefined ? [] : [registered(route, arn)];
  }),
];

const registered = ({ container, port }: RouteTarget, targetGroupArn: string | undefined): LoadBalancer => ({
  targetGroupArn,
  containerName: container,
  containerPort: port,
});
