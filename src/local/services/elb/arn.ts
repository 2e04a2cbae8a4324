import type { World } from "../../core/account.js";

export const elbArn = (world: World, path: string): string =>
  `arn:${world.partition}:elasticloadbalancing:${world.region}:${world.accountId}:${path}`;

/** What a listener's ARN and a rule's ARN have in common with their load balancer's: `app/<name>/<id>`. */
export const pathOf = (arn: string): string =>
  arn
    .split(":")
    .slice(5)
    .join(":")
    .replace(/^[^/]+\//, "");
