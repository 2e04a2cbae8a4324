/** The parts of an ARN that are the same for all resources of an account. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a resource: `arn:aws:ecs:eu-west-1:123456789012:cluster/main` for `cluster/main`. */
export const arnOf = (
  { partition, region, accountId }: ArnScope,
  service: string,
  resource: string,
): string => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** The ARN of an IAM resource, which has no region. */
export const iamArn = ({ partition, accountId }: ArnScope, resource: string): string =>
  `arn:${partition}:iam::${accountId}:${resource}`;

/** The part of an ARN after the account id: `cluster/main`. */
export const resourceOf = (arn: string): string => arn.split(":").slice(5).join(":");

/** The last segment of an ARN, such as a name or an id; a name without an ARN is returned as it is. */
export const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
