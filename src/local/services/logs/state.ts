export interface LogsState {
  /** By name. */
  readonly groups: Map<string, LogGroup>;
  /** Names of groups just deleted -> until when AWS is still busy with them. */
  readonly busyUntil: Map<string, number>;
}

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that some answers add. */
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
