import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { cutText } from "../../src/report/cut-text.js";
import { textWidth } from "../../src/report/text-width.js";

test.each([
  "",
  "plain text",
  "✓ security-group … ━━ ■□ ⠋ → ⇄ ↻ · │",
  "größer",
  "e\u0301",
  "漢字",
  "ｆｕｌｌ",
  "👍🏽",
  "👨‍👩‍👧‍👦 family",
  "🇫🇷",
  "1️⃣",
  "\x1b[31mred\x1b[39m",
  "한국어",
  "नमस्ते",
])("%j has the width that string-width gives it", (text) => {
  expect(textWidth(text)).toBe(stringWidth(text));
});

test("a text of any characters is as wide as a terminal shows it, and cut to any width", () => {
  const characters = fc.string({
    unit: fc.constantFrom(..."ab ✓…漢字ーé", "👍🏽", "🇫🇷", "e\u0301", "\x1b[31m", "\x1b[39m"),
  });
  fc.assert(
    fc.property(characters, fc.integer({ min: 1, max: 20 }), (text, width) => {
      expect(textWidth(text)).toBe(stringWidth(text));
      const cut = cutText(text, width);
      expect(stringWidth(cut)).toBeLessThanOrEqual(width);
      if (stringWidth(text) <= width) expect(cut).toBe(text);
      else expect(cut).toContain("…");
    }),
  );
});
