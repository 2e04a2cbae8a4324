/** Values that a program without types passes by mistake, each with its name in a failure. */
export const HOSTILE: readonly (readonly [name: string, value: unknown])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
  ["-1", -1],
  ["0.5", 0.5],
  ["1e21", 1e21],
  ["2^53", 2 ** 53],
  ["1n", 1n],
  ["a symbol", Symbol("hostile")],
  ["an empty string", ""],
  ["a space", " "],
  ["a NUL", "\0"],
  ["an escape sequence", "\u001B[31mred\r\n"],
  ["a lone surrogate", "\uD800"],
  ["emoji", "🚢".repeat(40)],
  ["1 MB", "a".repeat(1_000_000)],
  ["50 kB of dashes", "-".repeat(50_000)],
  ["50 kB of dots", "a.".repeat(25_000)],
  ["50 kB of slashes", "/".repeat(50_000)],
  ["50 kB of spaces", " ".repeat(50_000)],
  ["50 kB of digits", "1".repeat(50_000)],
  ["99999d", "99999d"],
  ["999999999d", "999999999d"],
  ["0s", "0s"],
  ["-1s", "-1s"],
  ["a February date", "at(2031-02-30T00:00:00)"],
  ["a past date", "at(1999-12-31T00:00:00)"],
  ["a February cron", "cron(0 0 30 2 ? *)"],
  ["a Windows path", "C:\\talks\\talk-service"],
  ["a drive alone", "C:\\"],
  ["a share", "\\\\server\\talks"],
  ["a directory that is not there", "./not-there"],
  ["a directory above", "../../../../../../../.."],
  ["__proto__", "__proto__"],
  ["constructor", "constructor"],
  ["toString", "toString"],
  ["[object Object]", "[object Object]"],
  ["an ARN", "arn:aws:::::"],
  ["a template", "${aws:username}"],
  ["a boxed string", new String("talk-service")],
  ["a boxed number", new Number(8080)],
  ["a function", () => "hostile"],
  ["a class", class Hostile {}],
  ["an instance", new (class Hostile {})()],
  ["a date", new Date(0)],
  ["an invalid date", new Date(Number.NaN)],
  ["a file URL", new URL("file:///not/there")],
  ["a file URL of a host", new URL("file://server/talks")],
  ["a file URL with %2F", new URL("file:///a%2Fb")],
  ["a file URL with %00", new URL("file:///a%00b")],
  ["a web URL", new URL("https://example.com/talk")],
  ["a regular expression", /hostile/],
  ["a map", new Map([["a", 1]])],
  ["a set", new Set([1])],
  ["bytes", new Uint8Array(8)],
  ["a promise", Promise.resolve("talk-service")],
  ["an error", new Error("hostile")],
  ["an empty array", []],
  ["an array of nothing", [undefined]],
  ["an array with holes", new Array(3)],
  ["an array of null", [null]],
  ["an array of NaN", [Number.NaN]],
  ["an array of arrays", [[[]]]],
  ["20,000 items", new Array<string>(20_000).fill("a")],
  ["an empty object", {}],
  ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
  ["an object that is no text", { toString: null, valueOf: null }],
  ["own __proto__", JSON.parse('{"__proto__": {"polluted": true}}')],
  ["an object of null", { a: null }],
  ["an object of NaN", { a: Number.NaN }],
  ["an object of a symbol", { a: Symbol("hostile") }],
  ["an object with an empty key", { "": "a" }],
  ["an object with a key of 100 kB", { ["k".repeat(100_000)]: "a" }],
  ["an object with toJSON", { toJSON: () => 1n }],
  ["a cyclic object", cyclicObject()],
  ["a cyclic array", cyclicArray()],
  ["an object 20,000 deep", nested((inside) => ({ a: inside }))],
  ["an array 20,000 deep", nested((inside) => [inside])],
];

function cyclicObject(): unknown {
  const cycle: Record<string, unknown> = { a: "a" };
  cycle["self"] = cycle;
  return cycle;
}

function cyclicArray(): unknown {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  return cycle;
}

function nested(wrap: (inside: unknown) => unknown): unknown {
  let value: unknown = "deep";
  for (let depth = 0; depth < 20_000; depth++) value = wrap(value);
  return value;
}

type Path = readonly (string | number)[];

/** Every place in the arguments of a call, the arguments themselves included. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : isPlain(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => [[...path, key], ...placesIn(item, [...path, key])]);
}

/** The same arguments with another value at one place. */
export function replaced(value: unknown, [key, ...rest]: Path, hostile: unknown): unknown {
  if (key === undefined) return hostile;
  if (Array.isArray(value))
    return value.map((item, at) => (at === key ? replaced(item, rest, hostile) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, hostile) };
}

export const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
