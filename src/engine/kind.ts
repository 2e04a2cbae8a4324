import type { Clock } from "./clock.js";
import type { Emit } from "./events.js";

/** The context of a run, which every operation in it gets. Other rooms extend it with their clients. */
export interface RunContext {
  readonly clock: Clock;
  /** A random number in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** The context for an owner's resources, if owners have overrides of their own, or the run is for several. */
  as?(owner: string | undefined): this;
  /** True while the run asks ahead of time, with guesses for what it does not know yet: only names are meant. */
  readonly isAhead?: boolean;
  /** The context for what the run does not touch: what it has observed of that is still known. */
  asObserved?(): this;
  /**
   * The context that answers what the run has asked while it planned, and asks the rest: for what AWS refuses if it
   * has changed since.
   *
   * @param within - milliseconds: if the run began before that, everything is asked
   */
  asPlanned?(within?: number): this;
  /** The deployment that an owner is; only in a run for several, whose events, steps and errors say it. */
  readonly deploymentOf?: ((owner: string | undefined) => string | undefined) | undefined;
}

export type Tags = Readonly<Record<string, string>>;

/** Every desired state has the tags of its resource (none if the resource cannot have tags). */
export interface Tagged {
  readonly tags: Tags;
}

/** The present resource. */
export interface Observed<Desired extends Tagged, State> {
  /** The identifiers that other resources need: IDs, ARNs, names. */
  readonly state: State;
  /**
   * The present values in the shape of the desired state. A field that AWS does not report is absent, and
   * is compared by the spec hash only; a field that AWS reports as not set has the value `undefined`.
   */
  readonly current: Partial<{ readonly [K in keyof Desired]: unknown }>;
  readonly tags: Tags;
  /** What the user's override of the create request asks for, and the resource does not have. */
  readonly unapplied?: readonly FieldChange[];
  /** Set if it belongs to another place, whoever owns it there: it is neither changed, adopted nor deleted. */
  readonly elsewhere?: Elsewhere | undefined;
}

/** Another place that shares the names of this one, such as another region of the account. */
export interface Elsewhere {
  /** The place in words: `region eu-west-1`. */
  readonly place: string;
  /** What the user can do, in a sentence. */
  readonly fix: string;
}

export interface FieldChange {
  /** The dotted path: `healthCheck.path`, `containerDefinitions.0.image`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * One kind of resource: how it is read, created, updated, deleted, and when it is ready. The engine
 * compares `current` with the desired state.
 *
 * Every method may be called again after a failure or a lost response, and must then do no harm: deleting
 * a resource that no longer exists succeeds; creating one that exists fails with an error for which
 * `alreadyExists` is true (the engine then reads it and, if quayside manages it, continues from there).
 */
export interface Kind<Desired extends Tagged, State, Context extends RunContext> {
  /** The name in kebab case, as in plans and in the tag `quayside:kind`: `security-group`. */
  readonly kind: string;

  /** The state of a resource that does not exist yet: every field is `UNKNOWN` ("known after apply"). */
  readonly unknown: State;

  // Lookup

  /**
   * The resource under the desired name, whether quayside manages it or not; `undefined` if there is none,
   * or if its parent is not known yet (a field is UNKNOWN). Never writes.
   */
  read(desired: Desired, context: Context): Promise<Observed<Desired, State> | undefined>;

  /** True for a lookup of what only a deploy creates or compares: a destroy does not ask. */
  readonly isForDeploy?: true;

  /** The error for a lookup without a result. */
  notFoundError?(desired: Desired): Error;

  /** True if `error`, thrown by `create`, means that the resource already exists. */
  alreadyExists?(error: unknown): boolean;

  // Creation and update

  /**
   * Creates the resource. Absent: the resource is only looked up; `notFoundError` is the error if there is none.
   *
   * @param begun - what `begin` has begun
   */
  create?(desired: Desired, context: Context, begun?: Promise<unknown>): Promise<State>;

  /** Begins what the creation does not have to wait for its needs with, whose fields are UNKNOWN. `create` ends it. */
  begin?(desired: Desired, context: Context): Promise<unknown>;

  /**
   * The state of a node that is nothing in AWS: it is made of its needs alone. `read` then returns it as well, and there
   * is no `create`.
   */
  derive?(desired: Desired): State;

  /** Throws an error that the create would meet and that can be known before anything is changed. Never writes. */
  preflight?(desired: Desired, context: Context): Promise<void>;

  /** Changes in place what `changes` names (dotted paths, `tags` and `tags.*` among them). */
  update?(
    desired: Desired,
    observed: Observed<Desired, State>,
    changes: readonly FieldChange[],
    context: Context,
  ): Promise<State>;

  /**
   * Takes away what `update` has left because only what used the resource before needs it, such as permissions of
   * tasks that a rollout replaces. It is called after each update, once everything works.
   */
  narrow?(
    desired: Desired,
    observed: Observed<Desired, State>,
    changes: readonly FieldChange[],
    context: Context,
  ): Promise<void>;

  /**
   * The desired state that completes a resource whose creation was interrupted, because it takes several calls;
   * `undefined` if nothing is missing. It applies to resources that a chain only uses (claim `use`): what they have
   * besides may be of the chain that describes them, and stays.
   */
  completed?(desired: Desired, observed: Observed<Desired, State>): Desired | undefined;

  /** Waits until the resource is usable, and returns its state then; throws if it will never be. */
  ready?(state: State, desired: Desired, context: Context): Promise<State>;

  /** Paths (prefixes) that AWS cannot change in place. */
  readonly immutable?: readonly string[];

  /** Paths (prefixes) that are set at creation and ignored afterwards. */
  readonly createOnly?: readonly string[] | ((desired: Desired) => readonly string[]);

  /** Fields of the state that an update gives new values (a new version, a new revision). */
  readonly changesOnUpdate?: readonly (keyof State)[];

  /** The field of the desired state that is the resource itself: plans omit it from the paths. */
  readonly wrapperField?: keyof Desired & string;

  /** The part of the desired state that not every endpoint reports: its hash is kept in a tag. */
  hashed?(desired: Desired): unknown;

  // Ownership

  /**
   * Identifies the resource among those with the same name, if AWS does not know the names: two runs at the same
   * moment can create two. Those that the chain does not get by `read` are deleted.
   */
  identity?(state: State): string;

  /**
   * All resources of this kind with the owner's tag. Those that the chain describes (`isDescribed`) need
   * not be read again.
   */
  findOwned?(
    owner: string,
    context: Context,
    isDescribed?: (name: string) => boolean,
  ): Promise<readonly Found<State>[]>;

  /**
   * Where a resource is that only has the name of the described one: the VPC of another security group. It is then
   * no longer part of the description. `undefined`: it is the described one.
   */
  elsewhere?(state: State, desired: Desired): string | undefined;

  /** The names of other users. While there is one, nothing of this owner is deleted. */
  usedBy?(found: Found<State>, pending: PendingDeletions, context: Context): Promise<readonly string[]>;

  /** The reason why AWS does not delete it, which the user has chosen. While there is one, nothing of this owner is deleted. */
  protectedBy?(found: Found<State>, context: Context): Promise<string | undefined>;

  /** The owners of its parents: once it is deleted, they may have no user left. */
  parentOwners?(found: Found<State>): readonly string[];

  /** False if `adopt` does not take over a resource with these tags of another owner. Absent: it takes over any. */
  isAdoptable?(tags: Tags): boolean;

  /** What the user can do if the resource is another owner's, or is not managed by quayside (`owner` is `undefined`). */
  foreignFix?(desired: Desired, owner: string | undefined): string | undefined;

  // Deletion

  /**
   * What the user has to do with an adopted one that a destroy keeps: AWS deletes what it needs regardless of it.
   * Absent: what an adopted one needs is kept as well.
   */
  readonly keptAlone?: string;

  /**
   * What can be deleted of it beside the deletion of these dependents, which the rest waits for. Where it fails, `delete`
   * does it.
   */
  readonly deletionBegins?: {
    readonly beside: readonly string[];
    readonly begin: (state: State, context: Context) => Promise<void>;
  };

  /** Deletes the resource, and ends when it is deleted or no longer blocks the deletion of what it depends on. */
  delete?(state: State, context: Context, pending?: PendingDeletions, tags?: Tags): Promise<void>;

  /** Other kinds whose resources this kind can depend on: they are deleted after it. */
  readonly dependsOn?: readonly string[];

  /** Kinds that this kind needs when it is created, and that AWS deletes regardless of it: they do not wait for it. */
  readonly deletedBeside?: readonly string[];

  /** True if AWS deletes it with `parent`, on which it depends: it takes no call then. */
  deletedWith?(found: Pick<Found<State>, "name" | "state">, parent: Parent): boolean;

  /** The names of resources of others that prevent its deletion. It alone is kept then. */
  blockedBy?(found: Found<State>, pending: PendingDeletions, context: Context): Promise<readonly string[]>;

  /** The same, asked right before the deletion: what it depended on may have been kept meanwhile. */
  stillBlockedBy?(
    found: Found<State>,
    pending: PendingDeletions,
    context: Context,
  ): Promise<readonly string[]>;

  /** Asks, while the run plans, what its deletion begins with: the answers are for the memory of the run. */
  askBeforeDeletion?(state: State, context: Context): Promise<unknown>;

  /** The reason why it is kept although it has no users: its content would be lost. `undefined`: it can be deleted. */
  retainReason?(state: State, context: Context): Promise<string | undefined>;
}

/** A resource that was found by its tags. */
export interface Found<State> {
  /** The name that its node would have in a graph. */
  readonly name: string;
  /** The scope in which that name is unique, if that is not the account and region: a service's cluster. */
  readonly scope?: string | undefined;
  readonly state: State;
  readonly tags: Tags;
}

/** A resource that is about to be deleted with what depends on it. */
export interface Parent {
  readonly kind: string;
  readonly state: unknown;
}

/** The resources that the run is about to delete. */
export interface PendingDeletions {
  /**
   * True if it is deleted, or changed so that it does not refer to what is no longer described. Where names are unique
   * in a scope only, `scope/name` is the one in that scope.
   */
  has(kind: string, name: string): boolean;
}

const UNKNOWN_TEXT = "(known after apply)";

/** The value of a field that AWS assigns, before it has. */
export const UNKNOWN: string = UNKNOWN_TEXT;

/** True if the value is, or is built from, one that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(UNKNOWN_TEXT);
}

/** The run's context for one owner's resources: each owner's overrides apply to its own requests. */
export const contextForOwner = <Context extends RunContext>(
  owner: string | undefined,
  context: Context,
): Context => context.as?.(owner) ?? context;
