import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";

/** A certificate that the account has in ACM from the start. */
export interface CertificateOptions {
  /** `talk.example.com` or `*.example.com`. */
  readonly domain: string;
  /** Additional names of the certificate. @defaultValue none */
  readonly names?: readonly string[];
  /** @defaultValue "ISSUED" */
  readonly status?: "ISSUED" | "PENDING_VALIDATION" | "EXPIRED";
  /** Days until it expires, counted from the cloud's start; may be negative. @defaultValue 395 */
  readonly validDays?: number;
}

export const DAY = 86_400_000;

export function createCertificates(account: Account, certificates: readonly CertificateOptions[]): void {
  for (const { domain, names = [], status = "ISSUED", validDays = 395 } of certificates) {
    const id = account.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    const arn = arnOf(account, "acm", `certificate/${id}`);
    const now = account.clock.now();
    account.acm.certificates.set(arn, {
      arn,
      domain,
      names: [...new Set([domain, ...names])],
      status,
      createdAt: new Date(now),
      issuedAt: new Date(now),
      notAfter: new Date(now + validDays * DAY),
      tags: new Map(),
      inUseUntil: 0,
    });
  }
}
