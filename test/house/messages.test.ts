import { expect, test } from "vitest";
import { messageTexts } from "./message-texts.js";

const messages = messageTexts();

test("the page of all messages shows every change of wording", async () => {
  const page = [...messages].map(
    ([file, texts]) => `## ${file}\n\n${texts.map((text) => `- ${text}`).join("\n")}\n`,
  );
  await expect(
    `# Every message of the library\n\nGenerated from the sources; \`{…}\` is a value.\n\n${page.join("\n")}`,
  ).toMatchFileSnapshot("messages.md");
});

test("no message speaks of somebody, of what is gone, or says so", () => {
  const riddles =
    /\b(?:somebody|nobody|whoever|gone|he|his)\b|\bso\b(?! (?:that|far|many|long)\b)(?<!, so\b)/i;
  const found = [...messages].flatMap(([file, texts]) =>
    texts.filter((text) => riddles.test(text)).map((text) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});
