/** The parts that every ARN has. */
interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export const ecsArn = ({ partition, region, accountId }: ArnScope, path: string): string =>
  `arn:${partition}:ecs:${region}:${accountId}:${path}`;

/** ECS accepts a name or an ARN nearly everywhere: the last segment is the same. */
export const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
