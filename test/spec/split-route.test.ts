import { expect, test } from "vitest";
import { splitRoute, wildcardsIn } from "../../src/spec/split-route.js";

const letters = (count: number, make: (letter: string) => string) =>
  Array.from({ length: count }, (_, index) => make(String.fromCharCode(97 + index)));

test("a route that fits into one rule is not split", () => {
  const route = { path: ["/b", "/a*"], host: ["x.com", "y.com", "z.com"] };
  expect(splitRoute(route)).toEqual([route]);
});

test.each([
  { path: letters(12, (letter) => `/${letter}`), host: [], rules: 3 },
  { path: letters(7, (letter) => `/${letter}*`), host: ["x.com", "y.com"], rules: 3 },
  { path: ["/*"], host: letters(9, (letter) => `${letter}.com`), rules: 3 },
  { path: letters(4, (letter) => `/*${letter}*`), host: ["*.com"], rules: 2 },
  { path: letters(6, (letter) => `/${letter}`), host: letters(6, (letter) => `${letter}.com`), rules: 6 },
])("$path.length paths and $host.length hosts take $rules rules", ({ path, host, rules }) => {
  const parts = splitRoute({ path, host });
  expect(parts).toHaveLength(rules);
  for (const part of parts) {
    expect(part.path.length + part.host.length).toBeLessThanOrEqual(5);
    expect(wildcardsIn([...part.path, ...part.host])).toBeLessThanOrEqual(6);
  }
  // Every host with every path, each once.
  const pairs = (parts: readonly { path: readonly string[]; host: readonly string[] }[]) =>
    parts.flatMap((part) =>
      part.path.flatMap((one) =>
        (part.host.length === 0 ? [""] : part.host).map((other) => `${other}${one}`),
      ),
    );
  expect(pairs(parts).sort()).toEqual(pairs([{ path, host }]).sort());
});

test("the order of a route's patterns does not change its rules", () => {
  const path = letters(12, (letter) => `/${letter}`);
  expect(splitRoute({ path: [...path].reverse(), host: [] })).toEqual(splitRoute({ path, host: [] }));
});
