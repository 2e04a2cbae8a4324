import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { findTargetGroup } from "./lookups.js";
import { readFixedResponse, readRedirect } from "./own-answers.js";
import { validationError } from "./service-errors.js";

/** Actions of a listener or rule, validated, in the form that AWS returns. */
export function readActions(account: Account, actions: readonly Action[] | undefined): Action[] {
  if (actions === undefined || actions.length === 0)
    throw validationError("At least one action must be specified");
  const sorted = [...actions].sort((one, other) => (one.Order ?? 0) - (other.Order ?? 0));
  const last = sorted.at(-1);
  const isFinal = ({ Type }: Action): boolean =>
    ["forward", "redirect", "fixed-response"].includes(String(Type));
  if (last === undefined || !isFinal(last) || sorted.filter(isFinal).length > 1) {
    throw new ServiceError(
      "InvalidLoadBalancerAction",
      "The last action must be the only one of type 'forward', 'redirect' or 'fixed-response'",
    );
  }
  if (sorted.length > 2)
    throw new ServiceError("TooManyActions", "A rule can have only one authenticate action");
  if (sorted.length > 1 && new Set(sorted.map(({ Order }) => Order)).size < sorted.length)
    throw validationError("The order must be specified for each action when there are several");
  return sorted.map((action) => readAction(account, action));
}

/** Sign-in is for HTTPS listeners only. Source: ELB User Guide, "Authenticate users using an Application Load Balancer". */
export function checkAuthenticate(protocol: string, actions: readonly Action[]): void {
  const wrong = actions.find(({ Type }) => String(Type).startsWith("authenticate-"));
  if (wrong === undefined || protocol === "HTTPS") return;
  throw new ServiceError(
    "InvalidLoadBalancerAction",
    `Actions of type '${wrong.Type}' are supported only on HTTPS listeners`,
  );
}

/** The action with what it does not return, its secret, kept from the rule before. */
function readAuthenticate(action: Action): Action {
  const { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito } = action;
  const config = action.Type === "authenticate-oidc" ? oidc : cognito;
  const needed =
    action.Type === "authenticate-oidc"
      ? [
          oidc?.Issuer,
          oidc?.AuthorizationEndpoint,
          oidc?.TokenEndpoint,
          oidc?.UserInfoEndpoint,
          oidc?.ClientId,
        ]
      : [cognito?.UserPoolArn, cognito?.UserPoolClientId, cognito?.UserPoolDomain];
  if (config === undefined || needed.some((value) => value === undefined || value === ""))
    throw validationError(`An action of type '${action.Type}' lacks a required field of its configuration`);
  if (oidc !== undefined && oidc.ClientSecret === undefined && oidc.UseExistingClientSecret !== true)
    throw validationError("You must specify the client secret, or UseExistingClientSecret");
  const {
    ClientSecret: _secret,
    UseExistingClientSecret: _use,
    ...rest
  } = (oidc ?? cognito) as NonNullable<typeof oidc>;
  const complete = {
    SessionCookieName: "AWSELBAuthSessionCookie",
    Scope: "openid",
    SessionTimeout: 604_800,
    OnUnauthenticatedRequest: "authenticate" as const,
    ...rest,
  };
  return {
    Type: action.Type,
    ...(action.Order !== undefined && { Order: action.Order }),
    ...(action.Type === "authenticate-oidc"
      ? { AuthenticateOidcConfig: complete }
      : { AuthenticateCognitoConfig: complete as never }),
  };
}

function readAction(account: Account, action: Action): Action {
  switch (action.Type) {
    case "authenticate-oidc":
    case "authenticate-cognito":
      return readAuthenticate(action);
    case "forward":
      return readForward(account, action);
    case "fixed-response":
      return readFixedResponse(action);
    case "redirect":
      return readRedirect(action);
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
