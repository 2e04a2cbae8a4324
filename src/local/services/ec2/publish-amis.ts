import type { Account } from "../../core/account.js";
import { publishImages } from "./machine-images.js";

const DAY = 86_400_000;

export function publishAmis(account: Account): void {
  account.ec2.machineImages = publishImages(
    account.ec2.machineImages,
    new Date(account.clock.now()),
    account.hex,
  );
}

/** Again and again, without keeping an idle cloud going. */
export function publishAmisEvery(account: Account, days: number): void {
  account.clock.schedule(
    days * DAY,
    () => {
      publishAmis(account);
      publishAmisEvery(account, days);
    },
    "background",
  );
}
