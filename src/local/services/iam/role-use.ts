import type { Account } from "../../core/account.js";
import type { Role } from "./state.js";

/** Records the use of a role in this region, which GetRole reports. On AWS, the report follows within hours. */
export function recordRoleUse({ clock, region }: Account, role: Role | undefined): void {
  if (role !== undefined) role.lastUsed = { at: new Date(clock.now()), region };
}
