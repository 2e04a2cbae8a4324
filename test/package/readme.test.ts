import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { regionsOf } from "../../docs/generate/regions.js";

const readme = readFileSync("README.md", "utf8");
const { homepage } = JSON.parse(readFileSync("package.json", "utf8")) as { homepage: string };

/** `<!-- docs/snippets/first.ts#chain,deploy -->` stands before the block that is made of these regions. */
const BLOCK = /<!-- (\S+)#([\w,-]+) -->\n\n```ts\n[^]*?```/g;

test("the README's code is that of the snippets that tests run", async () => {
  const expected = readme.replaceAll(BLOCK, (_, file: string, regions: string) => {
    const code = regionsOf(readFileSync(file, "utf8"), regions.split(","));
    return `<!-- ${file}#${regions} -->\n\n\`\`\`ts\n${code}\n\`\`\``;
  });
  await expect(expected).toMatchFileSnapshot("../../README.md");
});

test("every block of TypeScript in the README names its snippet", () => {
  const blocks = [...readme.matchAll(/```(?:ts|typescript|js)\n/g)].length;
  expect(blocks).toBeGreaterThan(2);
  expect([...readme.matchAll(BLOCK)].length).toBe(blocks);
});

test("the README's links lead to files, to its own headings and to pages of the documentation", () => {
  const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => `#${slug(title)}`);
  const isAlive = (link: string): boolean => {
    if (link.startsWith("#")) return headings.includes(link);
    if (!link.startsWith(homepage)) return link.startsWith("https://") || existsSync(link);
    const [page = ""] = link.slice(homepage.length + 1).split("#");
    const name = page === "" || page.endsWith("/") ? `${page}index` : page;
    return page === "reference/" || existsSync(path.join("docs", `${name}.md`));
  };
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((link) => !isAlive(link))).toEqual([]);
});

test("the README's first success is on its first screen", () => {
  const lines = readme.split("\n").slice(0, 40).join("\n");
  for (const needed of ["npm install quayside", ".deploy(", "npm start"]) expect(lines).toContain(needed);
});

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
