import type { RunContext, Tags } from "../engine/kind.js";
import type { AwsApi } from "./api.js";
import type { Caller } from "./caller.js";
import type { Cloud } from "./cloud.js";
import type { PropagatingRoles } from "./propagating-roles.js";

/** The context that a run on AWS gives to every resource kind. */
export interface AwsContext extends RunContext {
  readonly cloud: Cloud;
  /** The APIs for this run: with its signal, its overrides, rate limits, and retries of transient errors. */
  readonly aws: AwsApi;
  /** Returns a request with the user's override applied, for comparisons. `aws` applies it by itself. */
  readonly overridden: <Input>(operation: string, input: Input) => Input;
  readonly region: string;
  /** As in ARNs: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso` … */
  readonly partition: string;
  /** Returns the caller; `undefined` if STS does not answer. Throws if the account is not allowed. Asked once per run. */
  readonly caller: () => Promise<Caller | undefined>;
  /** True if a destroy also deletes the images in repositories. */
  readonly deleteImages: boolean;
  /** Does work that must be done even after the run was aborted, for at most 30 s. */
  readonly cleanUp: <T>(work: (context: AwsContext) => Promise<T>) => Promise<T>;
  /** A context of the same run that remembers nothing of what was read: another run has changed it meanwhile. */
  readonly afresh: () => Promise<AwsContext>;
  /**
   * The run has planned, and begins to change things: from now on, every question is asked anew. Before, one that was
   * asked is not asked again.
   */
  readonly endLooking: () => void;
  /** True until then: what is asked ahead of time is not asked again. */
  readonly isLooking: () => boolean;
  /** The time at which the run began, by the computer's clock. */
  readonly startedAt: number;
  /**
   * AWS's time, for comparisons with times that AWS reports: the computer's clock may differ.
   *
   * @param at - a time of the computer's clock. Default: now
   */
  readonly awsTime: (at?: number) => number;
  /** True if something that AWS reports happened since the run began. */
  readonly isOfThisRun: (at: Date | undefined) => boolean;
  /** The roles that may not have propagated to other services yet. */
  readonly propagatingRoles: PropagatingRoles;
  /** Values that kinds cache for the run, each under a key of its own. */
  readonly runCache: Map<string, unknown>;
  /** Returns the resources with the owner's tag, from the tagging API: one call per run and owner. */
  readonly owned: (owner: string) => Promise<readonly OwnedArn[]>;
  /**
   * Notes a resource of an owner that the run has read by name: the tagging API may not know it for minutes after
   * its creation. `owned` returns it from then on.
   */
  readonly noteOwned: (owner: string, resource: OwnedArn) => void;
}

export interface OwnedArn {
  readonly arn: string;
  readonly tags: Tags;
}
