/** What stands in every ARN. */
interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export const ecsArn = ({ partition, region, accountId }: ArnScope, path: string): string =>
  `arn:${partition}:ecs:${region}:${accountId}:${path}`;

/** ECS takes a name or an ARN nearly everywhere: the last segment is the same. */
export const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
