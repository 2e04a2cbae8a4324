/** Where the containers' output goes: CloudWatch Logs. */
export interface LogsOptions {
  /**
   * How long lines are kept: one of the numbers of days that CloudWatch Logs knows, such as `"30d"`, or
   * `"never"` to delete nothing. AWS bills what is stored.
   * @defaultValue `"30d"`
   */
  readonly retention?: string | undefined;
  /** Streams are named `{streamPrefix}/{container}/{task}`. @defaultValue the deployment's name */
  readonly streamPrefix?: string | undefined;
}
