import type { Account } from "../../core/account.js";
import type { SecurityGroup } from "./state.js";

/** A security group as other services see it: a new one becomes visible after a delay. */
export function visibleSecurityGroup(account: Account, id: string): SecurityGroup | undefined {
  const group = account.ec2.securityGroups.get(id);
  return group !== undefined && account.clock.now() >= group.visibleAt ? group : undefined;
}
