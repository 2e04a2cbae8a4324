import type { AwsContext } from "./context.js";
import { ignoreNotFound } from "./not-found.js";
import { paginate } from "./paginate.js";

/** The ARNs of a cluster's services; none if another run has deleted the cluster meanwhile. */
export const serviceArnsIn = (cluster: string, { aws }: AwsContext): Promise<string[]> =>
  paginate(
    "nextToken",
    (next) => ignoreNotFound(aws.ecs.listServices({ cluster, maxResults: 100, ...next })),
    (page) => page?.serviceArns,
  );
