/** A word that only a shell understands, on its own. */
const OPERATOR = /^(?:\|\|?|&&?|;|\d*>{1,2}|\d*>&\d|<|!)$/;
const VARIABLE = /\$(?:[A-Za-z_]|[{(])|`/;
const SHELL = /^(?:\/\S*\/)?(?:a|ba|da|k|z)?sh$/;

/**
 * Why a health check in ECS's format can never pass, as the end of a sentence; `undefined` if it may pass. ECS
 * gives it to Docker, which runs the words of `CMD` as they are, and the one line of `CMD-SHELL` with a shell.
 */
export function healthCommandProblem(command: readonly string[]): string | undefined {
  const [form, ...words] = command;
  return form === "CMD-SHELL" ? lineProblem(words) : wordsProblem(words);
}

function lineProblem([line = "", ...others]: readonly string[]): string | undefined {
  if (line.trim() === "" || others.length > 0) return 'must have exactly one line after "CMD-SHELL"';
  if (/^\s*(?:CMD(?:-SHELL)?|NONE)(?:[\s,]|$)/.test(line) || /^\s*\[\s*"/.test(line))
    return 'must be the command line itself, without "CMD", "CMD-SHELL" or brackets';
  // Whatever comes before it does not matter, unless it skips the exit.
  if (
    /(?:^|;)\s*exit\s+[1-9]\d*\s*;?\s*$/.test(line) &&
    !/\|\||&&|\bif\b|\bexit\s+0\b|\b(?:while|until|case)\b/.test(line)
  )
    return "always ends with an error code: write || before exit";
  return undefined;
}

function wordsProblem(words: readonly string[]): string | undefined {
  const [program = ""] = words;
  if (program.trim() === "") return "must name a program";
  if (/^(?:cmd|cmd-shell|none)$/i.test(program)) return `must name a program instead of ${program}`;
  if (/\s/.test(program))
    return "must have one word per string, or be a shell command line: a string instead of an array";
  // The words of sh -c "…" are a shell's.
  if (SHELL.test(program) && words.some((word) => /^-[a-z]*c$/.test(word))) return undefined;
  const shellWord = words.find((word) => OPERATOR.test(word) || VARIABLE.test(word));
  return shellWord === undefined
    ? undefined
    : `must be a shell command line, a string instead of an array, because only a shell understands ${shellWord}`;
}
