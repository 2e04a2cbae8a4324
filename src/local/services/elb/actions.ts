import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { findTargetGroup } from "./lookups.js";
import { validationError } from "./service-errors.js";

/** Actions of a listener or rule, validated, in the form that AWS returns. */
export function readActions(account: Account, actions: readonly Action[] | undefined): Action[] {
  if (actions === undefined || actions.length === 0)
    throw validationError("At least one action must be specified");
  if (actions.length > 1) {
    throw new ServiceError(
      "InvalidLoadBalancerAction",
      "The local cloud supports only one action per rule: forward, redirect or fixed-response",
    );
  }
  return actions.map((action) => readAction(account, action));
}

function readAction(account: Account, action: Action): Action {
  switch (action.Type) {
    case "forward":
      return readForward(account, action);
    case "fixed-response": {
      const status = action.FixedResponseConfig?.StatusCode;
      if (status === undefined || !/^[245]\d\d$/.test(status)) {
        throw validationError(`The status code of a fixed-response action must be 2XX, 4XX or 5XX`);
      }
      return structuredClone(action);
    }
    case "redirect": {
      const config = action.RedirectConfig;
      if (config?.StatusCode !== "HTTP_301" && config?.StatusCode !== "HTTP_302") {
        throw validationError("The status code of a redirect action must be HTTP_301 or HTTP_302");
      }
      return {
        ...structuredClone(action),
        RedirectConfig: {
          Protocol: "#{protocol}" as never,
          Host: "#{host}",
          Port: "#{port}",
          Path: "/#{path}",
          Query: "#{query}",
          ...config,
        },
      };
    }
    default:
      throw new ServiceError(
        "InvalidLoadBalancerAction",
        `The action type '${String(action.Type)}' is not valid`,
      );
  }
}

/** A forward to one group is returned with both its ARN and a ForwardConfig. */
function readForward(account: Account, action: Action): Action {
  const groups = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }];
  if (groups.length === 0 || groups.length > 5) {
    throw validationError("A forward action must have between 1 and 5 target groups");
  }
  const named = new Set(groups.map(({ TargetGroupArn }) => TargetGroupArn));
  if (named.size < groups.length)
    throw validationError("A target group can be specified only once in an action");
  if (action.TargetGroupArn !== undefined && !named.has(action.TargetGroupArn)) {
    throw validationError("The target group ARN and the forward configuration of an action do not agree");
  }
  for (const { TargetGroupArn, Weight } of groups) {
    if (TargetGroupArn === undefined) throw validationError("A target group ARN must be specified");
    findTargetGroup(account, TargetGroupArn);
    if (Weight === undefined && groups.length > 1) {
      throw validationError("A weight must be specified for each target group when there is more than one");
    }
    if (Weight !== undefined && (!Number.isInteger(Weight) || Weight < 0 || Weight > 999)) {
      throw validationError(`The weight '${Weight}' must be between 0 and 999`);
    }
  }
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig;
  const seconds = stickiness?.DurationSeconds;
  if (stickiness?.Enabled === true && (seconds === undefined || seconds < 1 || seconds > 604800)) {
    throw validationError("The duration of target group stickiness must be between 1 and 604800 seconds");
  }
  const only = groups.length === 1 ? groups[0]?.TargetGroupArn : undefined;
  return {
    Type: "forward",
    ...(only === undefined ? {} : { TargetGroupArn: only }),
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ForwardConfig: {
      TargetGroups: groups.map(({ TargetGroupArn, Weight = 1 }) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig: stickiness ?? { Enabled: false },
    },
  };
}
