import type { Color } from "../../bluegreen/colors.js";
import type { ColorToVerify } from "../../bluegreen/verify-color.js";
import type { OperationOptions, ReleaseStatus, ServiceStatus } from "../results.js";

/** How a new version gets its users. */
export interface BlueGreenOptions {
  /** Per cent of the traffic on the new color, step by step, rising to 100. @defaultValue `[100]`: all at once */
  readonly shift?: readonly number[] | undefined;
  /** How long the new color is watched after each step, the last one too: 0 to 24 h. @defaultValue `"1m"` */
  readonly every?: string | undefined;
  /**
   * Asked before the new color gets any traffic, also of the first version, and after each step. What it
   * throws takes all traffic back. @defaultValue nothing is asked
   */
  readonly verify?: ((color: VerifyContext) => void | Promise<void>) | undefined;
  /** How long one call of `verify` may take. @defaultValue `"5m"` */
  readonly verifyTimeout?: string | undefined;
  /** CloudWatch alarms, by name: any of them in ALARM takes all traffic back. @defaultValue none */
  readonly alarms?: readonly string[] | undefined;
  /** How long the old color keeps running at full size: 1 min to 365 d. @defaultValue until `retire()` is called */
  readonly keepOld?: string | undefined;
}

/** What `verify` gets. */
export type VerifyContext = ColorToVerify<ServiceStatus>;

/**
 * The two colors of a blue/green deployment, as AWS has them. Every method looks again first: what
 * another process has moved meanwhile is left alone, with a `QuaysideError` (code `release-moved`).
 */
export interface BlueGreenRelease extends ReleaseStatus {
  /**
   * So many per cent of the traffic to the new color, the rest to the old one: one ModifyRule for each
   * listener. The new color is first brought to the size of the old one, if it is smaller; with
   * `.autoscale()` neither is scaled in from then on.
   *
   * @param percent - a whole number from 0 to 100
   */
  shift(percent: number, options?: OperationOptions): Promise<void>;
  /**
   * All traffic to the new color. The old one keeps running. With `.autoscale()` it then waits until the
   * new color's alarms know of its load, four minutes at most, and lets it be scaled in again.
   */
  promote(options?: OperationOptions): Promise<void>;
  /**
   * All traffic back to the old color, at once: one ModifyRule for each listener, no task is started. If
   * the old color was to be stopped (`keepOld`), it no longer is. With `.autoscale()` it keeps all of its
   * tasks until the next deploy or `retire()`, which let it be scaled in again.
   */
  rollback(options?: OperationOptions): Promise<void>;
  /**
   * Deletes the service of the color without traffic, once its tasks have ended, and what scaled it; its
   * target group stays for the next release. The other color, if it is not scaled in since a rollback, is
   * again.
   */
  retire(options?: OperationOptions): Promise<void>;
}

export type { Color, ColorToVerify };
