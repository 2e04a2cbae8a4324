import type { Account } from "../../core/account.js";
import { validationError } from "./service-errors.js";

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

export function isNameReserved(account: Account, kind: NamedKind, name: string): boolean {
  return account.clock.now() < (account.elb.reservedNames.get(`${kind}/${name}`) ?? 0);
}

export function reserveName(account: Account, kind: NamedKind, name: string, until: number): void {
  account.elb.reservedNames.set(`${kind}/${name}`, until);
}
