import { fitName } from "../spec/derive-name.js";
import { LAUNCH_TEMPLATE_NAME } from "../spec/names.js";

/** The Auto Scaling group of an owner, if it is a cluster: what lives in it can carry no tags of its own. */
export const groupOf = (owner: string): string | undefined =>
  owner.startsWith("cluster/")
    ? fitName(LAUNCH_TEMPLATE_NAME, owner.slice("cluster/".length), "-instances")
    : undefined;
