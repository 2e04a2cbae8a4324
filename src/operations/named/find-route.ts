import type { AwsContext } from "../../aws/context.js";
import { loadBalancerName } from "../../aws/arn.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerName } from "../../aws/owner.js";
import { presentRoutes, routesTo } from "../../load-balancer/rules/present-routes.js";
import { groupsOfService } from "../../service/shifted-groups.js";
import type { FoundDeployment } from "./find-services.js";

/** Where the requests to a deployment come from. */
export interface FoundRoute {
  readonly loadBalancer: string;
  readonly path: readonly string[];
  readonly host: readonly string[];
}

/** The load balancer and the rule in front of the deployment's services; `undefined` if there is none. */
export async function findRoute(
  { services, places }: FoundDeployment,
  context: AwsContext,
): Promise<FoundRoute | undefined> {
  const groups = services.flatMap(groupsOfService);
  if (services.length > 0 && groups.length === 0) return undefined;
  const balancer = await balancerBehind(groups, context);
  if (balancer !== undefined) {
    const [route] = routesTo(groups, await presentRoutes(balancer, context));
    return { loadBalancer: loadBalancerName(balancer), path: route?.path ?? [], host: route?.host ?? [] };
  }
  const [named] = places.flatMap((place) => ownerName(place, "load-balancer") ?? []);
  return named === undefined ? undefined : { loadBalancer: named, path: [], host: [] };
}

/** The ARN of the load balancer that forwards to one of the target groups. */
async function balancerBehind(groups: readonly string[], { aws }: AwsContext): Promise<string | undefined> {
  const answers = await Promise.all(
    groups.map((arn) => ignoreNotFound(aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }))),
  );
  return answers
    .flatMap((answer) => answer?.TargetGroups ?? [])
    .flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns)[0];
}
