import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createAccountFactHandlers } from "./account-facts.js";
import { createListenerCertificateHandlers } from "./listener-certificates.js";
import { createListenerHandlers } from "./listeners.js";
import { createAttributeHandlers } from "./load-balancer-attributes.js";
import { createLoadBalancerHandlers } from "./load-balancers.js";
import { createRuleHandlers } from "./rules.js";
import { createTagHandlers } from "./tags.js";
import { createTargetGroupAttributeHandlers } from "./target-group-attributes.js";
import { createTargetGroupHandlers } from "./target-groups.js";
import { createTargetHandlers } from "./targets.js";
import { recheckTargets } from "./target-health.js";

/** Elastic Load Balancing: application load balancers, their listeners and rules, and target groups. */
export function createElb(account: Account): ElbApi {
  account.events.securityGroupsChanged.push(() => recheckTargets(account));
  return {
    ...createLoadBalancerHandlers(account),
    ...createTargetGroupHandlers(account),
    ...createTargetGroupAttributeHandlers(account),
    ...createListenerHandlers(account),
    ...createListenerCertificateHandlers(account),
    ...createRuleHandlers(account),
    ...createTagHandlers(account),
    ...createTargetHandlers(account),
    ...createAttributeHandlers(account),
    ...createAccountFactHandlers(account),
  };
}
