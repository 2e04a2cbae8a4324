import { Arg, Cmd, Copy, DockerfileParser, Entrypoint, Env, From, type Instruction } from "dockerfile-ast";
import { posix } from "node:path";

/** The container that a Dockerfile's last stage describes, or its requested stage. */
export interface DockerfileStage {
  /** TCP ports of `EXPOSE`, in order. */
  readonly ports: readonly number[];
  readonly entryPoint: CommandLine | undefined;
  readonly command: CommandLine | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, inside the container. */
  readonly workdir: string;
  /** `COPY` and `ADD` from the build context: sources, and the absolute destination. */
  readonly copies: readonly { readonly sources: readonly string[]; readonly destination: string }[];
}

/** `CMD ["node", "server.mjs"]` is the exec form; `CMD node server.mjs` is the shell form. */
type CommandLine = { readonly exec: readonly string[] } | { readonly shell: string };

type Stage = { -readonly [K in keyof DockerfileStage]: DockerfileStage[K] };

/**
 * Parses a Dockerfile, with the values of its arguments and variables filled in. Executes nothing.
 *
 * @returns `undefined` if it has no stage with that name, or none at all
 */
export function readDockerfile(
  text: string,
  target?: string,
  buildArgs: Readonly<Record<string, string>> = {},
): DockerfileStage | undefined {
  const stages = new Map<string, Stage>();
  const globals: Record<string, string> = {};
  let variables: Record<string, string> = {};
  let stage: Stage | undefined;

  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const expanded = (value: string): string => expand(value, variables);
    const words = () => instruction.getArguments().map((argument) => expanded(unquoted(argument.getValue())));
    if (instruction instanceof From) {
      const base = expand(instruction.getImage() ?? "", globals).toLowerCase();
      const name = instruction.getBuildStage()?.toLowerCase();
      stage = copyOf(stages.get(base));
      variables = { ...stage.env };
      stages.set(String(countOf(stages)), stage);
      if (name !== undefined) stages.set(name, stage);
      continue;
    }
    if (instruction instanceof Arg) {
      const property = instruction.getProperty();
      const name = property?.getName();
      if (name === undefined) continue;
      const fallback = property?.getValue();
      const value =
        buildArgs[name] ??
        (fallback == null ? globals[name] : expand(fallback, stage === undefined ? globals : variables));
      if (value === undefined) continue;
      if (stage === undefined) globals[name] = value;
      // An ENV with that name wins, wherever it occurs.
      else if (!Object.hasOwn(stage.env, name)) variables[name] = value;
      continue;
    }
    if (stage === undefined) continue;
    if (instruction instanceof Env) {
      const values = instruction
        .getProperties()
        .map((property) => [property.getName(), expanded(property.getValue() ?? "")] as const);
      stage.env = { ...stage.env, ...Object.fromEntries(values) };
      Object.assign(variables, stage.env);
    } else if (instruction instanceof Entrypoint) {
      stage.entryPoint = commandLine(instruction);
      // As Docker does: an inherited CMD was meant for the other entry point.
      stage.command = undefined;
    } else if (instruction instanceof Cmd) {
      stage.command = commandLine(instruction);
    } else if (instruction instanceof Copy || instruction.getKeyword() === "ADD") {
      const flags = (instruction as Copy).getFlags();
      const paths = jsonWords(instruction)?.map(expanded) ?? words();
      const destination = paths.pop();
      if (destination === undefined || flags.some((flag) => flag.getName() === "from")) continue;
      stage.copies = [
        ...stage.copies,
        { sources: paths, destination: posix.resolve(stage.workdir, destination) },
      ];
    } else if (instruction.getKeyword() === "WORKDIR") {
      stage.workdir = posix.resolve(stage.workdir, words().join(" "));
    } else if (instruction.getKeyword() === "EXPOSE") {
      stage.ports = [...new Set([...stage.ports, ...words().flatMap(tcpPorts)])];
    }
  }
  return target === undefined ? stage : stages.get(target.toLowerCase());
}

const countOf = (stages: ReadonlyMap<string, Stage>): number => new Set(stages.values()).size;

const copyOf = (base: Stage | undefined): Stage =>
  base === undefined
    ? { ports: [], entryPoint: undefined, command: undefined, env: {}, workdir: "/", copies: [] }
    : { ...base };

function commandLine(instruction: Instruction): CommandLine | undefined {
  const words = jsonWords(instruction);
  if (words === undefined) return { shell: instruction.getArgumentsContent() ?? "" };
  return words.length === 0 ? undefined : { exec: words };
}

/** Docker takes anything but a JSON array of strings as plain words; the result is `undefined` then. */
function jsonWords(instruction: Instruction): string[] | undefined {
  try {
    const words: unknown = JSON.parse(
      (instruction.getArgumentsContent() ?? "").replace(/^(?:--\S+\s+)*/, ""),
    );
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

/** `8080`, `8080/tcp`, `8080-8082`. UDP ports are ignored: an application load balancer cannot use them. */
function tcpPorts(word: string): number[] {
  const match = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/i.exec(word);
  if (match === null || match[3]?.toLowerCase() === "udp") return [];
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (first < 1 || last > 65_535 || last < first) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** `$NAME`, `${NAME}`, `${NAME:-otherwise}` and `${NAME:+instead}`, as in the Dockerfile reference. */
function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\\\$|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (whole, plain?: string, inBraces?: string, operator?: string, word = "") => {
      if (whole === "\\$") return "$";
      const value = variables[plain ?? inBraces ?? ""];
      if (operator === "+") return value ? expand(word as string, variables) : "";
      return operator === "-" && !value ? expand(word as string, variables) : (value ?? "");
    },
  );
}

const unquoted = (word: string): string => /^(["'])(.*)\1$/.exec(word)?.[2] ?? word;
