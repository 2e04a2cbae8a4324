import { isImageAnswers } from "../runtime/image-answers.js";
import { formatValue } from "../../spec/parsing/format-value.js";
import { isPlainObject } from "../../spec/parsing/frozen-copy.js";
import type { Issues } from "../../spec/parsing/issues.js";
import { unknownOption } from "../../spec/parsing/options-reader.js";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string" && value !== "";
const isTime: Check = (value) => typeof value === "string" && /^\d+(?:\.\d+)?(?:ms|s|m|h)$/.test(value);
const isLines: Check = (value) => Array.isArray(value) && value.every((line) => typeof line === "string");
const isTrue: Check = (value) => value === true;
const isCode: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
const isAnswer: Check = (value) =>
  value === "refused" ||
  value === "silence" ||
  (Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599);
const isSize: Check = (value) => Number.isFinite(value) && (value as number) > 0;

const ANSWERS =
  'an HTTP status, "refused", "silence", an object of paths such as { "/health": 200 }, or a function of the request';

/** The values of each key: how they are checked, and what they must be. */
const VALUES: Readonly<Record<string, readonly [Check, string]>> = {
  missing: [isTrue, "true"],
  cannotStart: [isText, "the reason, a non-empty string"],
  exits: [isCode, "an exit code from 0 to 255"],
  after: [isTime, 'a time such as "5s"'],
  log: [isLines, "an array of lines"],
  unhealthy: [isTrue, "true"],
  answers: [isAnswer, 'an HTTP status, "refused" or "silence"'],
  needsMemory: [isSize, "a size in MiB above 0"],
  writes: [isLines, "an array of lines"],
  every: [isTime, 'a time such as "2s"'],
};

/** The behaviors by the key that tells them apart, each with its other keys. */
const BEHAVIORS: Readonly<Record<string, readonly string[]>> = {
  missing: [],
  cannotStart: [],
  exits: ["after", "log", "answers"],
  unhealthy: ["answers", "log"],
  needsMemory: ["log", "answers"],
  writes: ["every", "answers"],
  byCommand: ["otherwise"],
  answers: ["log"],
};

/** Checks one behavior of a simulated image. */
export function checkImageBehavior(value: unknown, path: string, issues: Issues): void {
  if (!isPlainObject(value))
    return issues.add(path, `must be an object of options; got ${formatValue(value)}`);
  const keys = Object.keys(value);
  const behaviors = Object.keys(BEHAVIORS);
  const [chosen, ...others] = behaviors.filter((key) => keys.includes(key));
  const known =
    chosen === undefined ? Object.keys({ ...VALUES, ...BEHAVIORS }) : [chosen, ...BEHAVIORS[chosen]!];
  for (const key of keys) {
    if (others.includes(key) && !known.includes(key))
      issues.add(`${path}.${key}`, `cannot be combined with ${chosen}: remove one of them`);
    else if (!known.includes(key)) issues.add(`${path}.${key}`, unknownOption(key, known));
    else if (key === "answers" && chosen !== "unhealthy") {
      if (!isImageAnswers(value[key]) && value[key] !== undefined)
        issues.add(`${path}.answers`, `must be ${ANSWERS}; got ${formatValue(value[key])}`);
    } else if (key in VALUES && value[key] !== undefined && !VALUES[key]![0](value[key]))
      issues.add(`${path}.${key}`, `must be ${VALUES[key]![1]}; got ${formatValue(value[key])}`);
  }
  if (chosen === undefined && keys.every((key) => known.includes(key)))
    issues.add(path, `must be one of the behaviors: ${behaviors.join(", ")}`);
  if (chosen === "writes" && value["every"] === undefined) issues.add(`${path}.every`, "is required");
  if (chosen === "byCommand") checkCommands(value, path, issues);
}

function checkCommands(
  { byCommand, otherwise }: Record<string, unknown>,
  path: string,
  issues: Issues,
): void {
  if (isPlainObject(byCommand)) {
    for (const [command, each] of Object.entries(byCommand))
      checkImageBehavior(each, `${path}.byCommand.${command}`, issues);
  } else issues.add(`${path}.byCommand`, `must be an object of commands; got ${formatValue(byCommand)}`);
  if (otherwise !== undefined) checkImageBehavior(otherwise, `${path}.otherwise`, issues);
}
