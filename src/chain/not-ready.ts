declare const missing: unique symbol;

/**
 * What `this` would have to be where a chain lacks a call. Nothing is one, so that the compiler's
 * message contains the sentence: `… is not assignable to … 'NotReady<"call .image(...) first">'`.
 */
export interface NotReady<Sentence extends string> {
  readonly [missing]: Sentence;
}

/** `Chain`, once it has been told its image and its cluster. */
export type Ready<Said extends object, Chain> = Said extends { readonly image: true }
  ? Said extends { readonly cluster: true }
    ? Chain
    : NotReady<"call .cluster(...) first">
  : NotReady<"call .image(...) first">;
