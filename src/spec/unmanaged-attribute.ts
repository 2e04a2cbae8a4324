import { oneOf } from "./parsing/format-value.js";

/**
 * The attributes that placement constraints can name on Managed Instances. Source: Amazon ECS Developer Guide, "Amazon
 * ECS task definition differences for Amazon ECS Managed Instances".
 */
const ATTRIBUTES = ["ecs.subnet-id", "ecs.availability-zone", "ecs.instance-type", "ecs.cpu-architecture"];

/** The first attribute of an expression that Managed Instances do not have; `undefined` if there is none. */
export function unmanagedAttribute(expression: unknown): string | undefined {
  const named = typeof expression === "string" ? [...expression.matchAll(/attribute:([\w.-]+)/g)] : [];
  return named.map(([, name]) => name!).find((name) => !ATTRIBUTES.includes(name));
}

export const unmanagedAttributeProblem = (attribute: string): string =>
  `must name no other attribute than ${oneOf(ATTRIBUTES)} on Managed Instances; got ${attribute}`;
