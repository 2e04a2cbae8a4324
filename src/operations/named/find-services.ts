import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { clusterName, serviceNames } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownedArns } from "../../aws/owned-arns.js";
import { ownerName, ownerOf } from "../../aws/owner.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { COLORS } from "../../bluegreen/colors.js";
import { allClusters, servicesOfClusters } from "../../cluster/services-in-account.js";
import type { Tags } from "../../engine/kind.js";
import { describeServices } from "../../service/describe-services.js";
import { placesOf } from "../../service/task-definition/places.js";

/** What AWS has of a deployment that is known by its name only. */
export interface FoundDeployment {
  /** Its services, of one cluster: one, or one for each color. */
  readonly services: readonly Service[];
  /** The cluster of the services; without them, the one that the task definition names. */
  readonly cluster: string | undefined;
  /** The newest revision of its task definition. */
  readonly newest: TaskDefinition | undefined;
  /** The owners of the cluster and the load balancers that it uses, or has left. */
  readonly places: readonly string[];
}

/**
 * Finds a deployment: by the tags of its task definition, which name its cluster; a cluster that only others change is
 * not among them, and is found through the tagging API, or, in the first minutes, by looking at all clusters.
 */
export async function findDeployment(name: string, context: AwsContext): Promise<FoundDeployment> {
  const owner = ownerOf.deployment(name);
  const revision = await newestRevision(name, owner, context);
  const places = placesOf(revision?.tags ?? {});
  const clusters = places.flatMap((place) => ownerName(place, "cluster") ?? []);
  const services = await firstFound([
    ...clusters.map((cluster) => () => byUsualName(name, cluster, context)),
    ...clusters.map((cluster) => async () => ownedBy(owner, await servicesOfClusters([cluster], context))),
    () => byTag(owner, context),
    async () =>
      revision === undefined
        ? []
        : ownedBy(owner, await servicesOfClusters(await allClusters(context), context)),
  ]);
  // During a move there are services in two clusters: the newest one is where it is now.
  const [newest] = [...services].sort((one, other) => createdAt(other) - createdAt(one));
  const cluster = newest === undefined ? undefined : clusterName(newest.clusterArn);
  return {
    services: services.filter(({ clusterArn }) => clusterArn === newest?.clusterArn),
    cluster: cluster ?? clusters[0],
    newest: revision?.definition,
    places,
  };
}

const createdAt = (service: Service): number => service.createdAt?.getTime() ?? 0;

async function firstFound(
  searches: readonly (() => Promise<readonly Service[]>)[],
): Promise<readonly Service[]> {
  for (const search of searches) {
    const found = await search();
    if (found.length > 0) return found;
  }
  return [];
}

async function newestRevision(
  family: string,
  owner: string,
  { aws }: AwsContext,
): Promise<{ readonly definition: TaskDefinition; readonly tags: Tags } | undefined> {
  const answer = await ignoreNotFound(
    aws.ecs.describeTaskDefinition({ taskDefinition: family, include: ["TAGS"] }),
  );
  const tags = fromTags(answer?.tags);
  const definition = answer?.taskDefinition;
  return definition === undefined || tags[OWNER_TAG] !== owner ? undefined : { definition, tags };
}

const byUsualName = async (name: string, cluster: string, context: AwsContext): Promise<readonly Service[]> =>
  ownedBy(
    ownerOf.deployment(name),
    await describeServices(cluster, [name, ...COLORS.map((color) => `${name}-${color}`)], context),
  );

async function byTag(owner: string, context: AwsContext): Promise<readonly Service[]> {
  const owned = (await ownedArns(context, owner, "ecs", "service/")).map(({ arn }) => serviceNames(arn));
  // An ARN of the old format does not have the cluster.
  const named = owned.filter(({ service }) => service !== "");
  const found = await Promise.all(
    named.map(({ cluster, service }) => describeServices(cluster, [service], context)),
  );
  return ownedBy(owner, found.flat());
}

const ownedBy = (owner: string, services: readonly Service[]): readonly Service[] =>
  services.filter(({ status, tags }) => status !== "INACTIVE" && fromTags(tags)[OWNER_TAG] === owner);
