import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SiteConfig } from "vitepress";
import { regionsOf } from "../generate/regions.js";

/** Writes every page as Markdown beside its HTML, and `llms.txt`, which lists them for language models. */
export async function writeMarkdown({ pages, srcDir, outDir, site }: SiteConfig): Promise<void> {
  const lines: string[] = [];
  for (const page of pages) {
    const text = await complete(
      await readFile(path.join(srcDir, page), "utf8"),
      path.join(srcDir, page),
      srcDir,
    );
    const target = path.join(outDir, page);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
    const title = /^# (.+)$/m.exec(text)?.[1] ?? page;
    if (!/^reference\/quayside\//.test(page)) lines.push(`- [${title}](${site.base}${page})`);
  }
  const intro = `# ${site.title}\n\n> ${site.description}\n\nEvery page is also Markdown: its address, with \`.md\`.\n\n`;
  await writeFile(path.join(outDir, "llms.txt"), `${intro}## Pages\n\n${lines.sort().join("\n")}\n`);
}

/** The page with its snippets and includes, without its front matter. */
async function complete(text: string, file: string, srcDir: string): Promise<string> {
  const body = text.replace(/^---\n[^]*?\n---\n+/, "");
  const included = await replaced(body, /^<!--@include: (\S+)-->$/gm, ([, source = ""]) =>
    readFile(path.resolve(path.dirname(file), source), "utf8"),
  );
  return replaced(included, /^<<< @\/([^#\s]+)#([\w-]+)$/gm, async ([, source = "", region = ""]) => {
    const code = regionsOf(await readFile(path.join(srcDir, source), "utf8"), [region]);
    return `\`\`\`ts\n${code}\n\`\`\``;
  });
}

async function replaced(
  text: string,
  pattern: RegExp,
  by: (match: RegExpExecArray) => Promise<string>,
): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), await by(match));
    end = match.index + match[0].length;
  }
  return parts.join("") + text.slice(end);
}
