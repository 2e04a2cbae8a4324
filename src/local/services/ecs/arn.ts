import type { World } from "../../core/account.js";

export const ecsArn = (world: World, path: string): string =>
  `arn:${world.partition}:ecs:${world.region}:${world.accountId}:${path}`;

/** ECS takes a name or an ARN nearly everywhere: the last segment is the same. */
export const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
