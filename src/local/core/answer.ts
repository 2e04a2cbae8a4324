/** The answer of an operation that quayside itself does not call: the SDK's output, without its metadata. */
export type Answer<Output> = Promise<Omit<Output, "$metadata">>;
