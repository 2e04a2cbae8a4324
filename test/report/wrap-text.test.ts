import { expect, test } from "vitest";
import { wrapText } from "../../src/report/wrap-text.js";

test.each([
  ["", [""]],
  ["one two three", ["one two", "three"]],
  ["exactly 10", ["exactly 10"]],
  ["abcdefghijklmno pq", ["abcdefghij", "klmno pq"]],
  ["to abcdefghijklmno", ["to", "abcdefghij", "klmno"]],
  ["    at run", ["    at run"]],
])("%j in rows of ten", (text, rows) => {
  expect(wrapText(text, 10)).toEqual(rows);
});

test("text without a width is one row", () => {
  expect(wrapText("a b ".repeat(1000), Infinity)).toHaveLength(1);
});
