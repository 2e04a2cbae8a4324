import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A page of the documentation as it is written. */
export interface Page {
  /** Below `docs`: `guides/ci.md`. */
  readonly file: string;
  readonly text: string;
}

const DOCS = "docs";

export function markdownFiles(): readonly Page[] {
  return readdirSync(DOCS, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => file.endsWith(".md") && !file.startsWith(".vitepress/"))
    .sort()
    .map((file) => ({ file, text: readFileSync(path.join(DOCS, file), "utf8") }));
}

/** False for the pages that `npm run docs` makes from the sources. */
export const withoutGenerated = ({ file }: Page): boolean =>
  !file.startsWith("reference/") && !/^troubleshooting\/(?:errors|diagnoses)\.md$/.test(file);
