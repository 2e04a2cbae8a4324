import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";
import { isExpression } from "../tasks/member-of.js";
import { invalidParameter } from "../service-errors.js";
import type { ServiceShape } from "./service-shape.js";

const maxStrategies = 5;
const maxConstraints = 10;
const zone = "attribute:ecs.availability-zone";

/** Validates the placement of a service or of tasks. */
export function checkPlacement(
  {
    placementConstraints: constraints = [],
    placementStrategy: strategies = [],
    availabilityZoneRebalancing: rebalancing,
  }: ServiceShape,
  onFargate: boolean,
): void {
  if (onFargate && constraints.length > 0)
    throw invalidParameter("Placement constraints are not supported with FARGATE launch type.");
  if (onFargate && strategies.length > 0)
    throw invalidParameter("Placement strategies are not supported with FARGATE launch type.");
  if (strategies.length > maxStrategies)
    throw invalidParameter(`A service can use up to ${maxStrategies} placement strategies.`);
  if (constraints.length > maxConstraints)
    throw invalidParameter(`A service can use up to ${maxConstraints} placement constraints.`);
  strategies.forEach(checkStrategy);
  constraints.forEach(checkConstraint);
  if (rebalancing !== "ENABLED") return;
  const [first] = strategies;
  if (first !== undefined && (first.type !== "spread" || first.field?.toLowerCase() !== zone)) {
    throw invalidParameter(
      "Availability Zone rebalancing requires that Availability Zone spread is the first placement strategy.",
    );
  }
  if (constraints.some(({ expression }) => expression?.includes(zone))) {
    throw invalidParameter(
      `Availability Zone rebalancing does not support placement constraints on ${zone}.`,
    );
  }
}

function checkStrategy({ type, field }: PlacementStrategy): void {
  const lower = field?.toLowerCase() ?? "";
  const isRight =
    (type === "random" && field === undefined) ||
    (type === "binpack" && ["cpu", "memory"].includes(lower)) ||
    (type === "spread" && (["host", "instanceid"].includes(lower) || lower.startsWith("attribute:")));
  if (!isRight) throw invalidParameter(`Invalid placement strategy: type ${type}, field ${field}.`);
}

function checkConstraint({ type, expression }: PlacementConstraint): void {
  const isRight =
    (type === "distinctInstance" && expression === undefined) ||
    (type === "memberOf" && expression !== undefined && expression.trim() !== "" && isExpression(expression));
  if (!isRight)
    throw invalidParameter(`Invalid placement constraint: type ${type}, expression ${expression}.`);
}
