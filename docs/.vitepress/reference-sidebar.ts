import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const reference = fileURLToPath(new URL("../reference/", import.meta.url));

/** The generated pages of both entries, by their folders. */
export const referenceSidebar = (): DefaultTheme.SidebarItem[] =>
  ["quayside", "quayside/local"].map((entry) => ({
    text: entry,
    link: `/reference/${entry}/`,
    items: FOLDERS.flatMap(([folder, text]) => {
      const names = namesIn(`${reference}${entry}/${folder}`);
      const items = names.map((name) => ({ text: name, link: `/reference/${entry}/${folder}/${name}` }));
      return items.length === 0 ? [] : [{ text, collapsed: true, items }];
    }),
  }));

const FOLDERS = [
  ["functions", "Functions"],
  ["variables", "Chains"],
  ["classes", "Errors"],
  ["interfaces", "Interfaces"],
  ["type-aliases", "Types"],
] as const;

const namesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".md"))
        .map((file) => file.slice(0, -3))
        .sort()
    : [];
