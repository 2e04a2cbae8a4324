import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { describeAlarms } from "./describe-alarms.js";

export interface ExistingAlarmDesired extends Tagged {
  readonly alarmName: string;
  /** What it is for. @defaultValue it triggers scaling */
  readonly use?: "refresh";
}

/** An alarm that is not managed by quayside: looked up, never created. */
export const existingAlarmKind: Kind<ExistingAlarmDesired, { readonly alarmName: string }, AwsContext> = {
  kind: "existing-alarm",
  unknown: { alarmName: UNKNOWN },

  async read(desired, context) {
    const { alarmName } = desired;
    const [found] = await describeAlarms({ AlarmNames: [alarmName] }, context);
    return found === undefined ? undefined : { state: { alarmName }, current: desired, tags: {} };
  },

  notFoundError: ({ alarmName, use }) =>
    new QuaysideError(
      "alarm-missing",
      `Nothing was changed: metric alarm ${alarmName}, which is to ${use === "refresh" ? "end a refresh" : "trigger scaling"}, was not found`,
      {
        facts: { alarm: alarmName },
        fix:
          use === "refresh"
            ? "Create it first, or correct its name."
            : 'Create it first, correct its name, or let quayside create one: { when: "cpu >= 30", … }. Composite alarms cannot trigger scaling.',
      },
    ),
};
