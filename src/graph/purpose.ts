/** What a graph is built for: a destroy looks nothing up that only a deploy needs. */
export type Purpose = "deploy" | "destroy";
