/** On which instances ECS places a service's tasks, and which it takes from when there are to be fewer. */
export interface PlacementOptions {
  /** What counts first stands first; at most 5. @defaultValue as with `"spread"` */
  readonly strategy?: readonly PlacementStrategyOption[] | undefined;
  /** What every instance must meet; at most 10. @defaultValue none */
  readonly constraints?: readonly PlacementConstraintOption[] | undefined;
}

/**
 * - `{ spread: "zone" }`, `{ spread: "instance" }`: evenly over the zones, over the instances
 * - `{ spread: "attribute:rack" }`: evenly over the values of an attribute of the instances
 * - `{ binpack: "memory" }`, `{ binpack: "cpu" }`: where the least of it is left
 * - `"random"`
 */
export type PlacementStrategyOption =
  "random" | { readonly spread: string } | { readonly binpack: "cpu" | "memory" };

/**
 * - `"distinctInstance"`: no two tasks of the service on one instance
 * - `{ memberOf: "attribute:ecs.instance-type =~ g4dn.*" }`: an expression of ECS's cluster query language
 */
export type PlacementConstraintOption = "distinctInstance" | { readonly memberOf: string };
