/** When and how a job runs by itself. */
export interface ScheduleOptions {
  /** An IANA time zone, such as `"Europe/Paris"`; clock changes are followed. @defaultValue `"UTC"` */
  readonly timezone?: string | undefined;
  /** Tasks each time, 1 to 10. @defaultValue 1 */
  readonly count?: number | undefined;
  /** Whether it runs: a schedule that is off stays as it is. @defaultValue `true` */
  readonly enabled?: boolean | undefined;
}
