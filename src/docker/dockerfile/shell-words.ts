import { DockerfileError } from "./dockerfile-error.js";
import { replacePattern, trimPattern } from "./shell-pattern.js";

export type EscapeToken = "\\" | "`";

export interface Lexing {
  /** The escape character: that of the Dockerfile's `escape` directive. */
  readonly escape: EscapeToken;
  readonly variables: ReadonlyMap<string, string>;
  /** True to keep quotes and escapes as they are written. */
  readonly verbatim?: boolean;
  /** True to keep references to variables that are not set. */
  readonly keepUnset?: boolean;
}

/**
 * Replaces variables and removes quotes and escapes, as BuildKit's shell lexer does: quotes as in a POSIX
 * shell, and `${name}` with the modifiers `-`, `+`, `?` (each also with `:`), `#`, `##`, `%`, `%%`, `/`, `//`,
 * whose words are replaced in turn.
 */
export const expandWord = (text: string, lexing: Lexing): string => new Lexer(text, lexing).read().text;

/** Like `expandWord`, split at blanks outside of quotes, also at those of a variable's value. */
export const expandWords = (text: string, lexing: Lexing): string[] => new Lexer(text, lexing).read().words;

const BLANK = /^\s$/u;
const NAME = /^[\p{L}\p{Nd}_]$/u;
const DIGIT = /^\p{Nd}$/u;
/** The special parameters of a POSIX shell, which are never set here. */
const SPECIAL = new Set("@*#?-$!");

class Words {
  readonly #words: string[] = [];
  #word = "";

  get all(): string[] {
    return this.#word === "" ? this.#words : [...this.#words, this.#word];
  }

  /** Adds text that is never split. */
  quoted(text: string): void {
    this.#word += text;
  }

  split(text: string): void {
    for (const char of text) {
      if (!BLANK.test(char)) this.#word += char;
      else if (this.#word !== "") {
        this.#words.push(this.#word);
        this.#word = "";
      }
    }
  }
}

class Lexer {
  readonly #chars: readonly string[];
  readonly #lexing: Lexing;
  #at = 0;
  #keepsEscapes: boolean;

  constructor(text: string, lexing: Lexing) {
    this.#chars = [...text];
    this.#lexing = lexing;
    this.#keepsEscapes = lexing.verbatim ?? false;
  }

  /** Reads up to the stop character, which is consumed, or to the end. */
  read(stop?: string): { readonly text: string; readonly words: string[] } {
    let text = "";
    const words = new Words();
    const add = (part: string, isSplit: boolean): void => {
      text += part;
      if (isSplit) words.split(part);
      else words.quoted(part);
    };
    for (;;) {
      const char = this.#peek();
      if (char === undefined) {
        if (stop === undefined) return { text, words: words.all };
        throw new DockerfileError(`a variable reference is not closed: ${stop} is missing`);
      }
      if (char === stop) {
        this.#at++;
        return { text, words: words.all };
      }
      if (char === "$") add(this.#dollar(), true);
      else if (char === "'") add(this.#singleQuoted(), false);
      else if (char === '"') add(this.#doubleQuoted(), false);
      else if (char === "<") add(this.#less(), false);
      else if (char === this.#lexing.escape) add(this.#escaped(), false);
      else add(this.#next()!, true);
    }
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #next(): string | undefined {
    return this.#chars[this.#at++];
  }

  #escaped(): string {
    const token = this.#next()!;
    const char = this.#next() ?? "";
    return this.#keepsEscapes ? token + char : char;
  }

  /** `<<` and the blanks after it are one word with the name of a heredoc. */
  #less(): string {
    this.#at++;
    if (this.#peek() !== "<") return "<";
    this.#at++;
    let text = "<<";
    while (this.#peek() === " " || this.#peek() === "\t") text += this.#next()!;
    return text;
  }

  #singleQuoted(): string {
    this.#at++;
    const end = this.#chars.indexOf("'", this.#at);
    if (end < 0) throw new DockerfileError("a single quote is not closed");
    const text = this.#chars.slice(this.#at, end).join("");
    this.#at = end + 1;
    return this.#lexing.verbatim ? `'${text}'` : text;
  }

  #doubleQuoted(): string {
    this.#at++;
    let text = "";
    for (;;) {
      const char = this.#peek();
      if (char === undefined) throw new DockerfileError("a double quote is not closed");
      if (char === "$") {
        text += this.#dollar();
        continue;
      }
      this.#at++;
      if (char === '"') return this.#lexing.verbatim ? `"${text}"` : text;
      if (char !== this.#lexing.escape) {
        text += char;
        continue;
      }
      // Only these can be escaped in double quotes.
      const next = this.#peek();
      const isEscape = next === '"' || next === "$" || next === this.#lexing.escape;
      if (this.#keepsEscapes) text += char;
      if (isEscape) text += this.#next()!;
      else if (next !== undefined && !this.#keepsEscapes) text += char;
    }
  }

  #dollar(): string {
    this.#at++;
    if (this.#peek() !== "{") {
      const name = this.#name();
      if (name === "") return "$";
      return this.#value(name) ?? (this.#lexing.keepUnset ? `$${name}` : "");
    }
    this.#at++;
    const first = this.#peek();
    if (first === undefined) throw new DockerfileError("a variable reference is not closed: } is missing");
    if (first === "{" || first === "}" || first === ":")
      throw new DockerfileError("a variable reference has no name");
    const name = this.#name();
    return this.#braced(name, this.#next() ?? "");
  }

  /** `${name…}`, after the name. */
  #braced(name: string, operator: string): string {
    const value = this.#value(name);
    const isKept = value === undefined && this.#lexing.keepUnset === true;
    if (operator === "}") return isKept ? `\${${name}}` : (value ?? "");
    if (operator === "/") return this.#replaced(name, value, isKept);
    const isEmptyUnset = operator === ":";
    const modifier = isEmptyUnset ? (this.#next() ?? "") : operator;
    const written = isEmptyUnset ? `:${modifier}` : modifier;
    if (!/^[-+?#%]$/.test(modifier))
      throw new DockerfileError(`BuildKit does not support the modifier ${written} of \${${name}}`);
    const isPattern = modifier === "#" || modifier === "%";
    const word = this.#word("}", isPattern);
    if (isKept) return `\${${name}${written}${word}}`;
    const isUnset = value === undefined || (isEmptyUnset && value === "");
    if (modifier === "-") return isUnset ? word : value;
    if (modifier === "+") return isUnset ? "" : word;
    if (modifier === "?") {
      if (!isUnset) return value;
      throw new DockerfileError(
        `the variable ${name} is required: ${word || (value === "" ? "it is empty" : "it is not set")}`,
      );
    }
    return trimPattern(value ?? "", word, modifier as "#" | "%");
  }

  /** `${name/pattern/replacement}` and `${name//pattern/replacement}`. */
  #replaced(name: string, value: string | undefined, isKept: boolean): string {
    const isGlobal = this.#peek() === "/";
    if (isGlobal) this.#at++;
    const pattern = this.#word("/", true);
    const replacement = this.#word("}", true);
    if (isKept) return `\${${name}/${pattern}/${replacement}}`;
    return replacePattern(value ?? "", { pattern, replacement, isGlobal });
  }

  #word(stop: string, keepsEscapes: boolean): string {
    const before = this.#keepsEscapes;
    this.#keepsEscapes = keepsEscapes;
    const { text } = this.read(stop);
    this.#keepsEscapes = before;
    return text;
  }

  #name(): string {
    const first = this.#peek();
    if (first === undefined) return "";
    if (SPECIAL.has(first)) return this.#next()!;
    // `$10` is the parameter 10, and `$1a` the parameter 1.
    const allowed = DIGIT.test(first) ? DIGIT : NAME;
    let name = "";
    while (allowed.test(this.#peek() ?? "")) name += this.#next()!;
    return name;
  }

  #value(name: string): string | undefined {
    return this.#lexing.variables.get(name);
  }
}
