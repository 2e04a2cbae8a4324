import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";

export const validationError = (message: string): ServiceError =>
  new ServiceError("ValidationError", message);

export const loadBalancerNotFound = (id: string): ServiceError =>
  new ServiceError("LoadBalancerNotFound", `Load balancers '[${id}]' not found`);

export const targetGroupNotFound = (id: string): ServiceError =>
  new ServiceError("TargetGroupNotFound", `Target groups '[${id}]' not found`);

export const listenerNotFound = (id: string): ServiceError =>
  new ServiceError("ListenerNotFound", `Listeners '[${id}]' not found`);

export const ruleNotFound = (id: string): ServiceError =>
  new ServiceError("RuleNotFound", `One or more rules not found: '${id}'`);

export const requireElb = membersRequired(validationError);
