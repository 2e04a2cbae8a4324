import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import type { NamespaceOperation } from "./state.js";

/** Where faults are injected that only an operation's result tells. */
export interface OperationFailure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/**
 * Submits an operation, which Cloud Map performs later: its answer has only the operation's ID.
 *
 * @param perform - what it changes when it succeeds; it returns why it fails
 */
export function submit(
  account: Account,
  type: NamespaceOperation["type"],
  targets: NamespaceOperation["targets"],
  perform: () => OperationFailure | undefined,
): string {
  const now = new Date(account.clock.now());
  const id = `${account.hex(20)}-${account.hex(8)}`;
  const operation: NamespaceOperation = {
    id,
    type,
    targets,
    createdAt: now,
    updatedAt: now,
    status: "SUBMITTED",
  };
  account.serviceDiscovery.operations.set(id, operation);
  const become = (status: NamespaceOperation["status"], failure?: OperationFailure) => {
    Object.assign(operation, { status, updatedAt: new Date(account.clock.now()), ...failure });
  };
  account.clock.schedule(durations.namespaceOperation / 5, () => {
    if (operation.status === "SUBMITTED") become("PENDING");
  });
  account.clock.schedule(durations.namespaceOperation, () => {
    if (operation.status === "FAIL") return;
    const failure = perform();
    become(failure === undefined ? "SUCCESS" : "FAIL", failure);
  });
  return id;
}

/** The operation of a type on a namespace that is still in progress. */
export const operationInProgress = (
  { serviceDiscovery }: Account,
  type: NamespaceOperation["type"],
  targetId: string,
): NamespaceOperation | undefined =>
  [...serviceDiscovery.operations.values()].find(
    (each) =>
      each.type === type &&
      Object.values(each.targets).includes(targetId) &&
      each.status !== "SUCCESS" &&
      each.status !== "FAIL",
  );
