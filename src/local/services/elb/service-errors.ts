import { ServiceError } from "../../core/service-error.js";

export const validationError = (message: string): ServiceError =>
  new ServiceError("ValidationError", message);

export const loadBalancerNotFound = (which: string): ServiceError =>
  new ServiceError("LoadBalancerNotFound", `Load balancers '[${which}]' not found`);

export const targetGroupNotFound = (which: string): ServiceError =>
  new ServiceError("TargetGroupNotFound", `Target groups '[${which}]' not found`);

export const listenerNotFound = (which: string): ServiceError =>
  new ServiceError("ListenerNotFound", `Listeners '[${which}]' not found`);

export const ruleNotFound = (which: string): ServiceError =>
  new ServiceError("RuleNotFound", `One or more rules not found: '${which}'`);

/** The error for a missing required member. */
export const missing = (name: string): ServiceError =>
  validationError(
    `1 validation error detected: Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
  );

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
