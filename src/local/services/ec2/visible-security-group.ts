import type { World } from "../../core/account.js";
import type { SecurityGroup } from "./state.js";

/** A security group as other services see it: a new one only after a while. */
export function visibleSecurityGroup(world: World, id: string): SecurityGroup | undefined {
  const group = world.ec2.securityGroups.get(id);
  return group !== undefined && world.clock.now() >= group.visibleAt ? group : undefined;
}
