export interface TaggingState {
  /** Milliseconds after which the tagging API knows of a change. */
  readonly delay: number;
  /** The tagged resources at different times, oldest first. */
  readonly versions: TagVersion[];
}

interface TagVersion {
  readonly at: number;
  resources: readonly TaggedResource[];
}

export interface TaggedResource {
  readonly type: string;
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
}
