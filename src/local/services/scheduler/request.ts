import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import type { ScheduleGroup } from "./state.js";

export const invalid = (message: string): Refusal => new Refusal("ValidationException", message);

export const conflict = (message: string): Refusal => new Refusal("ConflictException", message, 409);

export const notFound = (message: string): Refusal => new Refusal("ResourceNotFoundException", message, 404);

export function checkName(name: string | undefined, what: string): asserts name is string {
  if (name === undefined || !/^[0-9A-Za-z_.-]{1,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value at '${what}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
    );
  }
}

export const schedulerArn = (world: World, path: string): string =>
  `arn:${world.partition}:scheduler:${world.region}:${world.accountId}:${path}`;

export function findGroup(world: World, name = "default"): ScheduleGroup {
  let group = world.scheduler.groups.get(name);
  if (group === undefined && name === "default") {
    group = newGroup(world, name, new Map());
  }
  if (group === undefined) throw notFound(`Schedule group ${name} does not exist.`);
  return group;
}

export function newGroup(world: World, name: string, tags: Map<string, string>): ScheduleGroup {
  const group: ScheduleGroup = {
    name,
    arn: schedulerArn(world, `schedule-group/${name}`),
    state: "ACTIVE",
    createdAt: new Date(world.clock.now()),
    tags,
    schedules: new Map(),
  };
  world.scheduler.groups.set(name, group);
  return group;
}
