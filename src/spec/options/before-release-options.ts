import type { EnvironmentOptions } from "./container-options.js";

/** The task that must succeed before a release. */
export interface BeforeReleaseOptions {
  /** Instead of the image's command, one string per word. */
  readonly command: readonly string[];
  /** Variables over those of the container. */
  readonly environment?: EnvironmentOptions | undefined;
  /** How long it may run. @defaultValue `"15m"` */
  readonly timeout?: string | undefined;
}
