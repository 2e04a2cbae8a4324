import type { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";

export interface LogsState {
  /** Keyed by name. */
  readonly groups: Map<string, LogGroup>;
  /** Names of groups that were just deleted -> until when AWS is still deleting them. */
  readonly busyUntil: Map<string, number>;
}

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that some answers add. */
  readonly arn: string;
  readonly createdAt: number;
  retentionInDays: number | undefined;
  /** The ARN of the key. */
  kmsKeyId: string | undefined;
  readonly logGroupClass: LogGroupClass;
  readonly tags: Map<string, string>;
  /** Keyed by stream name. */
  readonly streams: Map<string, LogEvent[]>;
  /** Stream name -> when it was created; by its first line if it is not listed. */
  readonly streamsCreatedAt: Map<string, number>;
}

export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}
