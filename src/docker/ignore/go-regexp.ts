/**
 * Translates an expression in Go's syntax into one of JavaScript. Patterns of `.dockerignore` become such
 * expressions in Docker, and some characters in them keep the meaning that they have there.
 *
 * Source: Go's regexp/syntax. Throws if Go would not compile it.
 */
export function fromGoRegExp(source: string): RegExp {
  const chars = [...source];
  let out = "";
  let at = 0;
  while (at < chars.length) {
    const char = chars[at]!;
    if (char === "\\") {
      const escape = chars[at + 1];
      out += ASSERTIONS[escape ?? ""] ?? escaped(escape);
      at += 2;
    } else if (char === "[") {
      const { text, next } = characterClass(chars, at + 1);
      out += text;
      at = next;
    } else {
      // A bracket that closes nothing is itself.
      out += char === "]" || char === "/" ? `\\${char}` : char;
      at++;
    }
  }
  return new RegExp(out, "u");
}

const ASSERTIONS: Readonly<Record<string, string>> = { A: "^", z: "$", b: "\\b", B: "\\B" };

/** Go's classes are of ASCII. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "0-9",
  s: "\\t\\n\\f\\r ",
  w: "0-9A-Za-z_",
};

const CONTROLS: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

function escaped(char: string | undefined): string {
  const members = CLASSES[char?.toLowerCase() ?? ""];
  if (members !== undefined) return `[${char === char!.toLowerCase() ? "" : "^"}${members}]`;
  return literal(escapedLiteral(char));
}

/** Only punctuation can be escaped in Go; letters have a meaning. */
function escapedLiteral(char: string | undefined): string {
  if (char !== undefined && /^[!-/:-@[-`{-~]$/.test(char)) return char;
  const control = CONTROLS[char ?? ""];
  if (control === undefined) throw new SyntaxError(`invalid escape \\${char ?? ""}`);
  return control;
}

const literal = (char: string): string =>
  char.replace(/^[\\^$.*+?()[\]{}|/-]$/u, (found) => (found === "-" ? "\\x2D" : `\\${found}`));

/** A class in brackets, from the character after the opening one. */
function characterClass(chars: readonly string[], start: number): { text: string; next: number } {
  let at = start;
  const isNegated = chars[at] === "^";
  if (isNegated) at++;
  let text = "";
  for (let isFirst = true; isFirst || chars[at] !== "]"; isFirst = false) {
    const named = /^\[:(\^?)(\w+):\]/.exec(chars.slice(at, at + 12).join(""));
    const members = named?.[1] === "" ? POSIX[named[2]!] : undefined;
    if (members !== undefined) {
      text += members;
      at += [...named![0]].length;
      continue;
    }
    const escape = chars[at] === "\\" ? chars[at + 1] : undefined;
    if (escape !== undefined && Object.hasOwn(CLASSES, escape)) {
      text += CLASSES[escape]!;
      at += 2;
      continue;
    }
    const low = member(chars, at);
    at = low.next;
    text += literal(low.char);
    if (chars[at] !== "-" || chars[at + 1] === "]" || chars[at + 1] === undefined) continue;
    const high = member(chars, at + 1);
    at = high.next;
    if (high.char.codePointAt(0)! < low.char.codePointAt(0)!)
      throw new SyntaxError(`invalid range ${low.char}-${high.char}`);
    text += `-${literal(high.char)}`;
  }
  return { text: `[${isNegated ? "^" : ""}${text}]`, next: at + 1 };
}

function member(chars: readonly string[], at: number): { char: string; next: number } {
  const char = chars[at];
  if (char === undefined) throw new SyntaxError("missing closing ]");
  return char === "\\" ? { char: escapedLiteral(chars[at + 1]), next: at + 2 } : { char, next: at + 1 };
}
