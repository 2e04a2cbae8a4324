declare const missing: unique symbol;

/**
 * The type of `this` for operations of a chain that lacks a call. No value has this type, so that the compiler's
 * message contains the sentence: `… is not assignable to … 'NotReady<"call .image(...) first">'`.
 */
export interface NotReady<Sentence extends string> {
  readonly [missing]: Sentence;
}

/**
 * The state of a new chain. Intersected with another state, the compiler drops it, which keeps what editors show short:
 * `Deployment<HasImage & HasCluster>`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- `object` stays: `object & HasImage`
export type NoCalls = {};

/** The state of a chain after `.image(...)`. */
export interface HasImage {
  readonly image: true;
}

/** The state of a chain after `.cluster(...)`. */
export interface HasCluster {
  readonly cluster: true;
}

/** `Chain` if it has an image and a cluster, otherwise `NotReady`. */
export type Ready<State extends object, Chain> = State extends HasImage
  ? State extends HasCluster
    ? Chain
    : NotReady<"call .cluster(...) first">
  : NotReady<"call .image(...) first">;

/** The calls that a chain needs before its operations. */
export interface Complete {
  readonly image: true;
  readonly cluster: true;
}
