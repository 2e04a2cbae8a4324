import { Refusal } from "../../core/service-error.js";

export const validationError = (message: string): Refusal => new Refusal("ValidationError", message);

export const loadBalancerNotFound = (which: string): Refusal =>
  new Refusal("LoadBalancerNotFound", `Load balancers '[${which}]' not found`);

export const targetGroupNotFound = (which: string): Refusal =>
  new Refusal("TargetGroupNotFound", `Target groups '[${which}]' not found`);

export const listenerNotFound = (which: string): Refusal =>
  new Refusal("ListenerNotFound", `Listeners '[${which}]' not found`);

export const ruleNotFound = (which: string): Refusal =>
  new Refusal("RuleNotFound", `One or more rules not found: '${which}'`);

/** A required member that is missing. */
export const missing = (name: string): Refusal =>
  validationError(
    `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
  );

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
