import type { Cloud } from "../src/index.js";
import { OWNER_TAG } from "../src/aws/tags.js";

/** What AWS deletes by itself, or keeps for a while without cost. */
const PASSING = /:(task-definition|task|instance|volume|network-interface)\//;

/** The tagging API knows of a deletion minutes later. */
const TRIES = 8;
const EVERY = 15;

/** The resources of a run that the account still has. */
export async function leftovers(
  id: string,
  clouds: readonly Cloud[],
  wait: (seconds: number) => Promise<void>,
): Promise<string[]> {
  let found: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await wait(EVERY);
    found = [
      ...(await Promise.all(clouds.map((cloud) => taggedArns(id, cloud)))).flat(),
      ...(await roles(id, clouds[0]!)),
    ];
    if (found.length === 0) break;
  }
  return [...new Set(found)];
}

async function taggedArns(id: string, { ports }: Cloud): Promise<string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const page = await ports.tagging.getResources({
      TagFilters: [{ Key: OWNER_TAG }],
      ...(token !== undefined && { PaginationToken: token }),
    });
    for (const { ResourceARN: arn = "", Tags = [] } of page.ResourceTagMappingList ?? []) {
      const isOurs = arn.includes(id) || Tags.some(({ Value = "" }) => Value.includes(id));
      if (isOurs && !PASSING.test(arn)) found.push(arn);
    }
    token = page.PaginationToken === "" ? undefined : page.PaginationToken;
  } while (token !== undefined);
  const isInactive = await Promise.all(found.map((arn) => isInactiveIn(arn, ports)));
  return found.filter((_, index) => !isInactive[index]);
}

/** ECS shows deleted clusters and services for a while, as INACTIVE. */
async function isInactiveIn(arn: string, { ecs }: Cloud["ports"]): Promise<boolean> {
  const cluster = /:ecs:.*:(?:cluster|service)\/([^/]+)/.exec(arn)?.[1];
  if (cluster === undefined) return false;
  const { clusters = [] } = await ecs.describeClusters({ clusters: [cluster] });
  if (clusters.every(({ status }) => status === "INACTIVE")) return true;
  if (!arn.includes(":service/")) return false;
  const { services = [] } = await ecs.describeServices({ cluster, services: [arn] });
  return services.every(({ status }) => status === "INACTIVE");
}

/** The tagging API does not cover IAM. */
async function roles(id: string, { ports }: Cloud): Promise<string[]> {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await ports.iam.listRoles({
      PathPrefix: "/quayside/",
      ...(marker !== undefined && { Marker: marker }),
    });
    found.push(...(page.Roles ?? []).flatMap(({ Arn }) => Arn ?? []));
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return found.filter((arn) => arn.includes(id));
}
