import type { Service } from "@aws-sdk/client-ecs";
import { clusterName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerName } from "../../aws/owner.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { allClusters, servicesOfClusters } from "../../cluster/services-in-account.js";
import { presentRoutes, routesTo, type PresentRoute } from "../../load-balancer/rules/present-routes.js";
import { presentAddress } from "../service-url.js";
import { groupsOfService } from "../../service/shifted-groups.js";
import { userTags } from "./user-tags.js";

/** A deployment that quayside has deployed, as `deployments()` lists it. */
export interface DeploymentListed {
  /** The name for `Deployment.named(name)`. */
  readonly name: string;
  readonly cluster: string;
  /** Where it answers; `undefined` without a load balancer. */
  readonly url: string | undefined;
  /** When its last rollout began. */
  readonly deployedAt: Date | undefined;
  /** The user's tags, without quayside's. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Lists the deployments of the account in this region that have all of the tags, by name. */
export async function listDeployments(
  wanted: Readonly<Record<string, string>>,
  context: AwsContext,
): Promise<readonly DeploymentListed[]> {
  const services = await servicesOfClusters(await allClusters(context), context);
  const byName = new Map<string, Service[]>();
  for (const service of services) {
    const tags = fromTags(service.tags);
    const name = ownerName(tags[OWNER_TAG], "deployment");
    const hasTags = Object.entries(wanted).every(([key, value]) => tags[key] === value);
    if (name === undefined || service.status !== "ACTIVE" || !hasTags) continue;
    byName.set(name, [...(byName.get(name) ?? []), service]);
  }
  const routesOf = readOnce(context);
  const listed = [...byName].map(async ([name, all]): Promise<DeploymentListed> => {
    const newestFirst = [...all].sort((one, other) => timeOf(other) - timeOf(one));
    const [newest] = newestFirst;
    return {
      name,
      cluster: clusterName(newest?.clusterArn),
      url: await urlOf(all, routesOf, context),
      deployedAt: rolloutOf(newest)?.createdAt,
      tags: userTags(fromTags(newest?.tags)),
    };
  });
  return (await Promise.all(listed)).sort((one, other) => (one.name < other.name ? -1 : 1));
}

const rolloutOf = (service: Service | undefined) =>
  service?.deployments?.find(({ status }) => status === "PRIMARY");

const timeOf = (service: Service): number => rolloutOf(service)?.createdAt?.getTime() ?? 0;

type RoutesOf = (balancer: string) => Promise<readonly PresentRoute[]>;

/** Many deployments share a load balancer. */
function readOnce(context: AwsContext): RoutesOf {
  const known = new Map<string, Promise<readonly PresentRoute[]>>();
  return (balancer) => {
    const routes = known.get(balancer) ?? presentRoutes(balancer, context);
    known.set(balancer, routes);
    return routes;
  };
}

async function urlOf(
  services: readonly Service[],
  routesOf: RoutesOf,
  context: AwsContext,
): Promise<string | undefined> {
  const { elb } = context.aws;
  const groups = services.flatMap(groupsOfService);
  const found = await Promise.all(
    groups.map((arn) => ignoreNotFound(elb.describeTargetGroups({ TargetGroupArns: [arn] }))),
  );
  const [balancer] = found
    .flatMap((answer) => answer?.TargetGroups ?? [])
    .flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
  if (balancer === undefined) return undefined;
  const [answer, routes] = await Promise.all([
    ignoreNotFound(elb.describeLoadBalancers({ LoadBalancerArns: [balancer] })),
    routesOf(balancer),
  ]);
  const dnsName = answer?.LoadBalancers?.[0]?.DNSName;
  if (dnsName === undefined) return undefined;
  return (await presentAddress(dnsName, routesTo(groups, routes), context))?.url;
}
