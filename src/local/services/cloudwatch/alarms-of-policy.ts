import type { Account } from "../../core/account.js";

interface PolicyAlarm {
  readonly AlarmName: string | undefined;
  readonly AlarmARN: string | undefined;
}

/** The alarms of a scaling policy: its own ones, and those that users have given it as their action. */
export const alarmsOfPolicy = (account: Account, policyArn = ""): PolicyAlarm[] =>
  [...account.cloudWatch.alarms.values()]
    .filter(({ description }) => description.AlarmActions?.includes(policyArn))
    .map(({ description }) => ({ AlarmName: description.AlarmName, AlarmARN: description.AlarmArn }));
