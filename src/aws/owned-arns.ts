import { parseArn } from "./arn.js";
import type { AwsContext, OwnedArn } from "./context.js";

export interface OwnedResource extends OwnedArn {
  /** The part of the ARN after the prefix. */
  readonly rest: string;
}

/** The owner's resources of one type: `("ecs", "service/")`, `("elasticloadbalancing", "targetgroup/")`. */
export async function ownedArns(
  context: AwsContext,
  owner: string,
  service: string,
  prefix: string,
): Promise<OwnedResource[]> {
  const found: OwnedResource[] = [];
  for (const { arn, tags } of await context.owned(owner)) {
    const { service: ofService, resource } = parseArn(arn);
    if (ofService === service && resource.startsWith(prefix))
      found.push({ arn, tags, rest: resource.slice(prefix.length) });
  }
  return found;
}
