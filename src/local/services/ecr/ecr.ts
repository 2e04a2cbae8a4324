import type { EcrPort } from "../../../aws/ports.js";
import type { World } from "../../kernel/world.js";
import { images } from "./images.js";
import { lifecyclePolicies } from "./lifecycle-policies.js";
import { repositories } from "./repositories.js";

/** Elastic Container Registry as far as a deployment needs it. */
export const createEcr = (world: World): EcrPort => ({
  ...repositories(world),
  ...lifecyclePolicies(world),
  ...images(world),
});
