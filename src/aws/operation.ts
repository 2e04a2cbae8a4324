/** One AWS operation: the SDK's own input and output, without its metadata. */
export type Operation<Input, Output> = (
  input: Input,
  options?: { readonly signal?: AbortSignal },
) => Promise<Omit<Output, "$metadata">>;
