import type { Color } from "../../bluegreen/colors.js";
import type { ColorToVerify } from "../../bluegreen/verify-color.js";
import type { PreviewOptions } from "../../spec/preview.js";
import type { OperationOptions, ReleaseStatus, ServiceStatus } from "../results.js";

/** How traffic is shifted to a new version. */
export interface BlueGreenOptions {
  /**
   * The percentages of the traffic that the new color gets, step by step, increasing to 100. Where ECS shifts, behind a
   * Network Load Balancer or for a name in Service Connect alone: two steps such as `[10, 100]`, or equal ones such as
   * `[25, 50, 75, 100]`. A Network Load Balancer takes ten minutes more for each step, in the first deploy, too.
   * Source: ECS Developer Guide, "Network Load Balancer resources for Amazon ECS blue/green, linear and canary deployments".
   * @defaultValue `[100]`: all at once
   */
  readonly shift?: readonly number[] | undefined;
  /**
   * How long the new color is watched after each step, including the last one: 0 to 24 h; in whole minutes where ECS shifts.
   * @defaultValue `"1m"`
   */
  readonly every?: string | undefined;
  /**
   * Called before the new color gets any traffic (also for the first version), and after each step. If it
   * throws, all traffic is shifted back. @defaultValue no check
   */
  readonly verify?: ((color: VerifyContext) => void | Promise<void>) | undefined;
  /** How long one call of `verify` may take. @defaultValue `"5m"` */
  readonly verifyTimeout?: string | undefined;
  /** Names of CloudWatch alarms: if one of them is in ALARM, all traffic is shifted back. @defaultValue none */
  readonly alarms?: readonly string[] | undefined;
  /** How long the old color keeps running at its full size: 1 min to 365 d. @defaultValue until `retire()` is called */
  readonly keepOld?: string | undefined;
  /**
   * Where a person can look at the new version before it gets traffic, also while it is held: at a host of its own,
   * `{ host: "next.example.com" }`, or with a request header, `{ header: "x-preview" }`. Creates a listener rule that
   * is evaluated before the routes', and is deleted once the new version has all traffic or is retired. At a host of
   * its own, routes that differ from the main one by their hosts only are not reached.
   * `release().preview` is its address. @defaultValue none
   */
  readonly preview?: PreviewOptions | undefined;
}

/** The argument of `verify`. */
export type VerifyContext = ColorToVerify<ServiceStatus>;

/**
 * The two colors of a blue/green deployment in AWS. Every method first reads them again: if another process
 * has changed them, it changes nothing and rejects with a `QuaysideError` (code `release-moved`).
 */
export interface BlueGreenRelease extends ReleaseStatus {
  /**
   * Shifts `percent` of the traffic to the new color, and the rest to the old one: one ModifyRule for each
   * listener. The new color is first scaled out to the size of the old one; with `.autoscale()`, scale-in of
   * both is suspended from then on.
   *
   * @param percent - a whole number from 0 to 100
   */
  shift(percent: number, options?: OperationOptions): Promise<void>;
  /**
   * Shifts all traffic to the new color. The old one keeps running. With `.autoscale()`, it then waits until
   * the new color's alarms have measured its load, for at most four minutes, and resumes its scale-in.
   */
  promote(options?: OperationOptions): Promise<void>;
  /**
   * Shifts all traffic back to the old color at once: one ModifyRule for each listener, no task is started.
   * A scheduled stop of the old color (`keepOld`) is canceled. With `.autoscale()`, its scale-in remains
   * suspended until the next deploy or `retire()`.
   */
  rollback(options?: OperationOptions): Promise<void>;
  /**
   * Deletes the service of the color without traffic, once its tasks have stopped, and its scaling; its
   * target group is kept for the next release. If a rollback has suspended the scale-in of the other color,
   * it is resumed.
   */
  retire(options?: OperationOptions): Promise<void>;
  /** The release as a picture for a person: who gets the traffic, which version each color runs, and since when. */
  toString(): string;
}

export type { Color, ColorToVerify };
