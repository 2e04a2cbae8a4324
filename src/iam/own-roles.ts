import type { Role } from "@aws-sdk/client-iam";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { iamPaths, isOfThisRegion } from "./region.js";

/** An owner's roles in this region, with their tags, which lists do not give. */
export async function ownRoles(
  owner: string,
  context: AwsContext,
  isIncluded: (name: string) => boolean = () => true,
): Promise<readonly Role[]> {
  const { iam } = context.aws;
  const names = await Promise.all(iamPaths(owner, context).map((path) => roleNamesUnder(path, context)));
  const found = await Promise.all(
    names
      .flat()
      .filter(isIncluded)
      .map(async (RoleName): Promise<Role[]> => {
        const role = (await ignoreNotFound(iam.getRole({ RoleName })))?.Role;
        return role !== undefined && (await isOfThisRegion(role, owner, context)) ? [role] : [];
      }),
  );
  return found.flat();
}

/** The names of the roles under a path, listed once per run: kinds share them. */
function roleNamesUnder(path: string, { aws, runCache }: AwsContext): Promise<string[]> {
  const key = `roles under ${path}`;
  const cached = runCache.get(key) as Promise<string[]> | undefined;
  if (cached !== undefined) return cached;
  const listed = paginate(
    "Marker",
    (next) => aws.iam.listRoles({ PathPrefix: path, ...next }),
    (page) => page.Roles,
  ).then((roles) => roles.flatMap(({ RoleName }) => RoleName ?? []));
  runCache.set(key, listed);
  // Failures are not cached, so that the next call retries.
  listed.catch(() => runCache.delete(key));
  return listed;
}
