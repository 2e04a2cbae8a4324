import type { IamPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { instanceProfiles } from "./instance-profiles.js";
import { rolePolicies } from "./role-policies.js";
import { roles } from "./roles.js";

/** IAM as far as a deployment needs it: roles, their policies, instance profiles. */
export function createIam(world: World): IamPort {
  return { ...roles(world), ...rolePolicies(world), ...instanceProfiles(world) };
}
