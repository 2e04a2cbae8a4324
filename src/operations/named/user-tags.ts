import type { Tags } from "../../engine/kind.js";

/** The tags without quayside's own. */
export const userTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("quayside:")));
