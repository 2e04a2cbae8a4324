export interface LogsState {
  /** By name. */
  readonly groups: Map<string, LogGroup>;
}

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  retentionInDays: number | undefined;
  readonly tags: Map<string, string>;
  /** By stream name. */
  readonly streams: Map<string, LogEvent[]>;
}

export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}
