import type { Account } from "../../core/account.js";

export const elbArn = (account: Account, path: string): string =>
  `arn:${account.partition}:elasticloadbalancing:${account.region}:${account.accountId}:${path}`;

/** The part of a listener's or rule's ARN that is the same as in their load balancer's: `app/<name>/<id>`. */
export const pathOf = (arn: string): string =>
  arn
    .split(":")
    .slice(5)
    .join(":")
    .replace(/^[^/]+\//, "");
