import type { CreateScheduleCommandInput, GetScheduleCommandOutput } from "@aws-sdk/client-scheduler";
import { isDeepStrictEqual } from "node:util";
import type { EcsApi, SchedulerApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { parseSchedule, whenDue } from "../../core/cron.js";
import { page } from "../../core/page.js";
import { isTimezone } from "../../core/time-zone.js";
import { checkPassedRoles } from "../iam/passed-roles.js";
import { invokeTarget } from "./invoke-target.js";
import { checkName, conflict, findGroup, invalid, notFound, schedulerArn } from "./request.js";
import type { Schedule } from "./state.js";

type Operations = "createSchedule" | "getSchedule" | "updateSchedule" | "deleteSchedule" | "listSchedules";

export function schedules(account: Account, ecs: EcsApi): Pick<SchedulerApi, Operations> {
  return {
    async createSchedule(input) {
      const { Name, GroupName } = input;
      checkName(Name, "name");
      const group = findGroup(account, GroupName);
      if (group.state === "DELETING") throw conflict(`Schedule group ${group.name} is being deleted.`);
      const known = group.schedules.get(Name);
      if (known !== undefined) {
        if (input.ClientToken !== undefined && isDeepStrictEqual(known.input, input))
          return { ScheduleArn: known.arn };
        throw conflict(`Schedule ${Name} already exists.`);
      }
      check(account, input);
      const now = new Date(account.clock.now());
      const schedule: Schedule = {
        name: Name,
        arn: schedulerArn(account, `schedule/${group.name}/${Name}`),
        createdAt: now,
        changedAt: now,
        input: structuredClone(input),
        next: undefined,
        invocations: [],
      };
      group.schedules.set(Name, schedule);
      scheduleInvocations(account, ecs, schedule, beginsAtOnce(input) ? account.clock.now() : undefined);
      return { ScheduleArn: schedule.arn };
    },

    async getSchedule({ Name, GroupName }) {
      return described(find(account, GroupName, Name), GroupName ?? "default");
    },

    async updateSchedule(input) {
      const schedule = find(account, input.GroupName, input.Name);
      check(account, input);
      // What the request does not name is cleared.
      schedule.input = structuredClone(input);
      schedule.changedAt = new Date(account.clock.now());
      schedule.next?.cancel();
      scheduleInvocations(account, ecs, schedule);
      return { ScheduleArn: schedule.arn };
    },

    async deleteSchedule({ Name, GroupName }) {
      const schedule = find(account, GroupName, Name);
      schedule.next?.cancel();
      findGroup(account, GroupName).schedules.delete(schedule.name);
      return {};
    },

    async listSchedules(input) {
      const groups =
        input.GroupName === undefined
          ? [...account.scheduler.groups.values()]
          : [findGroup(account, input.GroupName)];
      const found = groups.flatMap((group) =>
        [...group.schedules.values()]
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
          .map(({ name, arn, createdAt, changedAt, input: { State = "ENABLED", Target } }) => ({
            Name: name,
            GroupName: group.name,
            Arn: arn,
            CreationDate: createdAt,
            LastModificationDate: changedAt,
            State,
            Target: { Arn: Target?.Arn },
          })),
      );
      const { items, nextToken } = page(found, input.NextToken, input.MaxResults ?? 100, () =>
        invalid("The token is not valid."),
      );
      return { Schedules: items, NextToken: nextToken };
    },
  };
}

function find(account: Account, groupName: string | undefined, name: string | undefined): Schedule {
  const schedule = findGroup(account, groupName).schedules.get(name ?? "");
  if (schedule === undefined) throw notFound(`Schedule ${name} does not exist.`);
  return schedule;
}

/** "If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking the target immediately." */
const beginsAtOnce = ({ ScheduleExpression = "" }: CreateScheduleCommandInput): boolean =>
  ScheduleExpression.startsWith("rate(");

function scheduleInvocations(account: Account, ecs: EcsApi, schedule: Schedule, first?: number): void {
  schedule.next = undefined;
  const { State, ScheduleExpression = "", ScheduleExpressionTimezone = "UTC" } = schedule.input;
  if (State === "DISABLED") return;
  const begin = schedule.changedAt.getTime();
  const due = parseSchedule(ScheduleExpression, ScheduleExpressionTimezone, begin);
  if (due === undefined) return;
  const run = (isLast: boolean) => {
    void invokeTarget(account, ecs, schedule);
    if (isLast && schedule.input.ActionAfterCompletion === "DELETE")
      findGroup(account, schedule.input.GroupName).schedules.delete(schedule.name);
  };
  schedule.next = whenDue(account.clock, due, run, first);
}

function check(account: Account, input: CreateScheduleCommandInput): void {
  const {
    ScheduleExpression = "",
    ScheduleExpressionTimezone: timezone = "UTC",
    Target,
    FlexibleTimeWindow,
  } = input;
  if (!isTimezone(timezone)) throw invalid(`Provided ScheduleExpressionTimezone ${timezone} is not valid.`);
  const due = parseSchedule(ScheduleExpression, timezone, account.clock.now());
  if (due === undefined) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  // AWS's text is not documented; that it refuses a time in the past is.
  if (ScheduleExpression.startsWith("at(") && due.next(account.clock.now()) === undefined)
    throw invalid(`The schedule expression ${ScheduleExpression} is in the past.`);
  if (FlexibleTimeWindow?.Mode === undefined) throw invalid("FlexibleTimeWindow.Mode must not be null.");
  if (Target?.Arn === undefined || Target.RoleArn === undefined)
    throw invalid("Target.Arn and Target.RoleArn must not be null.");
  const isCluster = /:ecs:.*:cluster\//.test(Target.Arn);
  if (isCluster && Target.EcsParameters?.TaskDefinitionArn === undefined)
    throw invalid("EcsParameters.TaskDefinitionArn must not be null.");
  const name = nameOf(Target.RoleArn).toLowerCase();
  const role = account.iam.roles.get(name);
  checkPassedRoles(account, [Target.RoleArn]);
  const trusts = role !== undefined && trustsScheduler(role.trustPolicy, account.accountId);
  if (!trusts || account.clock.now() < role.assumableAt) {
    throw invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
  }
}

/** True if the scheduler may assume the role for schedules of the account: EventBridge Scheduler sends the account. */
function trustsScheduler(trustPolicy: string, accountId: string): boolean {
  const { Statement } = JSON.parse(trustPolicy) as { Statement: TrustStatement | TrustStatement[] };
  return [Statement].flat().some(({ Principal, Condition }) => {
    const accounts = [Condition?.StringEquals?.["aws:SourceAccount"] ?? accountId].flat();
    return JSON.stringify(Principal).includes("scheduler.amazonaws.com") && accounts.includes(accountId);
  });
}

interface TrustStatement {
  readonly Principal?: unknown;
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string | string[]>> };
}

const described = (
  { name, arn, createdAt, changedAt, input }: Schedule,
  groupName: string,
): Omit<GetScheduleCommandOutput, "$metadata"> => {
  const { ClientToken: _, ...described } = structuredClone(input);
  return {
    State: "ENABLED",
    ScheduleExpressionTimezone: "UTC",
    ActionAfterCompletion: "NONE",
    ...described,
    Name: name,
    Arn: arn,
    GroupName: groupName,
    CreationDate: createdAt,
    LastModificationDate: changedAt,
  };
};
