import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { Scheduled } from "../../core/clock.js";

export interface SchedulerState {
  /** Keyed by name. `default` always exists. */
  readonly groups: Map<string, ScheduleGroup>;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  state: "ACTIVE" | "DELETING";
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly schedules: Map<string, Schedule>;
}

export interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  changedAt: Date;
  input: CreateScheduleCommandInput;
  next: Scheduled | undefined;
  /** The results of its invocations, oldest first: they explain why an invocation had no effect. */
  readonly invocations: { readonly at: Date; readonly error: string | undefined }[];
}
