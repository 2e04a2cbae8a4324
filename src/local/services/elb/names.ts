import type { Account } from "../../core/account.js";
import { validationError } from "./refusals.js";

export type NamedKind = "load balancer" | "target group";

/** The rules for names are in AWS's prose, not in its API model. */
export function checkName(kind: NamedKind, name: string): void {
  const subject = `The ${kind} name '${name}'`;
  if (name.length > 32) throw validationError(`${subject} cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw validationError(
      `${subject} can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
  if (name.startsWith("-") || name.endsWith("-")) {
    throw validationError(`${subject} cannot begin or end with a hyphen`);
  }
  if (kind === "load balancer" && name.startsWith("internal-")) {
    throw validationError(`${subject} cannot begin with 'internal-'`);
  }
}

export function lingers(account: Account, kind: NamedKind, name: string): boolean {
  return account.clock.now() < (account.elb.lingeringNames.get(`${kind}/${name}`) ?? 0);
}

export function linger(account: Account, kind: NamedKind, name: string, until: number): void {
  account.elb.lingeringNames.set(`${kind}/${name}`, until);
}
