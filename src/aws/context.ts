import type { RunContext, Tags } from "../engine/kind.js";
import type { AwsApi } from "./api.js";
import type { Cloud } from "./cloud.js";

/** What a run on AWS gives to every resource kind. */
export interface AwsContext extends RunContext {
  readonly cloud: Cloud;
  /** Bound to this run: its signal, its overrides, and the transient refusals that it waits out. */
  readonly aws: AwsApi;
  /** A request as the user's override would leave it: what kinds compare. `aws` applies it by itself. */
  readonly overridden: <Input>(operation: string, input: Input) => Input;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Whether a destroy takes the images that repositories hold with them. */
  readonly deleteImages: boolean;
  /** The same for what must still be done when this run has been ended: by another signal. */
  readonly withSignal: (signal: AbortSignal) => Promise<AwsContext>;
  /** When the run began, by the cloud's clock. */
  readonly startedAt: number;
  /** What kinds want to remember until the run is over, by a name of their own. */
  readonly runCache: Map<string, unknown>;
  /** What carries the owner's tag, by the tagging API: one call a run and owner, however many kinds ask. */
  readonly owned: (owner: string) => Promise<readonly OwnedArn[]>;
}

export interface OwnedArn {
  readonly arn: string;
  readonly tags: Tags;
}
