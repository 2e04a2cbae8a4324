import { hasErrorCode } from "./error-code.js";
import { iamAction } from "./operation-name.js";
import type { ServiceName } from "./api.js";

/** What AWS denied, as far as it says it. */
export interface DeniedAccess {
  readonly action: string;
  /** An ARN; `*` if AWS names none. */
  readonly resource: string;
  /** The ARN of the user or of the assumed role. */
  readonly caller: string | undefined;
  /** True if a policy denies it explicitly: allowing it as well does not help. */
  readonly isExplicit: boolean;
}

/**
 * Returns what a call was denied; `undefined` for any other error.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function deniedAccess(service: ServiceName, method: string, error: unknown): DeniedAccess | undefined {
  if (!hasErrorCode(error, "AccessDenied", "UnauthorizedOperation", "NotAuthorized")) return undefined;
  const message = error instanceof Error ? error.message : "";
  // Auto Scaling names neither the action that it checked, nor what is missing.
  const isLaunch = message.includes("not authorized to use launch template");
  const action = /not authorized to perform:? ([a-z-]+:[A-Za-z]+)/.exec(message)?.[1];
  return {
    action: action ?? (isLaunch ? "ec2:RunInstances" : iamAction(service, method)),
    resource: /on resource: (arn:\S+|\*)/.exec(message)?.[1]?.replace(/[.,;]$/, "") ?? "*",
    caller: /User: (arn:\S+)/.exec(message)?.[1],
    isExplicit: message.includes("with an explicit deny"),
  };
}

/** What to do about it: the statement to add. */
export function accessDeniedFix({ action, resource, caller, isExplicit }: DeniedAccess): string {
  const who = caller ?? "the credentials that quayside uses";
  if (isExplicit)
    return `Remove the policy that denies ${action} to ${who}: an explicit deny overrides every allow.`;
  const statement = JSON.stringify({ Effect: "Allow", Action: action, Resource: resource });
  return `Add this statement to the policies of ${who}: ${statement}. permissions() of the chain returns all statements.`;
}
