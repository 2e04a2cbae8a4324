import { arnOf, resourceOf, type ArnScope } from "../../core/arn.js";

export const elbArn = (account: ArnScope, resource: string): string =>
  arnOf(account, "elasticloadbalancing", resource);

/** The part of a listener's or rule's ARN that is the same as in their load balancer's: `app/<name>/<id>`. */
export const pathOf = (arn: string): string => resourceOf(arn).replace(/^[^/]+\//, "");
