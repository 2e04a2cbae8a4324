import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { describeAlarms } from "./describe-alarms.js";

export interface ExistingAlarmDesired extends Tagged {
  readonly alarmName: string;
}

/** An alarm that is somebody else's: looked up, never made. */
export const existingAlarmKind: Kind<ExistingAlarmDesired, { readonly alarmName: string }, AwsContext> = {
  kind: "existing-alarm",
  unknown: { alarmName: UNKNOWN },

  async read(desired, context) {
    const { alarmName } = desired;
    const [found] = await describeAlarms({ AlarmNames: [alarmName] }, context);
    return found === undefined ? undefined : { state: { alarmName }, current: desired, tags: {} };
  },

  notFoundError: ({ alarmName }) =>
    new QuaysideError(
      "alarm-missing",
      `Nothing was changed: alarm ${alarmName}, which is to set off scaling, does not exist as a metric alarm`,
      {
        facts: { alarm: alarmName },
        fix: 'Create it first, correct its name, or let quayside make one: { when: "cpu >= 30", … }. Composite alarms cannot scale anything.',
      },
    ),
};
