declare const missing: unique symbol;

/**
 * The type of `this` for operations of a chain that lacks a call. No value has this type, so that the compiler's
 * message contains the sentence: `… is not assignable to … 'NotReady<"call .image(...) first">'`.
 */
export interface NotReady<Sentence extends string> {
  readonly [missing]: Sentence;
}

/** `Chain` if it has an image and a cluster, otherwise `NotReady`. */
export type Ready<State extends object, Chain> = State extends { readonly image: true }
  ? State extends { readonly cluster: true }
    ? Chain
    : NotReady<"call .cluster(...) first">
  : NotReady<"call .image(...) first">;

/** The calls that a chain needs before its operations. */
export interface Complete {
  readonly image: true;
  readonly cluster: true;
}
