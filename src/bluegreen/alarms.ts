import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";

/**
 * Looks at the alarms that a release listens to.
 *
 * @throws QuaysideError `alarm` when one is in ALARM, `alarm-missing` when there is none of that name
 */
export async function assertNoAlarm(names: readonly string[], context: AwsContext): Promise<void> {
  if (names.length === 0) return;
  const answer = await context.aws.cloudWatch.describeAlarms({
    AlarmNames: [...names],
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  const alarms = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])];
  const missing = names.filter((name) => !alarms.some(({ AlarmName }) => AlarmName === name));
  if (missing.length > 0) {
    throw new QuaysideError("alarm-missing", `No alarm of this name exists: ${missing.join(", ")}`, {
      facts: { missing },
      fix: "Create it, or correct .blueGreen({ alarms }).",
    });
  }
  const loud = alarms.filter(({ StateValue }) => StateValue === "ALARM");
  if (loud.length === 0) return;
  const said = loud.map(({ AlarmName, StateReason }) =>
    StateReason === undefined ? `${AlarmName}` : `${AlarmName} (${StateReason})`,
  );
  throw new QuaysideError(
    "alarm",
    `${loud.length === 1 ? "An alarm is" : "Alarms are"} in ALARM: ${said.join(", ")}`,
    {
      facts: { alarms: loud.map(({ AlarmName }) => AlarmName) },
      fix: "Find out what raised it; deploy again when it is OK.",
    },
  );
}
