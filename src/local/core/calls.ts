import type { ServiceName } from "../../aws/api.js";

/** One request that reached the cloud. A call that is tried again is several. */
export interface RecordedCall {
  /** By the cloud's clock. */
  readonly at: number;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: unknown;
  readonly write: boolean;
  /** AWS's code, when the answer was an error or got lost. */
  error?: string;
}

/** Whether an operation changes something, by its name. */
export const isWrite = (operation: string): boolean =>
  !/^(describe|list|get|batchGet|filter)/.test(operation);
