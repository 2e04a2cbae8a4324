import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";

/** ACM knows a while later that a listener no longer has the certificate. */
export function certificateLeft(account: Account, arn: string | undefined): void {
  const certificate = account.acm.certificates.get(arn ?? "");
  if (certificate !== undefined)
    certificate.inUseUntil = account.clock.now() + untilConsistent(account, "certificateInUseLinger");
}
