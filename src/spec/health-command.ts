/** A word that only a shell understands, on its own. */
const OPERATOR = /^(?:\|\|?|&&?|;|\d*>{1,2}(?:&\d|[^=\s]\S*)?|<|!)$/;
/** An array of words in a string; a test, such as `[ "$(cat /state)" = ok ]`, is none. */
const ARRAY = /^\s*\[\s*(["'])[^"']*\1\s*,|^\s*\[["'].*["']\]\s*$/;
const VARIABLE = /\$(?:[A-Za-z_]|[{(])|`/;
/** A program that runs code from its arguments, and the options before the code. */
const INTERPRETER =
  /^(?:\S*\/)?(?:(?:a|ba|da|k|z)?sh|node(?:js)?|deno|bun|python[\d.]*|perl|ruby|php|pwsh|powershell)$/i;
const CODE = /^(?:-[a-z]*[ceprE]|--(?:eval|print)|-command|eval)$/i;

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
  if (/^\s*(?:CMD(?:-SHELL)?|NONE)(?:[\s,]|$)/.test(line) || ARRAY.test(line))
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
  const interpreter = words.findIndex((word) => INTERPRETER.test(word));
  const code = words.findIndex((word, index) => interpreter >= 0 && index > interpreter && CODE.test(word));
  // What follows sh -c or node -e is code.
  const plain = code < 0 ? words : words.slice(0, code);
  const shellWord = plain.find((word) => OPERATOR.test(word) || VARIABLE.test(word));
  return shellWord === undefined
    ? undefined
    : `must be a shell command line, a string instead of an array, because only a shell understands ${shellWord}`;
}
