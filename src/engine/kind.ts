import type { Clock } from "./clock.js";
import type { Emit } from "./events.js";

/** What a run gives to everything that acts in it. Domains extend it with their clients. */
export interface RunContext {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** The context for what an owner has, where owners have a say of their own in it. */
  as?(owner: string | undefined): this;
}

export type Tags = Readonly<Record<string, string>>;

/** Every desired state carries the tags that the resource shall have (empty where it can carry none). */
export interface Tagged {
  readonly tags: Tags;
}

/** What is there now. */
export interface Observed<Desired extends Tagged, State> {
  /** What other resources need of it: ids, ARNs, names. */
  readonly state: State;
  /**
   * The present values in the shape of the desired state. A field that the cloud does not report is
   * left out (the key is absent) and compared by the spec hash alone; one that it reports as not set
   * is there with the value `undefined`.
   */
  readonly current: Partial<{ readonly [K in keyof Desired]: unknown }>;
  readonly tags: Tags;
}

export interface FieldChange {
  /** Dotted: `healthCheck.path`, `containerDefinitions.0.image`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * One kind of resource: how it is read, created, updated, deleted, and when it is ready. Comparing is
 * the engine's, on `current` and desired.
 *
 * Every method may be called again after a failure or a lost response and must then do no harm:
 * deleting what is gone is success; creating what exists fails with an error for which
 * `alreadyExists` is true (the engine then reads it and, if it is ours, goes on from there).
 */
export interface Kind<Desired extends Tagged, State, Context extends RunContext> {
  /** Kebab-case, as in plans and in the tag `quayside:kind`: `security-group`. */
  readonly kind: string;

  /** Stands for the state of something not yet created: every field `UNKNOWN` ("known after apply"). */
  readonly unknown: State;

  /**
   * What is there under the desired name, ours or not; `undefined` when nothing is, or when what it
   * would live in is itself not known yet (a field is UNKNOWN). Never writes.
   */
  read(desired: Desired, context: Context): Promise<Observed<Desired, State> | undefined>;

  /** Absent: the resource is only looked up, never made. `missing` then says what to do about it. */
  create?(desired: Desired, context: Context): Promise<State>;

  /** Throws what would make the create fail and can be known before anything is changed. Never writes. */
  preflight?(desired: Desired, context: Context): Promise<void>;

  /** Changes in place what `changes` names (dotted paths; `tags` and `tags.*` among them). */
  update?(
    desired: Desired,
    observed: Observed<Desired, State>,
    changes: readonly FieldChange[],
    context: Context,
  ): Promise<State>;

  /** Ends when the resource is gone, or can no longer hold up what it depended on. */
  delete?(state: State, context: Context, leaving?: PendingDeletions): Promise<void>;

  /** Waits until it is usable; throws when it will not be. Returns the state then. */
  ready?(state: State, desired: Desired, context: Context): Promise<State>;

  /** Paths (prefixes) that the cloud cannot change in place. */
  readonly immutable?: readonly string[];

  /** Paths (prefixes) that are set when it is created and left alone afterwards. */
  readonly createOnly?: readonly string[] | ((desired: Desired) => readonly string[]);

  /** Fields of the state that an update gives new values (a new version, a new revision). */
  readonly changesOnUpdate?: readonly (keyof State)[];

  /** The field of the desired state that is the resource itself: plans leave it out of the paths. */
  readonly wrapperField?: keyof Desired & string;

  /** The part of the desired state that not every endpoint reports: its hash is kept in a tag. */
  hashed?(desired: Desired): unknown;

  /** The error for a lookup that found nothing. */
  notFoundError?(desired: Desired): Error;

  /** Whether a failed create says that it is already there. */
  alreadyExists?(error: unknown): boolean;

  /**
   * Everything of this kind that carries the owner's tag, described by the chain or not. What the chain
   * describes need not be looked at once more.
   */
  findOwned?(
    owner: string,
    context: Context,
    isDescribed?: (name: string) => boolean,
  ): Promise<readonly Found<State>[]>;

  /** Kinds that this one can depend on: while one of it is there, those cannot go. */
  readonly dependsOn?: readonly string[];

  /** Who else uses it, by name: while somebody does, everything of its owner stays. */
  usedBy?(found: Found<State>, leaving: PendingDeletions, context: Context): Promise<readonly string[]>;

  /** What of others keeps it from being deleted: it stays then, and nothing else does. */
  blockedBy?(found: Found<State>, leaving: PendingDeletions, context: Context): Promise<readonly string[]>;

  /** The owners of what it is in: when it goes, it may have been their last user. */
  parentOwners?(found: Found<State>): readonly string[];

  /** Why it is kept although nobody uses it: it holds what would be lost. `undefined`: it can go. */
  retainReason?(state: State, context: Context): Promise<string | undefined>;
}

export interface Found<State> {
  /** The node name that it would have in a graph. */
  readonly name: string;
  /** Where that name is unique, if not in the whole account and region: a service's cluster. */
  readonly scope?: string | undefined;
  readonly state: State;
  readonly tags: Tags;
}

/** What the run is about to delete. */
export interface PendingDeletions {
  has(kind: string, name: string): boolean;
}

const UNKNOWN_TEXT = "(known after apply)";

/** The value of a field that only the cloud can say, before it has. */
export const UNKNOWN: string = UNKNOWN_TEXT;

/** Whether a value is, or is built from, something not known yet. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(UNKNOWN_TEXT);
}
/** The run's context as one owner's resources get it: in a run for several owners each has its own say on requests. */

export const contextForOwner = <Context extends RunContext>(
  owner: string | undefined,
  context: Context,
): Context => context.as?.(owner) ?? context;
