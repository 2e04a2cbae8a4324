import type { GetRoleCommandOutput } from "@aws-sdk/client-iam";
import type { ServiceName } from "./api.js";
import { roleName } from "./arn.js";

/** IAM is eventually consistent: within this time, every service sees a change of a role (Terraform waits as long). */
const PROPAGATION = 2 * 60_000;

/** The calls after which other services may not see a role as it is. */
const CHANGES: ReadonlySet<string> = new Set([
  "createRole",
  "updateAssumeRolePolicy",
  "attachRolePolicy",
  "detachRolePolicy",
  "putRolePolicy",
  "deleteRolePolicy",
]);

const ROLE_ARN = /arn:[\w-]+:iam::\d*:role\/[\w+=,.@/-]+/g;

/**
 * The roles that other services may not see yet: those that this run has created or changed, and those that an
 * interrupted run created moments ago. What AWS refuses because of such a role passes by itself; because of
 * any other role it does not.
 */
export class PropagatingRoles {
  /** Name in lower case -> the last time at which it is not settled, by AWS's clock. */
  readonly #until = new Map<string, number>();
  readonly #awsTime: () => number;

  constructor(awsTime: () => number) {
    this.#awsTime = awsTime;
  }

  /** Notes what a call to AWS changes. Its answer may be lost, so that the request counts. */
  noteRequest(service: ServiceName, method: string, input: unknown): void {
    if (service !== "iam" || !CHANGES.has(method)) return;
    this.#note((input as { readonly RoleName?: string }).RoleName, this.#awsTime());
  }

  /** Notes how old a role is. */
  noteAnswer(service: ServiceName, method: string, answer: unknown): void {
    if (service !== "iam" || method !== "getRole") return;
    const { Role } = answer as Partial<GetRoleCommandOutput>;
    if (Role?.CreateDate !== undefined) this.#note(Role.RoleName, Role.CreateDate.getTime());
  }

  /** True if one of the roles that the message names may not have propagated; without names, if any role may not. */
  areNamedIn(message: string): boolean {
    const names = [...message.matchAll(ROLE_ARN)].map(([arn]) => roleName(arn).toLowerCase());
    const known = names.length === 0 ? [...this.#until.keys()] : names;
    return known.some((name) => this.#awsTime() < (this.#until.get(name) ?? 0));
  }

  /** The time, by AWS's clock, from which on every role has propagated. */
  get settledAt(): number {
    return Math.max(0, ...this.#until.values());
  }

  #note(name: string | undefined, changedAt: number): void {
    const key = (name ?? "").toLowerCase();
    this.#until.set(key, Math.max(this.#until.get(key) ?? 0, changedAt + PROPAGATION));
  }
}
