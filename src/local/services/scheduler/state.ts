import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { Scheduled } from "../../core/clock.js";

export interface SchedulerState {
  /** By name. `default` is always there. */
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
  /** What its invocations were answered with, oldest first: for whoever wants to know why nothing came of one. */
  readonly invocations: { readonly at: Date; readonly error: string | undefined }[];
}
