import { roleArnProblem } from "../role-arn.js";
import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { JsonReader } from "./json-reader.js";
import { readContainer, type ReadContainer } from "./read-container.js";
import { deploymentLogs, logsOf } from "./read-logs.js";
import { defined } from "./defined.js";
import { readVolume } from "./read-volume.js";

/** The calls of a chain that describe a task definition. */
export interface ReadTaskDefinition {
  readonly family: string | undefined;
  readonly main: ReadContainer | undefined;
  readonly sidecars: readonly ReadContainer[];
  readonly task: Readonly<Record<string, unknown>>;
  readonly volumes: readonly { readonly name: string; readonly options: object }[];
  readonly logs: { readonly group: string; readonly options: object } | undefined;
  readonly taskRole: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** What DescribeTaskDefinition returns beside what was registered: AWS's own. */
const OUTPUT = [
  "taskDefinitionArn",
  "revision",
  "status",
  "compatibilities",
  "requiresAttributes",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
];

/** Reads a task definition as a file has it, or as `describe-task-definition` returns it. */
export function readTaskDefinition(
  given: unknown,
  mainName: string | undefined,
  images: Readonly<Record<string, string>>,
  issues: Issues,
): ReadTaskDefinition {
  const json = parseText(given, issues);
  const { taskDefinition, tags } = isPlainObject(json) ? json : {};
  const definition = isPlainObject(taskDefinition) ? { tags, ...taskDefinition } : json;
  if (!isPlainObject(definition)) {
    issues.add("taskDefinition", notDefinition(definition));
    return { ...NOTHING };
  }
  const reader = new JsonReader(definition, "", issues);
  reader.skip(...OUTPUT);
  const family = reader.text("family");
  const containers = reader.list("containerDefinitions", (each) => readContainer(each, images));
  if (containers.length === 0)
    reader.issue("containerDefinitions", "is required: the containers of the task");
  for (const name of Object.keys(images))
    if (!containers.some((each) => each.name === name))
      issues.add(`images.${name}`, isNoContainer(containers));
  const main = mainOf(containers, mainName, issues);
  const logs = main && deploymentLogs(main.logs);
  const withLogs = (container: ReadContainer): ReadContainer => ({
    ...container,
    options: { ...container.options, ...logsOf(container.logs, logs) },
  });
  const read: ReadTaskDefinition = {
    family,
    main: main && withLogs(main),
    sidecars: containers.filter((each) => each !== main).map(withLogs),
    task: readTask(reader),
    volumes: reader.list("volumes", readVolume),
    logs: logs && { group: logs.group, options: logs.options },
    taskRole: role(reader, "taskRoleArn"),
    tags: reader.named("tags", "key", (tag) => tag.text("value") ?? ""),
  };
  reader.close();
  return read;
}

const NOTHING: ReadTaskDefinition = {
  family: "",
  main: undefined,
  sidecars: [],
  task: {},
  volumes: [],
  logs: undefined,
  taskRole: undefined,
  tags: undefined,
};

const notDefinition = (given: unknown): string =>
  Array.isArray(given)
    ? "must be an object; got an array: container definitions alone are put into { family, containerDefinitions }"
    : `must be an object; got ${formatValue(given)}`;

const isNoContainer = (containers: readonly ReadContainer[]): string =>
  `must be a container of the task definition; it has ${containers.map((each) => each.name).join(", ")}`;

function parseText(given: unknown, issues: Issues): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch (error) {
    issues.add("taskDefinition", `must be JSON: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

/** The container that is named, or else the first essential one with a port, or else the first essential one; no log router. */
function mainOf(
  containers: readonly ReadContainer[],
  name: string | undefined,
  issues: Issues,
): ReadContainer | undefined {
  if (name !== undefined) {
    const named = containers.find((each) => each.name === name);
    if (named === undefined)
      issues.add("container", `${isNoContainer(containers)}; got ${formatValue(name)}`);
    else if (!named.essential) issues.add("container", `must be essential, and ${name} is not`);
    return named;
  }
  const essential = containers.filter((each) => each.essential);
  const own = essential.filter(({ options }) => options.firelens === undefined);
  const first = own.find(({ options }) => options.port !== undefined) ?? own[0] ?? essential[0];
  if (first === undefined && containers.length > 0)
    issues.add("containerDefinitions", "must contain an essential container, as ECS requires");
  return first;
}

function readTask(reader: JsonReader): Readonly<Record<string, unknown>> {
  const platform = reader.object("runtimePlatform", (each) => {
    const system = each.text("operatingSystemFamily") ?? "LINUX";
    if (system !== "LINUX")
      each.issue(
        "operatingSystemFamily",
        `must be LINUX: quayside runs Linux containers; got ${formatValue(system)}`,
      );
    return (each.text("cpuArchitecture") ?? "X86_64").toLowerCase();
  });
  const constraints = reader.list("placementConstraints", (each) => {
    const type = each.text("type");
    if (type !== "memberOf") each.issue("type", `must be memberOf; got ${formatValue(type)}`);
    return each.text("expression") ?? "";
  });
  return defined({
    cpu: size(reader, "cpu", /^([\d.]+)\s*vcpus?$/i),
    memory: size(reader, "memory", /^([\d.]+)\s*gb$/i),
    networkMode: reader.text("networkMode"),
    architecture: platform,
    ephemeralStorage: reader.object("ephemeralStorage", (each) => each.number("sizeInGiB")),
    executionRole: role(reader, "executionRoleArn"),
    pidMode: reader.text("pidMode"),
    ipcMode: reader.text("ipcMode"),
    placementConstraints: constraints.length === 0 ? undefined : constraints,
    faultInjection: reader.flag("enableFaultInjection"),
    compatibilities: reader.texts("requiresCompatibilities"),
  });
}

/** `"512"`, `512`, `"0.5 vCPU"`, `"1 GB"`. */
function size(reader: JsonReader, key: string, withUnit: RegExp): number | undefined {
  const value = reader.raw(key);
  if (value === undefined || typeof value === "number") return value;
  const text = typeof value === "string" ? value.trim() : "";
  const unit = withUnit.exec(text)?.[1];
  if (unit !== undefined) return Math.round(Number(unit) * 1024);
  if (/^\d+$/.test(text)) return Number(text);
  reader.issue(key, `must be a number of ECS's units; got ${formatValue(value)}`);
  return undefined;
}

function role(reader: JsonReader, key: string): string | undefined {
  const value = reader.text(key);
  if (value === undefined || value === "") return undefined;
  if (value.startsWith("arn:")) return value;
  reader.issue(key, roleArnProblem(value));
  return undefined;
}
