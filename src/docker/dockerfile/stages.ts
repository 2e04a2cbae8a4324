import { atLine, DockerfileError } from "./dockerfile-error.js";
import type { Instruction, ParsedDockerfile } from "./instructions.js";
import { expandWord, type EscapeToken } from "./shell-words.js";
import { plainWords, quotedWords } from "./words.js";

/** A stage as it is written: what FROM names, and the instructions after it. */
interface StageSource {
  /** In lower case, as BuildKit compares names. */
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface StageSources {
  readonly stages: readonly StageSource[];
  /** The values of ARG before the first FROM. */
  readonly globals: ReadonlyMap<string, string>;
}

export interface BuildInputs {
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly target?: string | undefined;
  /** @defaultValue `"linux/amd64"` */
  readonly platform?: string | undefined;
}

/** Groups the instructions by stage. */
export function stageSources(
  { instructions, escape }: ParsedDockerfile,
  { buildArgs = {}, target, platform = "linux/amd64" }: BuildInputs,
): StageSources {
  const given = new Map(Object.entries(buildArgs));
  const globals = new Map<string, string>();
  const stages: { name: string | undefined; written: Instruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    const { keyword, line } = instruction;
    if (keyword === "FROM") stages.push(parseFrom(instruction));
    else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (keyword !== "ARG")
      throw new DockerfileError(`${keyword} must come after FROM, which begins a stage`, line);
  }
  const predefined = predefinedArgs(platform, target ?? stages.at(-1)?.name ?? "");
  for (const [name, value] of predefined) globals.set(name, given.get(name) ?? value);
  for (const instruction of instructions.slice(0, instructions.findIndex(isFrom))) {
    for (const [name, fallback] of atLine(instruction.line, () => argumentsOf(instruction, escape))) {
      const value = given.get(name) ?? expanded(fallback, instruction, escape, globals);
      if (value !== undefined) globals.set(name, value);
    }
  }
  return {
    globals,
    stages: stages.map(({ name, written, instructions: own }) => {
      const [image = ""] = plainWords(written.rest);
      const base = expanded(image, written, escape, globals)!;
      if (base === "") throw new DockerfileError(`FROM ${image} names no image`, written.line);
      return { name, base: base.toLowerCase(), instructions: own };
    }),
  };
}

const isFrom = ({ keyword }: Instruction): boolean => keyword === "FROM";

function expanded(
  text: string | undefined,
  { line }: Instruction,
  escape: EscapeToken,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  return text === undefined ? undefined : atLine(line, () => expandWord(text, { escape, variables }));
}

function parseFrom(written: Instruction) {
  const words = plainWords(written.rest);
  const isNamed = words.length === 3 && words[1]!.toLowerCase() === "as";
  if (words.length !== 1 && !isNamed)
    throw new DockerfileError(
      "FROM must be followed by an image, or by an image, AS and a name",
      written.line,
    );
  const name = words[2]?.toLowerCase();
  if (name !== undefined && !/^[a-z][a-z0-9\-_.]*$/.test(name))
    throw new DockerfileError(`FROM has the invalid stage name ${words[2]}`, written.line);
  return { name, written, instructions: [] as Instruction[] };
}

/** The names of ARG, with the defaults as they are written. */
export function argumentsOf(
  { rest }: Instruction,
  escape: EscapeToken,
): readonly (readonly [name: string, fallback: string | undefined])[] {
  const words = quotedWords(rest, escape);
  if (words.length === 0) throw new DockerfileError("ARG requires at least one argument");
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals === 0) throw new DockerfileError("ARG has a variable without a name");
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** Source: Dockerfile reference, "Automatic platform ARGs in the global scope". */
function predefinedArgs(platform: string, stage: string): [name: string, value: string][] {
  const [os = "", architecture = "", variant = ""] = platform.split("/");
  return [
    ...["BUILD", "TARGET"].flatMap((side): [string, string][] => [
      [`${side}PLATFORM`, platform],
      [`${side}OS`, os],
      [`${side}OSVERSION`, ""],
      [`${side}ARCH`, architecture],
      [`${side}VARIANT`, variant],
    ]),
    ["TARGETSTAGE", stage || "default"],
  ];
}
