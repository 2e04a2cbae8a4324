import type { Operation } from "@aws-sdk/client-servicediscovery";
import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";

/** Operations of Cloud Map take seconds. */
export const OPERATION_TIMEOUT = 5 * 60_000;

/** Waits until an operation of Cloud Map has succeeded. */
export async function succeeded(id: string | undefined, what: string, context: AwsContext): Promise<void> {
  if (id === undefined) return;
  const { aws } = context;
  const operation = await poll(
    { context, every: 3_000, timeout: OPERATION_TIMEOUT, what },
    async (): Promise<Operation | undefined> => {
      const answer = await aws.serviceDiscovery.getOperation({ OperationId: id });
      const { Status } = answer.Operation ?? {};
      return Status === "SUCCESS" || Status === "FAIL" ? answer.Operation : undefined;
    },
  );
  if (operation.Status === "SUCCESS") return;
  const { ErrorCode, ErrorMessage } = operation;
  throw new QuaysideError(
    "namespace-failed",
    `AWS Cloud Map did not finish the operation: it waited for ${what}, and got ${ErrorCode}: ${ErrorMessage}`,
    {
      facts: { operation: id, code: ErrorCode, message: ErrorMessage },
      fix: "Fix the problem that AWS reports, then run again. Completed steps are kept.",
    },
  );
}
