import type { Account } from "../../core/account.js";

export const elbArn = (account: Account, path: string): string =>
  `arn:${account.partition}:elasticloadbalancing:${account.region}:${account.accountId}:${path}`;

/** What a listener's ARN and a rule's ARN have in common with their load balancer's: `app/<name>/<id>`. */
export const pathOf = (arn: string): string =>
  arn
    .split(":")
    .slice(5)
    .join(":")
    .replace(/^[^/]+\//, "");
