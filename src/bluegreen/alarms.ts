import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";

/**
 * Checks the alarms of a release.
 *
 * @throws QuaysideError `alarm` if one is in ALARM, `alarm-missing` if one does not exist
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
    const subject = missing.length === 1 ? "CloudWatch alarm" : "CloudWatch alarms";
    const verb = missing.length === 1 ? "does not exist" : "do not exist";
    throw new QuaysideError("alarm-missing", `${subject} ${missing.join(", ")} ${verb}`, {
      facts: { missing },
      fix: "Create it, or correct .blueGreen({ alarms }).",
    });
  }
  const active = alarms.filter(({ StateValue }) => StateValue === "ALARM");
  if (active.length === 0) return;
  const descriptions = active.map(({ AlarmName, StateReason }) =>
    StateReason === undefined ? `${AlarmName}` : `${AlarmName} (${StateReason})`,
  );
  throw new QuaysideError(
    "alarm",
    `${active.length === 1 ? "An alarm is" : "Alarms are"} in ALARM: ${descriptions.join(", ")}`,
    {
      facts: { alarms: active.map(({ AlarmName }) => AlarmName) },
      fix: "Find the cause, and deploy again once the alarm is OK.",
    },
  );
}
