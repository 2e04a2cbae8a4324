import type { OperationName, ServiceName } from "../../aws/api.js";

/** One request that reached the cloud. A call that is retried is recorded once per attempt. */
export interface RecordedCall {
  /** The time on the cloud's clock. */
  readonly at: number;
  readonly service: ServiceName;
  readonly operation: OperationName;
  readonly input: unknown;
  readonly write: boolean;
  /** AWS's error code, if the answer was an error or was lost. */
  error?: string;
}

/** True if the operation changes something, judged by its name. */
export const isWrite = (operation: string): boolean =>
  !/^(describe|list|get|batchGet|filter)/.test(operation);
