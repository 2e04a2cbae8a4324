import { posix } from "node:path";
import { atLine, DockerfileError } from "./dockerfile-error.js";
import { tcpPorts } from "./exposed-ports.js";
import { parseDockerfileHealthCheck, type DockerfileHealthCheck } from "./health-check.js";
import { heredocOf } from "./heredocs.js";
import { parseInstructions, triggerOf, type Instruction } from "./instructions.js";
import { expandWord, expandWords, type EscapeToken } from "./shell-words.js";
import { argumentsOf, stageSources, type BuildInputs, type StageSources } from "./stages.js";
import { keyValues, plainWords } from "./words.js";

/** The container that a Dockerfile's last stage describes, or its requested stage. */
export interface DockerfileStage {
  /** TCP ports of `EXPOSE`, in order. */
  readonly ports: readonly number[];
  readonly entryPoint: CommandLine | undefined;
  readonly command: CommandLine | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, inside the container. */
  readonly workdir: string;
  readonly user: string | undefined;
  readonly stopSignal: string | undefined;
  /** `undefined` without one, or with `HEALTHCHECK NONE`. */
  readonly healthCheck: DockerfileHealthCheck | undefined;
  /** `COPY` and `ADD` from the build context: sources, and the absolute destination. */
  readonly copies: readonly { readonly sources: readonly string[]; readonly destination: string }[];
}

/** The words as Docker runs them: those of the shell form begin with the shell. */
interface CommandLine {
  readonly form: "exec" | "shell";
  readonly words: readonly string[];
}

interface Stage {
  readonly described: DockerfileStage;
  /** Those of ENV and ARG; a stage inherits both from the stage that it is based on. */
  readonly variables: ReadonlyMap<string, string>;
  readonly shell: readonly string[];
  readonly triggers: readonly Instruction[];
}

interface Reading extends StageSources {
  readonly escape: EscapeToken;
  readonly buildArgs: ReadonlyMap<string, string>;
}

/** BuildKit sets it if the base image does not. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const EMPTY: Stage = {
  described: {
    ports: [],
    entryPoint: undefined,
    command: undefined,
    env: {},
    workdir: "/",
    user: undefined,
    stopSignal: undefined,
    healthCheck: undefined,
    copies: [],
  },
  variables: new Map([["PATH", PATH]]),
  shell: ["/bin/sh", "-c"],
  triggers: [],
};

/**
 * Reads a Dockerfile as BuildKit does, with the values of its arguments and variables filled in. Executes
 * nothing, and knows nothing of base images in registries.
 *
 * @returns `undefined` if it has no stage with that name, or none at all
 * @throws DockerfileError if BuildKit would refuse it
 */
export function readDockerfile(text: string, inputs: BuildInputs = {}): DockerfileStage | undefined {
  const { target, buildArgs = {} } = inputs;
  const parsed = parseInstructions(text);
  const sources = stageSources(parsed, inputs);
  const reading = { ...sources, escape: parsed.escape, buildArgs: new Map(Object.entries(buildArgs)) };
  const { stages } = sources;
  const name = target?.toLowerCase();
  const named = stages.findLastIndex((stage) => stage.name === name);
  const index =
    name === undefined ? stages.length - 1 : named < 0 && /^\d+$/.test(name) ? Number(name) : named;
  return stages[index] === undefined ? undefined : readStage(index, reading).described;
}

/** Reads a stage, and those that it is based on: nothing else can matter to it. */
function readStage(index: number, reading: Reading): Stage {
  const { base, instructions } = reading.stages[index]!;
  const baseIndex = reading.stages.findLastIndex(({ name }, other) => other < index && name === base);
  const inherited = baseIndex < 0 ? EMPTY : readStage(baseIndex, reading);
  const all = [...inherited.triggers, ...instructions];
  let stage: Stage = { ...inherited, triggers: [] };
  for (const [at, instruction] of all.entries()) {
    const isCommandSet = all.slice(0, at).some(({ keyword }) => keyword === "CMD");
    stage = atLine(instruction.line, () => apply(stage, instruction, isCommandSet, reading));
  }
  return stage;
}

function apply(stage: Stage, instruction: Instruction, isCommandSet: boolean, reading: Reading): Stage {
  const { keyword, rest, json } = instruction;
  const { described, variables, shell } = stage;
  const lexing = { escape: reading.escape, variables };
  const expanded = (word: string): string => expandWord(word, lexing);
  const describe = (change: Partial<DockerfileStage>): Stage => ({
    ...stage,
    described: { ...described, ...change },
  });
  const required = (): string => {
    if (rest === "") throw new DockerfileError(`${keyword} requires an argument`);
    return rest;
  };
  const commandLine = (): CommandLine =>
    json === undefined ? { form: "shell", words: [...shell, rest] } : { form: "exec", words: json };

  switch (keyword) {
    case "ARG":
      return { ...stage, variables: withArguments(stage, instruction, reading) };
    case "ENV": {
      const values = keyValues(rest, reading.escape).map(
        ([name, value]) => [expanded(name), expanded(value)] as const,
      );
      return {
        ...describe({ env: { ...described.env, ...Object.fromEntries(values) } }),
        variables: new Map([...variables, ...values]),
      };
    }
    case "ENTRYPOINT": {
      const entryPoint = commandLine();
      return describe({
        entryPoint: entryPoint.words.length === 0 ? undefined : entryPoint,
        // An inherited CMD was meant for the other entry point.
        command: isCommandSet ? described.command : undefined,
      });
    }
    case "CMD": {
      const command = commandLine();
      return describe({ command: command.words.length === 0 ? undefined : command });
    }
    case "SHELL":
      if (json === undefined || json.length === 0)
        throw new DockerfileError("SHELL requires its arguments as a JSON array");
      return { ...stage, shell: json };
    case "WORKDIR":
      return describe({ workdir: posix.resolve(described.workdir, expanded(required())) });
    case "USER":
      return describe({ user: expanded(required()) });
    case "STOPSIGNAL":
      return describe({ stopSignal: expanded(required()) });
    case "HEALTHCHECK":
      return describe({ healthCheck: parseDockerfileHealthCheck(instruction) });
    case "EXPOSE": {
      const words = plainWords(required()).flatMap((word) => expandWords(word, lexing));
      return describe({ ports: [...new Set([...described.ports, ...words.flatMap(tcpPorts)])] });
    }
    case "COPY":
    case "ADD":
      return describe({ copies: [...described.copies, ...copiesOf(instruction, described, expanded)] });
    case "ONBUILD":
      return { ...stage, triggers: [...stage.triggers, triggerOf(instruction)] };
    default:
      return stage;
  }
}

function withArguments(
  { variables }: Stage,
  instruction: Instruction,
  { escape, buildArgs, globals }: Reading,
): ReadonlyMap<string, string> {
  const all = new Map(variables);
  for (const [name, fallback] of argumentsOf(instruction, escape)) {
    const otherwise =
      fallback === undefined ? globals.get(name) : expandWord(fallback, { escape, variables: all });
    const value = buildArgs.get(name) ?? otherwise;
    if (value !== undefined) all.set(name, value);
  }
  return all;
}

/** The sources in the build context: neither those of another stage, nor the content of heredocs. */
function copiesOf(
  { flags, rest, json, keyword }: Instruction,
  { workdir }: DockerfileStage,
  expanded: (word: string) => string,
): DockerfileStage["copies"] {
  const words = [...(json ?? plainWords(rest))];
  if (words.length < 2) throw new DockerfileError(`${keyword} requires a source and a destination`);
  const destination = expanded(words.pop()!);
  if (flags.some((flag) => /^--from(?:=|$)/.test(flag))) return [];
  const sources = words.filter((word) => json !== undefined || heredocOf(word) === undefined).map(expanded);
  return sources.length === 0 ? [] : [{ sources, destination: posix.resolve(workdir, destination) }];
}
