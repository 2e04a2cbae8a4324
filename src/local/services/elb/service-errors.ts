import { membersRequired } from "../../core/required-members.js";
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

export const requireElb = membersRequired(validationError);
