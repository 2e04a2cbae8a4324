import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import type { ScheduleGroup } from "./state.js";

export const invalid = (message: string): ServiceError => new ServiceError("ValidationException", message);

export const conflict = (message: string): ServiceError =>
  new ServiceError("ConflictException", message, 409);

export const notFound = (message: string): ServiceError =>
  new ServiceError("ResourceNotFoundException", message, 404);

export function checkName(name: string | undefined, what: string): asserts name is string {
  if (name === undefined || !/^[0-9A-Za-z_.-]{1,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
    );
  }
}

export const schedulerArn = (account: Account, path: string): string => arnOf(account, "scheduler", path);

export function findGroup(account: Account, name = "default"): ScheduleGroup {
  let group = account.scheduler.groups.get(name);
  if (group === undefined && name === "default") {
    group = newGroup(account, name, new Map());
  }
  if (group === undefined) throw notFound(`Schedule group ${name} does not exist.`);
  return group;
}

export function newGroup(account: Account, name: string, tags: Map<string, string>): ScheduleGroup {
  const group: ScheduleGroup = {
    name,
    arn: schedulerArn(account, `schedule-group/${name}`),
    state: "ACTIVE",
    createdAt: new Date(account.clock.now()),
    tags,
    schedules: new Map(),
  };
  account.scheduler.groups.set(name, group);
  return group;
}
