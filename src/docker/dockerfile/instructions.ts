import { DockerfileError, atLine } from "./dockerfile-error.js";
import { heredocsOf } from "./heredocs.js";
import type { EscapeToken } from "./shell-words.js";

/** One instruction, with its continuation lines joined. */
export interface Instruction {
  /** The first line, counted from 1. */
  readonly line: number;
  /** In capitals. */
  readonly keyword: string;
  /** The words that begin with `--`, without quotes. */
  readonly flags: readonly string[];
  /** Everything after the flags. */
  readonly rest: string;
  /** The words, if `rest` is a JSON array of strings. */
  readonly json: readonly string[] | undefined;
}

export interface ParsedDockerfile {
  readonly instructions: readonly Instruction[];
  readonly escape: EscapeToken;
}

const KEYWORDS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);
const DIRECTIVES = new Set(["syntax", "escape", "check"]);
const MAYBE_JSON = new Set("ADD CMD COPY ENTRYPOINT HEALTHCHECK RUN SHELL VOLUME".split(" "));
const WITH_HEREDOCS = new Set(["ADD", "COPY", "RUN"]);

/** Splits a Dockerfile into its instructions, as BuildKit's parser does. */
export function parseInstructions(text: string): ParsedDockerfile {
  // A byte order mark is not part of the first line.
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  if (lines.at(-1) === "") lines.pop();
  const { escape, knowsAll } = parseDirectives(lines);
  const instructions: Instruction[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = at + 1;
    let { text: joined, continues } = continuation(withoutComment(lines[at++]!.trimStart()), escape);
    if (!continues && joined === "") continue;
    while (continues && at < lines.length) {
      const raw = lines[at++]!;
      // Comments and blank lines within an instruction are skipped.
      if (/^\s*(?:#|$)/u.test(raw)) continue;
      const next = continuation(raw, escape);
      joined += next.text;
      ({ continues } = next);
    }
    const instruction = atLine(line, () => parseInstruction(joined, line));
    if (knowsAll && !KEYWORDS.has(instruction.keyword))
      throw new DockerfileError(`the instruction ${instruction.keyword} is unknown`, line);
    if (knowsAll || KEYWORDS.has(instruction.keyword)) instructions.push(instruction);
    at = atLine(line, () => afterHeredocs(instruction, joined, lines, at));
  }
  return { instructions, escape };
}

/** `# escape=` and others, which are read only before everything else, even before other comments. */
function parseDirectives(lines: readonly string[]): { escape: EscapeToken; knowsAll: boolean } {
  const found = new Map<string, string>();
  for (const [index, raw] of lines.entries()) {
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/u.exec(raw.trim());
    const name = match?.[1]!.toLowerCase() ?? "";
    if (!DIRECTIVES.has(name)) break;
    if (found.has(name)) throw new DockerfileError(`the directive ${name} occurs twice`, index + 1);
    found.set(name, match![2]!);
  }
  const escape = found.get("escape") ?? "\\";
  if (escape !== "\\" && escape !== "`")
    throw new DockerfileError(`the directive escape must be \\ or \`; got ${escape}`, 1);
  // Another frontend may know other instructions.
  const syntax = found.get("syntax");
  return { escape, knowsAll: syntax === undefined || /^(?:docker\.io\/)?docker\/dockerfile\b/.test(syntax) };
}

const withoutComment = (line: string): string => (line.startsWith("#") ? "" : line);

/** A line continues if its last character, before blanks, is a single escape character. */
function continuation(raw: string, escape: EscapeToken): { text: string; continues: boolean } {
  const line = raw.replace(/[\r\n]+$/, "");
  const text = line.replace(/[ \t]+$/, "");
  const continues = text.endsWith(escape) && !text.endsWith(escape + escape);
  return { text: continues ? text.slice(0, -1) : line, continues };
}

function parseInstruction(text: string, line: number): Instruction {
  const [, keyword = "", after = ""] = /^(\S+?)(?:[\t\v\f\r ]+([^]*))?$/u.exec(text.trim()) ?? [];
  const { flags, rest } = splitFlags(after);
  const name = keyword.toUpperCase();
  return { line, keyword: name, flags, rest, json: MAYBE_JSON.has(name) ? jsonWords(name, rest) : undefined };
}

/** Reads the instruction that an ONBUILD holds back. */
export const triggerOf = ({ rest, line }: Instruction): Instruction => parseInstruction(rest, line);

/** The words at the start that begin with `--`. Quotes and backslashes are removed. */
function splitFlags(text: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text.trim();
  while (rest.startsWith("--")) {
    const [written] = /^(?:\\[^]|"(?:\\[^]|[^"\\])*"?|'(?:\\[^]|[^'\\])*'?|[^\s"'\\])*\\?/u.exec(rest)!;
    rest = rest.slice(written.length).trimStart();
    const flag = written.replace(/\\([^])|["']|\\$/gu, "$1");
    if (flag === "--") break;
    flags.push(flag);
  }
  return { flags, rest };
}

/** Docker reads anything but a JSON array as plain words. */
function jsonWords(keyword: string, rest: string): readonly string[] | undefined {
  // HEALTHCHECK CMD ["curl", "localhost"]
  const text = keyword === "HEALTHCHECK" ? rest.replace(/^\S+\s*/u, "") : rest;
  if (!text.startsWith("[")) return undefined;
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!(words as unknown[]).every((word) => typeof word === "string"))
    throw new DockerfileError(`the JSON array of ${keyword} must contain only strings`);
  return words as string[];
}

/** The index of the line after the heredocs of an instruction. */
function afterHeredocs(
  instruction: Instruction,
  text: string,
  lines: readonly string[],
  start: number,
): number {
  const { keyword, json } = instruction.keyword === "ONBUILD" ? triggerOf(instruction) : instruction;
  if (!WITH_HEREDOCS.has(keyword) || json !== undefined || !text.includes("<<")) return start;
  let at = start;
  for (const { name, isIndented } of heredocsOf(text)) {
    const end = lines.findIndex((raw, index) => {
      const line = raw.replace(/\r+$/, "");
      return index >= at && (isIndented ? line.replace(/^\t+/, "") : line) === name;
    });
    if (end < 0) throw new DockerfileError(`the heredoc ${name} is not closed`);
    at = end + 1;
  }
  return at;
}
