type LoadedOperations = typeof import("../operations/operations.js");

let loading: Promise<LoadedOperations> | undefined;

/** Loads the operations, which are most of quayside's code, when the first of them is called. */
export const loadOperations = (): Promise<LoadedOperations> =>
  (loading ??= import("../operations/operations.js"));
