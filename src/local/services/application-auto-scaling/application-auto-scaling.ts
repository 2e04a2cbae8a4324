import type { ApplicationAutoScalingPort } from "../../../aws/ports.js";
import { page } from "../../kernel/page.js";
import { Refusal } from "../../kernel/refusal.js";
import type { World } from "../../kernel/world.js";

/** Application Auto Scaling: whether a service's count is somebody else's to decide. */
export function createApplicationAutoScaling(world: World): ApplicationAutoScalingPort {
  return {
    async describeScalableTargets(input) {
      const invalid = (message: string) => new Refusal("ValidationException", message);
      if (input.ServiceNamespace === undefined) {
        throw invalid(
          "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null",
        );
      }
      if (input.ScalableDimension !== undefined && input.ResourceIds === undefined) {
        throw invalid("ResourceIds must be specified when ScalableDimension is.");
      }
      const found = [...world.applicationAutoScaling.scalableTargets.values()].filter(
        (target) =>
          target.ServiceNamespace === input.ServiceNamespace &&
          (input.ScalableDimension === undefined || target.ScalableDimension === input.ScalableDimension) &&
          (input.ResourceIds === undefined || input.ResourceIds.includes(target.ResourceId ?? "")),
      );
      const { items, nextToken } = page(
        found,
        input.NextToken,
        input.MaxResults ?? 50,
        () => new Refusal("InvalidNextTokenException", "The next token supplied was invalid."),
      );
      return { ScalableTargets: items, NextToken: nextToken };
    },
  };
}
