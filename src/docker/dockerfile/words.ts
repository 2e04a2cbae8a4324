import { DockerfileError } from "./dockerfile-error.js";
import type { EscapeToken } from "./shell-words.js";

/** Splits at blanks, whatever is quoted: EXPOSE, FROM, COPY. */
export const plainWords = (rest: string): string[] =>
  rest.split(/[\t\v\f\r ]+/).filter((word) => word !== "");

/** Splits at blanks outside of quotes; keeps quotes and escapes: ENV, ARG. */
export function quotedWords(rest: string, escape: EscapeToken): string[] {
  const words: string[] = [];
  const chars = [...rest];
  let word = "";
  let quote = "";
  let isQuoted = false;
  const end = (): void => {
    if (word !== "" || isQuoted) words.push(word);
    [word, quote, isQuoted] = ["", "", false];
  };
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (quote === "" && /\s/u.test(char)) {
      end();
      continue;
    }
    if (char === escape && quote !== "'") {
      // An escape character at the end of the line escapes nothing.
      if (at + 1 < chars.length) word += char + chars[++at]!;
      continue;
    }
    if (quote === "" && (char === '"' || char === "'")) [quote, isQuoted] = [char, true];
    else if (char === quote) quote = "";
    word += char;
  }
  end();
  return words;
}

/** The names and values of ENV: `A=1 B="2 3"`, or the older `A 1 2`. */
export function keyValues(rest: string, escape: EscapeToken): [name: string, value: string][] {
  const words = quotedWords(rest, escape);
  if (words.length === 0) throw new DockerfileError("ENV requires at least one argument");
  if (!words[0]!.includes("=")) {
    const [, name, value] = /^([^\t\v\f\r ]+)[\t\v\f\r ]+([^]*)$/u.exec(rest) ?? [];
    if (name === undefined || value === undefined) throw new DockerfileError("ENV must have two arguments");
    return [[name, value]];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) throw new DockerfileError(`ENV must have the form name=value; got ${word}`);
    if (equals === 0) throw new DockerfileError("ENV has a variable without a name");
    return [word.slice(0, equals), word.slice(equals + 1)];
  });
}
